import type { Milliseconds } from '@bellwether/contracts';
import type { ReadOptions, Subjects } from '@bellwether/pipeline';
import {
  clickhouseTime,
  readMatrix,
  readMatrixInBatches,
  sqlBeside,
  type Params,
  type Warehouse,
} from '@bellwether/warehouse';
import { FEATURES } from './features.ts';

const SUBJECTS = sqlBeside(import.meta.url, 'features.sql');
const SPEND = sqlBeside(import.meta.url, 'label.sql');

export const HORIZON_DAYS = 30;
/** Customers that are learned from, and tested on, at most; of more, a sample by a hash of their ids. */
export const MOST = 20_000;

const COLUMNS = FEATURES.map(({ name }) => `toFloat32(${name}) AS ${name}`).join(', ');
const CHOSEN = `SELECT customer_id, ${COLUMNS} FROM (\n${SUBJECTS}\n) WHERE customer_id NOT IN {excluded:Array(String)}`;

/** Subjects with what they spent in the horizon, as ln(1 + spend): a few very large sums would drown the rest. */
export interface Spenders extends Subjects {
  logSpend: Float32Array;
  spend: Float32Array;
}

/** Every subject as of a moment, a batch at a time in no order. */
export async function* profilesInBatches(
  warehouse: Warehouse,
  asOf: Milliseconds,
  options: ReadOptions = {},
): AsyncGenerator<Subjects> {
  for await (const { keys, ...table } of readMatrixInBatches(warehouse, CHOSEN, params(asOf, options), {
    key: 'customer_id',
    ...(options.signal && { signal: options.signal }),
  }))
    yield { asOf, ids: keys, table };
}

/** At most `MOST` subjects as of a moment, always the same, with what they spent after it. */
export async function spenders(
  warehouse: Warehouse,
  asOf: Milliseconds,
  options: ReadOptions = {},
): Promise<Spenders> {
  const sql = `SELECT subjects.*, toFloat32(later.spend) AS spend__
FROM (\n${CHOSEN}\n) AS subjects LEFT JOIN (\n${SPEND}\n) AS later ON later.customer_id = subjects.customer_id
ORDER BY cityHash64(subjects.customer_id), subjects.customer_id LIMIT {most:UInt32}`;
  const values = { ...params(asOf, options), horizon_days: HORIZON_DAYS, most: MOST };
  const { keys, names, columns, rows } = await readMatrix(warehouse, sql, values, {
    key: 'customer_id',
    ...(options.signal && { signal: options.signal }),
  });
  const spend = columns[columns.length - 1];
  const table = { names: names.slice(0, -1), rows, columns: columns.slice(0, -1) };
  return { asOf, ids: keys, table, spend, logSpend: spend.map(Math.log1p) };
}

/** One customer's features as of a moment; no rows where they never bought. */
export async function profileOf(
  warehouse: Warehouse,
  asOf: Milliseconds,
  customerId: string,
): Promise<Subjects> {
  const sql = `SELECT * FROM (\n${CHOSEN}\n) WHERE customer_id = {customer_id:String}`;
  const values = { ...params(asOf, {}), customer_id: customerId };
  const { keys, ...table } = await readMatrix(warehouse, sql, values, { key: 'customer_id' });
  return { asOf, ids: keys, table };
}

function params(asOf: Milliseconds, { exclude = [] }: ReadOptions): Params {
  return { as_of: clickhouseTime(asOf), excluded: exclude };
}
