import { sql, type Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';

const TABLES: Readonly<Record<string, string>> = {
  duplicates_people: `(n UInt32, customer_id String, email String, mailbox String, domain String, phone String,
    phone_end String, parts Array(String), latin String, sound String, holders UInt32, city_key String,
    age Nullable(Int16), gender LowCardinality(String), country LowCardinality(String)) ENGINE = MergeTree ORDER BY n`,
  duplicates_candidates: '(left UInt32, right UInt32) ENGINE = MergeTree ORDER BY (left, right)',
  duplicates_compared: '(left UInt32, right UInt32, pattern UInt32) ENGINE = MergeTree ORDER BY tuple()',
};

/** Empty tables to work in; what a run that died left behind goes first. */
export async function makeTables(warehouse: Warehouse): Promise<void> {
  await dropTables(warehouse);
  for (const [name, shape] of Object.entries(TABLES))
    await warehouse.command(`CREATE TABLE ${name} ${shape}`);
}

export async function dropTables(warehouse: Warehouse): Promise<void> {
  for (const name of Object.keys(TABLES)) await warehouse.command(`DROP TABLE IF EXISTS ${name}`);
}

/** One run at a time among all processes on these records; a second waits. A crash lets go. */
export async function alone<T>(records: Records, work: () => Promise<T>): Promise<T> {
  return records.connection().execute(async connection => {
    await sql`SELECT pg_advisory_lock(hashtext('duplicates'))`.execute(connection);
    try {
      return await work();
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtext('duplicates'))`.execute(connection);
    }
  });
}
