import { identifier, type Warehouse } from '@bellwether/warehouse';
import type { Block } from '../file/block.ts';

/**
 * Makes the table that a file's records go to as text. A block that was inserted already changes nothing, by its token:
 * only the last one can come twice. Each block is on disk before the import says so.
 */
export async function createStaging(warehouse: Warehouse, table: string, columns: number): Promise<void> {
  const cells = Array.from({ length: columns }, (_, place) => `c${place} String`);
  await warehouse.command(
    `CREATE TABLE IF NOT EXISTS ${identifier(table)}
     (line UInt64, fault LowCardinality(String), fault_detail String, fault_raw String, ${cells.join(', ')})
     ENGINE = MergeTree ORDER BY line
     SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1`,
  );
}

export async function stageBlock(
  warehouse: Warehouse,
  table: string,
  token: string,
  block: Block,
): Promise<void> {
  await warehouse.insertBytes(`INSERT INTO ${identifier(table)} FORMAT TabSeparated`, block.body, {
    token: `${token}:${block.index}`,
  });
}

export async function hasTable(warehouse: Warehouse, table: string): Promise<boolean> {
  const { n } = await warehouse.one<{ n: number }>(
    'SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
    { table },
  );
  return n > 0;
}

export async function dropTables(warehouse: Warehouse, ...tables: readonly string[]): Promise<void> {
  for (const table of tables) await warehouse.command(`DROP TABLE IF EXISTS ${identifier(table)} SYNC`);
}
