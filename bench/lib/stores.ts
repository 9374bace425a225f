import { startEngines } from '@bellwether/engines';
import { migrateRecords, openRecords, type Records } from '@bellwether/records';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchStores {
  warehouse: Warehouse;
  records: Records;
  warehouseUrl: string;
  recordsUrl: string;
  /** An empty folder of this benchmark's own. */
  folder: string;
}

/** Runs `use` with a pair of embedded engines of its own, migrated and empty, and takes all away afterwards. */
export async function withStores<T>(use: (stores: BenchStores) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
  const engines = await startEngines({ dataFolder: join(folder, 'data') });
  const { warehouseUrl, recordsUrl } = engines;
  const warehouse = new Warehouse({ url: warehouseUrl });
  const records = openRecords({ url: recordsUrl });
  try {
    await migrate(warehouse);
    await migrateRecords(records);
    return await use({ warehouse, records, warehouseUrl, recordsUrl, folder });
  } finally {
    await warehouse.close();
    await records.destroy();
    await engines.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
