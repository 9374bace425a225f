import { AppError } from '@bellwether/contracts';
import { Bool, RecordBatchReader, type RecordBatch, type Vector } from 'apache-arrow';
import type { Params, Warehouse } from './warehouse.ts';

/** Numbers by column with the row's key beside them, if one was asked for. NaN where the warehouse has NULL. */
export interface Matrix {
  names: string[];
  rows: number;
  columns: Float32Array[];
  /** The key column as text, one a row; empty when no key was named. */
  keys: string[];
}

export interface MatrixOptions {
  /** The one column that is text: what a row is about. */
  key?: string;
  signal?: AbortSignal;
}

/**
 * A query's numbers as dense columns of 32-bit floats, read as Arrow, without an object for each row.
 *
 * @param sql a SELECT whose columns are numbers, but for the key
 * @throws AppError `warehouse.not_a_matrix` naming a column that is not of numbers or a key that is not there
 * @example
 * const { columns } = await readMatrix(warehouse, 'SELECT number AS a, sqrt(number) AS b FROM numbers(3)');
 * columns[1]; // Float32Array [0, 1, 1.41…]
 */
export async function readMatrix(
  warehouse: Warehouse,
  sql: string,
  params: Params = {},
  options: MatrixOptions = {},
): Promise<Matrix> {
  const batches: Matrix[] = [];
  for await (const batch of readMatrixInBatches(warehouse, sql, params, options)) batches.push(batch);
  return stacked(batches);
}

/**
 * The same, a batch of up to 65,409 rows at a time as the warehouse sends them: a million rows never stand in memory at
 * once. The first batch comes even when there are no rows, so that the columns are known.
 */
export async function* readMatrixInBatches(
  warehouse: Warehouse,
  sql: string,
  params: Params = {},
  { key, signal }: MatrixOptions = {},
): AsyncGenerator<Matrix> {
  const body = await warehouse.bytes(arrowQuery(sql), params, signal);
  const reader = await RecordBatchReader.from(body);
  await reader.open();
  const names = reader.schema.fields.map(field => field.name);
  if (key !== undefined && !names.includes(key))
    throw new AppError(
      'warehouse.not_a_matrix',
      `the query has no column "${key}"; it has ${names.join(', ')}`,
    );
  let empty = true;
  for await (const batch of reader) {
    if (batch.numRows === 0) continue;
    empty = false;
    yield matrixOf(batch, names, key);
  }
  if (empty) yield emptyMatrix(names.filter(name => name !== key));
}

/** Uncompressed, since this reader has no decoder for LZ4; text as text. */
function arrowQuery(sql: string): string {
  return `SELECT * FROM (\n${sql}\n) FORMAT ArrowStream
SETTINGS output_format_arrow_compression_method = 'none', output_format_arrow_string_as_string = 1,
  output_format_arrow_low_cardinality_as_dictionary = 0`;
}

function emptyMatrix(names: string[]): Matrix {
  return { names, rows: 0, columns: names.map(() => new Float32Array()), keys: [] };
}

function matrixOf(batch: RecordBatch, names: readonly string[], key: string | undefined): Matrix {
  const numeric = names.filter(name => name !== key);
  const columns = numeric.map(name => numbersOf(batch.getChild(name), name));
  const keys = key === undefined ? [] : Array.from(batch.getChild(key) ?? [], text => String(text));
  return { names: numeric, rows: batch.numRows, columns, keys };
}

function numbersOf(vector: Vector | null, name: string): Float32Array {
  // a Bool's array is packed bits, so it is read value by value
  const values: unknown = vector?.type instanceof Bool ? Uint8Array.from(vector, Number) : vector?.toArray();
  if (vector === null || !isNumeric(values) || values.length !== vector.length)
    throw new AppError('warehouse.not_a_matrix', `column "${name}" of the query is not of numbers`);
  const column = Float32Array.from(values, Number);
  if (vector.nullCount > 0)
    for (let row = 0; row < column.length; row++) if (!vector.isValid(row)) column[row] = NaN;
  return column;
}

type Numeric = Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array | BigUint64Array;

function isNumeric(values: unknown): values is Numeric {
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function stacked(batches: readonly Matrix[]): Matrix {
  const [first] = batches;
  if (batches.length === 1) return first;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns = first.names.map((_, j) => {
    const whole = new Float32Array(rows);
    let at = 0;
    for (const batch of batches) {
      whole.set(batch.columns[j], at);
      at += batch.rows;
    }
    return whole;
  });
  return { names: first.names, rows, columns, keys: batches.flatMap(batch => batch.keys) };
}
