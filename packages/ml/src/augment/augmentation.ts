import type { FitOptions } from '../estimator.ts';
import type { Parameters } from '../estimator.ts';
import type { Rng } from '../random/rng.ts';
import type { Table } from '../table.ts';

/** Rows to train on. */
export interface TrainingRows {
  table: Table;
  target: Float32Array;
  weights: Float32Array;
}

/**
 * Makes rows to train on out of rows to train on. Never for rows that a model is judged by: put it into the fit with
 * `augmented`, so that no split can mix the two.
 */
export interface Augmentation {
  readonly name: string;
  readonly parameters: Parameters;
  /** @param options `weights` and `rng` are read */
  apply(table: Table, target: Float32Array, options?: FitOptions): TrainingRows;
}

/** Columns of words have no values between theirs: which columns have. */
export function isOfWords({ dictionaries }: Table, name: string): boolean {
  return dictionaries !== undefined && Object.hasOwn(dictionaries, name);
}

export function ones(rows: number): Float32Array {
  return new Float32Array(rows).fill(1);
}

/** One of these numbers, each as likely. */
export function drawn(from: ArrayLike<number>, rng: Rng): number {
  return from[rng.integer(from.length)];
}
