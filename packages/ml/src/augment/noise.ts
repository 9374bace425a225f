import type { FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { momentsOf } from '../preprocess/moments.ts';
import { Rng } from '../random/rng.ts';
import { soundTable } from '../sound.ts';
import { joined, stacked, type Table } from '../table.ts';
import { isOfWords, ones, type Augmentation, type TrainingRows } from './augmentation.ts';

export interface NoiseParameters {
  /** Standard deviation of the noise, in standard deviations of each column. */
  scale?: number;
  /** Noisy copies of each row, added to the rows as they are. */
  copies?: number;
}

/**
 * Adds copies of the rows with normal noise on their numbers (Bishop 1995: training with noise is a penalty on rough
 * functions). Words and missing values stay. A row and its copies share the row's weight.
 *
 * @example
 * augmented(boosting(), noise({ scale: 0.1, copies: 2 }))
 */
export function noise({ scale = 0.1, copies = 1 }: NoiseParameters = {}): Augmentation {
  required(scale >= 0 && scale < Infinity, 'scale', 'a number from 0 up', scale);
  required(Number.isInteger(copies) && copies >= 1, 'copies', 'a whole number from 1 up', copies);
  return Object.freeze({
    name: 'noise',
    parameters: Object.freeze({ scale, copies }),
    apply: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      apply(table, target, options, { scale, copies }),
  });
}

function apply(
  table: Table,
  target: Float32Array,
  options: FitOptions,
  { scale, copies }: Required<NoiseParameters>,
): TrainingRows {
  soundTable(table, target, options, { method: 'noise', missing: true, categories: true, target: 'any' });
  const { rng = new Rng(0), weights = ones(table.rows) } = options;
  const deviations = table.columns.map(column => scale * momentsOf(column, weights).deviation);
  const copy = (): Table => ({
    ...table,
    columns: table.columns.map((column, j) =>
      isOfWords(table, table.names[j]) ? column : column.map(value => value + deviations[j] * rng.normal()),
    ),
  });
  const tables = [table, ...Array.from({ length: copies }, copy)];
  return {
    table: stacked(tables),
    target: joined(tables.map(() => target)),
    weights: joined(tables.map(() => weights.map(weight => weight / tables.length))),
  };
}
