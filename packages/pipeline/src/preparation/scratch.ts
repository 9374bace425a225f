import { sql, type Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import type { Readable } from 'node:stream';

/**
 * Memory stays flat whatever the table: what sorts, groups or joins beyond half a gigabyte goes to disk. Dirty dates may
 * fall into any number of years, and each year is a partition.
 */
export const BOUNDED = {
  max_bytes_before_external_sort: '536870912',
  max_bytes_before_external_group_by: '536870912',
  max_partitions_per_insert_block: '0',
  do_not_merge_across_partitions_select_final: 1,
  optimize_read_in_window_order: 1,
} as const;

/** A query under those settings. */
export function bounded(query: string): string {
  const settings = Object.entries(BOUNDED).map(([name, value]) => `${name} = ${value}`);
  return `${query} SETTINGS ${settings.join(', ')}`;
}

/** The tables that preparation rebuilds; each is built beside the old one and put in its place at one instant. */
export const TRUSTED = ['identity', 'prepared_order_lines', 'customers'] as const;
export type Trusted = (typeof TRUSTED)[number];

/** The table under construction. */
export const next = (table: Trusted): string => `${table}_next`;

const MATCHES = 'return_matches_next';
const PEOPLE = 'people_next';
/** Tables that only serve the building: returns with their sales, ids with their people. */
export const SCRATCH = { matches: MATCHES, people: PEOPLE } as const;

/** Runs alone among all processes on these records; a second caller waits. A crash lets go. */
export async function alone<T>(records: Records, work: () => Promise<T>): Promise<T> {
  return records.connection().execute(async connection => {
    await sql`SELECT pg_advisory_lock(hashtext('preparation'))`.execute(connection);
    try {
      return await work();
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtext('preparation'))`.execute(connection);
    }
  });
}

/** Empty tables to build in; what a run that died left behind goes first. */
export async function openScratch(warehouse: Warehouse): Promise<void> {
  await dropScratch(warehouse);
  for (const table of TRUSTED) await warehouse.command(`CREATE TABLE ${next(table)} AS ${table}`);
  await warehouse.command(
    `CREATE TABLE ${MATCHES} (line_key String, returns_line String) ENGINE = MergeTree ORDER BY line_key`,
  );
  await warehouse.command(
    `CREATE TABLE ${PEOPLE} (alias String, customer_id String, linked_at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY alias`,
  );
}

export async function dropScratch(warehouse: Warehouse): Promise<void> {
  for (const table of [...TRUSTED.map(next), MATCHES, PEOPLE])
    await warehouse.command(`DROP TABLE IF EXISTS ${table}`);
}

/** Puts the new tables in the place of the old, each at one instant: a reader sees the old or the new, whole. */
export async function exchange(warehouse: Warehouse): Promise<void> {
  for (const table of TRUSTED) await warehouse.command(`EXCHANGE TABLES ${table} AND ${next(table)}`);
}

/** Rows of a query one by one, so that none of it need fit in memory. */
export async function* streamed<Row>(
  warehouse: Warehouse,
  query: string,
  params: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): AsyncGenerator<Row> {
  const text = `${bounded(query)} FORMAT JSONCompactEachRow`;
  // the caller names the columns that its own query selects
  for await (const line of linesOf(await warehouse.bytes(text, params, signal)))
    yield JSON.parse(line) as Row;
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const BLOCK = 50_000;

/** Inserts rows as they come, in blocks, into a table that is new in this run. */
export async function insertStream(
  warehouse: Warehouse,
  table: string,
  rows: AsyncIterable<object> | Iterable<object>,
): Promise<void> {
  let block: string[] = [];
  let sent = 0;
  const send = async (): Promise<void> => {
    await warehouse.insert(table, block.join('\n'), { token: `${table}:${sent++}` });
    block = [];
  };
  for await (const row of rows) {
    if (block.push(JSON.stringify(row)) >= BLOCK) await send();
  }
  await send();
}
