import { SteppedClock, type Milliseconds } from '@bellwether/contracts';
import { migrateRecords, openRecords, sql, type Records } from '@bellwether/records';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

const freshName = (): string => `test_${randomBytes(6).toString('hex')}`;

/** The URL of a warehouse database of this test's own, empty and without tables. */
export async function freshWarehouseUrl(): Promise<string> {
  const database = freshName();
  const server = new Warehouse({ url: inject('warehouseUrl') });
  await server.command('CREATE DATABASE {database:Identifier}', { database });
  await server.close();
  const url = new URL(inject('warehouseUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** The URL of a records database of this test's own, empty and without tables. */
export async function freshRecordsUrl(): Promise<string> {
  const database = freshName();
  const server = openRecords({ url: inject('recordsUrl'), connections: 1 });
  await sql`CREATE DATABASE ${sql.id(database)}`.execute(server);
  await server.destroy();
  const url = new URL(inject('recordsUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** A warehouse with every migration applied and nothing in it. Close it after use. */
export async function freshWarehouse(): Promise<Warehouse> {
  const warehouse = new Warehouse({ url: await freshWarehouseUrl() });
  await migrate(warehouse);
  return warehouse;
}

/** Records with every migration applied and nothing in them. `destroy()` them after use. */
export async function freshRecords(): Promise<Records> {
  const records = openRecords({ url: await freshRecordsUrl() });
  await migrateRecords(records);
  return records;
}

/** What a stage works on, fresh, with a clock that stands at `now`. */
export async function freshStores(
  now: Milliseconds,
): Promise<{ warehouse: Warehouse; records: Records; clock: SteppedClock }> {
  return { warehouse: await freshWarehouse(), records: await freshRecords(), clock: new SteppedClock(now) };
}

export async function closeStores(stores: { warehouse: Warehouse; records: Records }): Promise<void> {
  await stores.warehouse.close();
  await stores.records.destroy();
}
