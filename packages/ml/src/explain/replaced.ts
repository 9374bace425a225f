import { MlError } from '../errors.ts';
import type { Table } from '../table.ts';

/** A model, or anything else that tells one number a row or several. */
export interface Predicts {
  predict(table: Table): Float64Array;
}

/** The table with one column changed. */
export function replaced(table: Table, name: string, column: Float32Array): Table {
  const at = positionOf(table, name);
  return { ...table, columns: table.columns.with(at, column) };
}

/** Where a column stands. @throws MlError `ml.bad_table` */
export function positionOf({ names }: Table, name: string): number {
  const at = names.indexOf(name);
  if (at < 0) throw new MlError('ml.bad_table', `no column "${name}"; the table has ${names.join(', ')}`);
  return at;
}

/** Refuses a table without rows. */
export function someRows({ rows }: Table): void {
  if (rows === 0) throw new MlError('ml.no_rows', 'there are no rows to explain a model by');
}

/** Mean of each of the numbers that are told of a row. */
export function meansOf(told: Float64Array, rows: number): Float64Array {
  const width = told.length / rows;
  const means = new Float64Array(width);
  for (let at = 0; at < told.length; at++) means[at % width] += told[at] / rows;
  return means;
}
