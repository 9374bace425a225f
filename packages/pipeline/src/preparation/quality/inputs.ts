import type { Warehouse } from '@bellwether/warehouse';

/** A table that others fill, and how its quality is read. */
export interface InputTable {
  table: string;
  /** What a query reads: a table that replaces rows is read as it will be once merged. */
  from: string;
  /** The column of the moment that a row tells of. */
  at: string;
  /** Rows that are alike in these are one row told twice. */
  alike: readonly string[];
}

const input = (table: string, alike: string, at = 'at', final = true): InputTable => ({
  table,
  from: final ? `${table} FINAL` : table,
  at,
  alike: alike.split(' '),
});

export const INPUT_TABLES: readonly InputTable[] = [
  input('events', 'event_id', 'at', false),
  input('order_lines', 'order_id product_id quantity unit_price at customer_id anonymous_id email phone'),
  input(
    'customer_facts',
    'customer_id at email phone first_name last_name name gender age income city traits',
  ),
  input('products', 'product_id at title category brand price cost stock'),
  input('ad_performance', 'platform campaign ad audience day', 'day'),
];

/** How a column's values are read: as numbers, moments, or text. */
export type Reading = 'number' | 'moment' | 'text';

export interface InputColumn {
  name: string;
  reading: Reading;
}

/** Where a row came from is no property of the data. */
const BOOKKEEPING = ['import_id', 'line', 'line_key', 'session_id'];

/** The columns of a table that say something of the world. */
export async function columnsOf(warehouse: Warehouse, table: string): Promise<InputColumn[]> {
  const rows = await warehouse.query<{ name: string; type: string }>(
    `SELECT name, type FROM system.columns
     WHERE database = currentDatabase() AND table = {table:String} AND default_kind != 'MATERIALIZED' AND NOT has({skip:Array(String)}, name)
     ORDER BY position`,
    { table, skip: BOOKKEEPING },
  );
  return rows.map(({ name, type }) => ({ name, reading: readingOf(type) }));
}

function readingOf(type: string): Reading {
  if (/Date/.test(type)) return 'moment';
  return /^(Nullable\()?U?(Int|Float)/.test(type) ? 'number' : 'text';
}
