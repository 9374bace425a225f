import { clickhouseTime, identifier, type Warehouse } from '@bellwether/warehouse';
import type { OnProgress } from '@bellwether/contracts';
import { IMPORTERS } from '../kinds/index.ts';
import { dropTables } from './staging.ts';
import type { Load, Outcome } from './ready.ts';

/** Lines of the file whose rows are inserted as one block. */
const CHUNK = 250_000;

/**
 * One block for each chunk and partition, whatever its size: a chunk that was inserted before, by an attempt that died,
 * is then known by its token as a whole.
 */
const ONE_BLOCK = {
  insert_deduplicate: 1,
  max_insert_threads: '1',
  min_insert_block_size_rows: '2000000',
  min_insert_block_size_bytes: '0',
  max_partitions_per_insert_block: '0',
} as const;

/**
 * Inserts the rows that are new into the target and those that were refused into the quarantine. Repeated, from
 * wherever it stopped, it comes to the same: what is there already is left out (`told` is made anew by each attempt),
 * and what an attempt that died is still inserting is kept out by the chunk's token.
 */
export async function publish(
  warehouse: Warehouse,
  load: Load,
  outcome: Outcome,
  work: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined } = {},
): Promise<void> {
  for (let from = 0; from < outcome.last_line; from += CHUNK) {
    await insertRows(warehouse, load, from, work.signal);
    const done = Math.min(outcome.last_line, from + CHUNK);
    work.onProgress?.({ done, total: outcome.last_line, unit: 'rows', step: 'import.publish' });
  }
}

async function insertRows(
  warehouse: Warehouse,
  load: Load,
  from: number,
  signal?: AbortSignal,
): Promise<void> {
  const { target, columns } = IMPORTERS[load.kind];
  await warehouse.command(
    `INSERT INTO ${identifier(target)} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM ${load.tables.ready}
     WHERE line > {from:UInt64} AND line <= {to:UInt64} AND told = 'new' ORDER BY line`,
    { from, to: from + CHUNK },
    { ...ONE_BLOCK, insert_deduplication_token: `${load.token}:${from}` },
    signal,
  );
}

/** Keeps the refused lines with their reasons, each once. */
export async function quarantine(warehouse: Warehouse, load: Load, outcome: Outcome): Promise<void> {
  for (let from = 0; from < outcome.last_line && outcome.refused > 0; from += CHUNK) {
    await warehouse.command(
      `INSERT INTO quarantine SELECT concat({import_id:String}, ':', toString(line)) AS id, 'import' AS source,
         {import_id:String} AS import_id, line, reason, detail, raw, {at:DateTime64(3, 'UTC')} AS at
       FROM ${load.tables.ready}
       WHERE line > {from:UInt64} AND line <= {to:UInt64} AND told = 'refused'
         AND id NOT IN (SELECT quarantine.id FROM quarantine WHERE quarantine.import_id = {import_id:String})
       ORDER BY line`,
      { import_id: load.importId, at: clickhouseTime(load.now), from, to: from + CHUNK },
      { ...ONE_BLOCK, insert_deduplication_token: `${load.token}:quarantine:${from}` },
    );
  }
}

export async function dropWork(warehouse: Warehouse, { tables }: Load): Promise<void> {
  await dropTables(warehouse, tables.ready, tables.staging);
}
