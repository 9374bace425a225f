import { MlError } from './errors.ts';
import type { Rng } from './random/rng.ts';
import type { Json, Saved } from './saved.ts';
import type { Table } from './table.ts';

/** What long work tells of itself. */
export interface FitProgress {
  done: number;
  total?: number;
  unit: string;
}

export interface FitOptions {
  /** Where the method draws from; the same seed gives the same model. */
  rng?: Rng | undefined;
  /** How many times each row counts; not negative, need not be whole. One each where absent. */
  weights?: Float32Array | undefined;
  /** The group of each row: the query of a ranking, the customer of a split. Rows of a group lie together. */
  groups?: Int32Array | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
  /** Threads at most; the result does not depend on it. As many as there are cores where absent. */
  threads?: number | undefined;
}

/** Plain values that describe a method whole: `estimatorOf` makes the same estimator of its name and these. */
export type Parameters = Readonly<Record<string, Json>>;

/** Parameters, frozen; it learns nothing and holds no data. */
export interface Estimator<M extends Model = Model, X = Table, Y = Float32Array> {
  readonly name: string;
  readonly parameters: Parameters;
  /**
   * @param table features; which values may be missing is the method's to say
   * @param target one value a row; a classifier's is 0 or 1, or a class from 0 up
   * @throws MlError as its table of codes says
   */
  fit(table: X, target: Y, options?: FitOptions): Promise<M>;
}

/** What was learned: it predicts, and can be kept. */
export interface Model {
  readonly kind: string;
  /** The columns that it reads, by name; others are passed over. */
  readonly features: readonly string[];
  save(): Saved;
}

/** Rows that arrive in pieces, because they do not fit into memory or are not all there yet. */
export interface Chunk<X = Table, Y = Float32Array> {
  table: X;
  target: Y;
  weights?: Float32Array | undefined;
}

/** A method that goes on learning from where it stood. */
export interface IncrementalEstimator<M extends Model = Model, X = Table, Y = Float32Array> extends Estimator<
  M,
  X,
  Y
> {
  /** A learner that has seen nothing; or one that goes on from what a model of this method knows. */
  learner(options?: FitOptions, from?: M): Learner<M, X, Y>;
}

/** Has state: each chunk changes what it knows. */
export interface Learner<M extends Model = Model, X = Table, Y = Float32Array> {
  partialFit(chunk: Chunk<X, Y>): Promise<void>;
  /** What is known by now; later chunks do not change it. */
  model(): M;
}

/** Tells one number a row: an amount, a count, a quantile, a rank's score. */
export interface Regressor<X = Table> extends Model {
  predict(table: X): Float64Array;
}

/** Tells the probability of the class 1. */
export interface Classifier<X = Table> extends Model {
  /** One probability a row. */
  predict(table: X): Float64Array;
}

/** Tells the probability of each of several classes. */
export interface MulticlassClassifier<X = Table> extends Model {
  readonly classes: number;
  /** rows x classes, by row; each row sums to 1. */
  predict(table: X): Float64Array;
}

/** By how much each feature moved each row's score away from the average row's. */
export interface Contributions {
  /** Score of the average row; log-odds for a classifier. */
  base: number;
  features: readonly string[];
  /** rows x features, by row. A row's values and the base sum to its score. */
  values: Float64Array;
}

/** A model that says which feature moved a prediction, and by how much (Shapley values). */
export interface Explained {
  contributions(table: Table): Contributions;
}

/** A classifier whose score is in log-odds, with reasons that sum to it: what can be calibrated and explained. */
export interface ScoredClassifier extends Classifier, Explained {
  logOdds(table: Table): Float64Array;
  /** Standard deviation of each row's log-odds, where the method knows it. */
  deviation?(table: Table): Float64Array;
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
export interface OddsModel extends ScoredClassifier {
  readonly convergence: Convergence;
  /** Standard deviation of each row's log-odds, from the curvature of the fit (Laplace). */
  deviation(table: Table): Float64Array;
  /** Weight of each feature as the method saw it (standardised, in a pipeline that standardises). */
  weights(): ReadonlyMap<string, number>;
}

/** Columns in, columns out; what it needs is learned from the rows that are trained on, never from others. */
export interface Transformer {
  readonly name: string;
  readonly parameters: Parameters;
  /** @param target what some learn from besides the columns: an encoding by the mean of the target does */
  fit(
    table: Table,
    target?: Float32Array,
    options?: FitOptions,
  ): FittedTransformer | Promise<FittedTransformer>;
}

export interface FittedTransformer {
  readonly kind: string;
  readonly features: readonly string[];
  /** For each column that comes out: the column that it was made from. */
  readonly sources: readonly string[];
  transform(table: Table): Table;
  /**
   * The rows that it learned from, where these must be treated otherwise than new ones: an encoding by the target uses
   * for each row only what other rows say (cross-fitting). As `transform` where absent.
   */
  readonly trained?: Table | undefined;
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
