import { DAY, type Milliseconds } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import {
  clickhouseTime,
  readMatrix,
  readMatrixInBatches,
  type Params,
  type Warehouse,
} from '@bellwether/warehouse';
import { chosenSql, type Chosen } from './chosen.ts';
import type { ClassifierQuestion } from './classifier.ts';

/** Who and what was known of them as of a moment. */
export interface Subjects {
  asOf: Milliseconds;
  ids: string[];
  table: Table;
}

/** Subjects with what became of them within the horizon: 1 or 0. */
export interface LabelledSubjects extends Subjects {
  target: Float32Array;
}

export interface ReadOptions {
  /** Customers who object to being profiled: they are neither learned from nor scored. */
  exclude?: readonly string[] | undefined;
  /** Only these customers; everybody where absent. */
  chosen?: Chosen | undefined;
  /** Share of the customers that is read, drawn by a hash of their ids: the same ones at every moment. */
  share?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Every subject as of a moment, a batch at a time in no order: for scoring. */
export async function* featuresInBatches(
  warehouse: Warehouse,
  question: ClassifierQuestion,
  asOf: Milliseconds,
  options: ReadOptions = {},
): AsyncGenerator<Subjects> {
  const batches = readMatrixInBatches(
    warehouse,
    featureQuery(question, options),
    params(asOf, options),
    matrixOptions(options),
  );
  for await (const { keys, ...table } of batches) yield { asOf, ids: keys, table };
}

/** Every subject as of a moment with the outcome, in the order of their ids: for training and evaluation. */
export async function labelledFeatures(
  warehouse: Warehouse,
  question: ClassifierQuestion,
  asOf: Milliseconds,
  options: ReadOptions = {},
): Promise<LabelledSubjects> {
  const sql = `${labelledQuery(question, options)} ORDER BY customer_id`;
  const values = { ...params(asOf, options), horizon_days: question.horizonDays };
  const { keys, names, columns, rows } = await readMatrix(warehouse, sql, values, matrixOptions(options));
  const table = { names: names.slice(0, -1), rows, columns: columns.slice(0, -1) };
  return { asOf, ids: keys, table, target: columns[columns.length - 1] };
}

/** One row is one subject with its features and whether the outcome happened, `label__`. */
function labelledQuery(question: ClassifierQuestion, options: ReadOptions): string {
  return `SELECT *, customer_id IN (SELECT customer_id FROM (\n${question.labelSql}\n)) AS label__
FROM (\n${featureQuery(question, options)}\n)`;
}

const DRAWN = 'cityHash64(customer_id) / 18446744073709551616 < {share:Float64}';

/** The declared features, whatever else the SQL has; what it lacks, ClickHouse names. */
function featureQuery({ features, featuresSql }: ClassifierQuestion, { chosen, share }: ReadOptions): string {
  const columns = features.map(({ name }) => `toFloat32(${name}) AS ${name}`).join(', ');
  const { head, condition } = chosenSql(chosen);
  const drawn = share === undefined ? '' : `\n    AND ${DRAWN}`;
  return `${head}SELECT customer_id, ${columns}\nFROM (\n${featuresSql}\n)\nWHERE customer_id NOT IN {excluded:Array(String)}${condition}${drawn}`;
}

function params(asOf: Milliseconds, { exclude = [], chosen, share }: ReadOptions): Params {
  const drawn = share === undefined ? {} : { share };
  return { as_of: clickhouseTime(asOf), excluded: exclude, ...chosenSql(chosen).params, ...drawn };
}

function matrixOptions({ signal }: ReadOptions): { key: string; signal?: AbortSignal } {
  return { key: 'customer_id', ...(signal && { signal }) };
}

/** The columns that the SQL really has, without running it over any row. */
export async function columnsOf(warehouse: Warehouse, question: ClassifierQuestion): Promise<string[]> {
  const rows = await warehouse.query<{ name: string }>(
    `DESCRIBE (\n${chosenSql(undefined).head}SELECT * FROM (\n${question.featuresSql}\n)\n)`,
    params(DAY, {}),
  );
  return rows.map(row => row.name);
}
