import type { Milliseconds } from '@bellwether/contracts';
import { pick, tableOf, type Table } from '@bellwether/ml';
import type { Excluding, Subjects } from '@bellwether/pipeline';
import {
  clickhouseTime,
  readMatrix,
  readMatrixInBatches,
  sqlBeside,
  type Params,
  type Warehouse,
} from '@bellwether/warehouse';
import { FEATURES } from './features.ts';

const FEATURES_SQL = sqlBeside(import.meta.url, 'features.sql');
const LABEL_SQL = sqlBeside(import.meta.url, 'label.sql');

export interface ReadOptions extends Excluding {
  signal?: AbortSignal | undefined;
  /** Only every so-manyth customer, by a stable hash. */
  oneIn?: number;
}

const COLUMNS = FEATURES.map(({ name }) => `toFloat32(${name}) AS ${name}`).join(', ');
const KNOWN = `SELECT customer_id, ${COLUMNS} FROM (\n${FEATURES_SQL}\n)`;
const KNOWN_AND_LATER = `
SELECT known.*, later.future_orders, later.future_value
FROM (\n${KNOWN}\n) AS known
LEFT JOIN (\n${LABEL_SQL}\n) AS later ON later.customer_id = known.customer_id
ORDER BY customer_id`;

/** Every customer as of a moment, a batch at a time in no order. */
export async function* customersInBatches(
  warehouse: Warehouse,
  asOf: Milliseconds,
  options: ReadOptions = {},
): AsyncGenerator<Subjects> {
  const batches = readMatrixInBatches(warehouse, KNOWN, paramsOf(asOf, options), keyed(options));
  for await (const { keys, ...table } of batches) yield { asOf, ids: keys, table };
}

/** One customer as of a moment; no row where nothing is known of them. */
export async function oneCustomer(
  warehouse: Warehouse,
  asOf: Milliseconds,
  customerId: string,
): Promise<Table> {
  const only = KNOWN.replaceAll('WHERE known', 'WHERE known AND customer_id = {customer_id:String}');
  const params = { ...paramsOf(asOf, {}), customer_id: customerId };
  return readMatrix(warehouse, only, params, { key: 'customer_id' });
}

/** Customers as of a moment, with what became of them. */
export interface Followed {
  asOf: Milliseconds;
  horizonDays: number;
  table: Table;
  /** Days with an order within the horizon. */
  orders: Float32Array;
  value: Float32Array;
}

/** The same with what they ordered in the days after it, in the order of their ids: for training and evaluation. */
export async function customersFollowed(
  warehouse: Warehouse,
  asOf: Milliseconds,
  horizonDays: number,
  options: ReadOptions = {},
): Promise<Followed> {
  const params = { ...paramsOf(asOf, options), horizon_days: horizonDays };
  const { names, columns, rows } = await readMatrix(warehouse, KNOWN_AND_LATER, params, keyed(options));
  const [orders, value] = columns.slice(-2);
  return {
    asOf,
    horizonDays,
    table: { names: names.slice(0, -2), rows, columns: columns.slice(0, -2) },
    orders,
    value,
  };
}

function paramsOf(asOf: Milliseconds, { exclude = [], oneIn = 1 }: ReadOptions): Params {
  return { as_of: clickhouseTime(asOf), excluded: exclude, one_in: oneIn };
}

function keyed({ signal }: ReadOptions): { key: string; signal?: AbortSignal } {
  return { key: 'customer_id', ...(signal && { signal }) };
}

/** What the counting models read, in their unit of time, each history once with how many have it. */
export function histories(table: Table, unitDays: number): { table: Table; weights: Float32Array } {
  const { columns } = pick(table, ['frequency', 'recency', 'age']);
  const seen = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const key = `${columns[0][row]} ${columns[1][row]} ${columns[2][row]}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const distinct = [...seen.keys()].map(key => key.split(' ').map(Number));
  return {
    table: tableOf({
      frequency: Float32Array.from(distinct, ([x]) => x),
      recency: Float32Array.from(distinct, row => row[1] / unitDays),
      age: Float32Array.from(distinct, row => row[2] / unitDays),
    }),
    weights: Float32Array.from(seen.values()),
  };
}

/** The same customers, times in the unit of the counting models. */
export function inUnits(table: Table, unitDays: number): Table {
  const [frequency, recency, age] = pick(table, ['frequency', 'recency', 'age']).columns;
  return tableOf({
    frequency,
    recency: recency.map(days => days / unitDays),
    age: age.map(days => days / unitDays),
  });
}

/** What the model of amounts reads: days of repeat orders whose mean amount is known. */
export function amounts(table: Table): Table {
  const [frequency, monetary] = pick(table, ['frequency', 'monetary']).columns;
  const known = monetary.map((amount, row) => (amount > 0 ? frequency[row] : 0));
  return tableOf({ frequency: known, monetary: monetary.map(amount => (amount > 0 ? amount : 1)) });
}

export function column(table: Table, name: string): Float32Array {
  return pick(table, [name]).columns[0];
}
