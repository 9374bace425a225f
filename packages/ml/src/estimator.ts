import { MlError } from './errors.ts';
import type { Rng } from './random/rng.ts';
import type { Saved } from './saved.ts';
import type { Table } from './table.ts';

/** What long work tells of itself. */
export interface FitProgress {
  done: number;
  total?: number;
  unit: string;
}

export interface FitOptions {
  /** Where the method draws from; the same seed gives the same model. */
  rng?: Rng;
  /** How many times each row counts; not negative, need not be whole. One each where absent. */
  weights?: Float32Array;
  signal?: AbortSignal;
  onProgress?: (progress: FitProgress) => void;
}

/** Parameters, frozen; it learns nothing and holds no data. */
export interface Estimator<M extends Model = Model> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * @param table features; which values may be missing is the method's to say
   * @param target one value a row; a classifier's is 0 or 1
   * @throws MlError as its table of codes says
   */
  fit(table: Table, target: Float32Array, options?: FitOptions): Promise<M>;
}

/** What was learned: it predicts, and can be kept. */
export interface Model {
  readonly kind: string;
  /** The columns that it reads, by name; others are passed over. */
  readonly features: readonly string[];
  save(): Saved;
}

/** Tells the probability of the class 1. */
export interface Classifier extends Model {
  /** One probability a row. */
  predict(table: Table): Float64Array;
}

/** By how much each feature moved each row's log-odds away from the average row's. */
export interface Contributions {
  /** Log-odds of the average row. */
  base: number;
  features: readonly string[];
  /** rows x features, by row. A row's values and the base sum to its log-odds. */
  values: Float64Array;
}

/** How an iterative fit ended. */
export interface Convergence {
  iterations: number;
  converged: boolean;
  /** Largest absolute component of the gradient at the end. */
  gradient: number;
  /** The function that was made small, per unit of weight. */
  objective: number;
}

/** A classifier that is linear in the log-odds, after whatever was done to its columns. */
export interface OddsModel extends Classifier {
  readonly convergence: Convergence;
  logOdds(table: Table): Float64Array;
  /** Standard deviation of each row's log-odds, from the curvature of the fit (Laplace). */
  deviation(table: Table): Float64Array;
  contributions(table: Table): Contributions;
  /** Weight of each feature as the method saw it (standardised, in a pipeline that standardises). */
  weights(): ReadonlyMap<string, number>;
}

/** Columns in, columns out; what it needs is learned from the rows that are trained on, never from others. */
export interface Transformer {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  fit(table: Table): FittedTransformer;
}

export interface FittedTransformer {
  readonly kind: string;
  readonly features: readonly string[];
  /** For each column that comes out: the column that it was made from. */
  readonly sources: readonly string[];
  transform(table: Table): Table;
  save(): Saved;
}

/** Throws `ml.stopped` once the signal has fired. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MlError('ml.stopped', 'fitting was stopped by its caller');
}

/** Lets other work of this process go on: timers, requests, the signal that stops us. */
export function breath(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
