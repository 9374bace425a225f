import type { Estimator, FitOptions, Model } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { soundTable } from '../sound.ts';
import { dictionaryOf, pick, type Table } from '../table.ts';

/** The label of a row that belongs to no cluster. */
export const NOISE = -1;

/** Groups that rows were found to fall into; tells which group a row belongs to. */
export interface Clusterer extends Model {
  /** Labels run from 0 to one below it. */
  readonly clusters: number;
  /** The cluster of each row; -1 where it belongs to none. */
  assign(table: Table): Int32Array;
}

/** Finds clusters. It learns from columns alone: a target may be given, as a pipeline does, and is passed over. */
export interface ClusterEstimator<M extends Clusterer = Clusterer> extends Estimator<M> {
  fit(table: Table, target?: Float32Array, options?: FitOptions): Promise<M>;
}

const NO_TARGET = new Float32Array();

/** The table, or why clusters cannot be found in it: every column must be of complete numbers. */
export function soundRows(table: Table, options: FitOptions, method: string): Table {
  return soundTable(table, NO_TARGET, options, { method });
}

/**
 * The columns that a model learned from, of rows that it is asked about.
 *
 * @throws MlError `ml.bad_table`, `ml.bad_value` naming the column and the row
 */
export function readable(table: Table, features: readonly string[], method: string): Table {
  const picked = pick(table, features);
  picked.columns.forEach((column, j) => {
    const name = `column "${features[j]}"`;
    if (dictionaryOf(picked, features[j]))
      throw new MlError('ml.bad_table', `${name} is of words; ${method} learned it as one of numbers`);
    for (let row = 0; row < column.length; row++)
      if (!Number.isFinite(column[row]))
        throw new MlError('ml.bad_value', `row ${row} of ${name} is ${column[row]}; it must be finite`);
  });
  return picked;
}
