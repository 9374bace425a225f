import type { Chunk, FitOptions, IncrementalEstimator, Learner, Model, Parameters } from '../../estimator.ts';
import { MlError } from '../../errors.ts';
import { Rng } from '../../random/rng.ts';
import { soundSparse, type Accepts } from '../../sound.ts';
import type { SparseRows } from '../../sparse.ts';
import { learnRows, type RowMethod } from './learn.ts';
import { copyOf, emptyState, fitting, type State } from './state.ts';

/** A model that holds all that is needed to go on learning. */
export interface Stateful extends Model {
  readonly state: State;
}

/** What tells one method apart from another; how rows are gone over is the same for all. */
export interface SparseMethod<M extends Stateful> {
  readonly name: string;
  readonly parameters: Parameters;
  readonly accepts: Accepts;
  readonly epochs: number;
  readonly shuffle: boolean;
  /** The kernel for a target, where its layout depends on it; for that of a model to go on from. */
  rows(target: Float32Array, from: State | undefined): RowMethod;
  model(state: State): M;
}

/** An estimator that goes over sparse rows one after the other, and can be given them in pieces. */
export function incremental<M extends Stateful>(
  method: SparseMethod<M>,
): IncrementalEstimator<M, SparseRows> {
  const { name, parameters } = method;
  return Object.freeze({
    name,
    parameters: Object.freeze(parameters),
    fit: (rows: SparseRows, target: Float32Array, options: FitOptions = {}) =>
      fit(method, rows, target, options),
    learner: (options: FitOptions = {}, from?: M) => new RowLearner(method, options, from),
  });
}

async function fit<M extends Stateful>(
  method: SparseMethod<M>,
  x: SparseRows,
  y: Float32Array,
  options: FitOptions,
): Promise<M> {
  soundSparse(x, y, options, method.accepts);
  const rows = method.rows(y, undefined);
  const passes = {
    epochs: method.epochs,
    shuffle: method.shuffle ? (options.rng ?? new Rng(0)) : undefined,
  };
  const start = emptyState(x.width, rows.tables, rows.own);
  return method.model(await learnRows(rows, start, { x, y, weights: options.weights }, passes, options));
}

/** Learns from each chunk once, in the order of its rows. */
class RowLearner<M extends Stateful> implements Learner<M, SparseRows> {
  readonly #method: SparseMethod<M>;
  readonly #options: FitOptions;
  #state: State | undefined;

  constructor(method: SparseMethod<M>, options: FitOptions, from: M | undefined) {
    this.#method = method;
    this.#options = options;
    this.#state = from && copyOf(from.state);
  }

  async partialFit({ table, target, weights }: Chunk<SparseRows>): Promise<void> {
    const options = { ...this.#options, weights };
    soundSparse(table, target, options, this.#method.accepts);
    const rows = this.#method.rows(target, this.#state);
    const state = this.#state
      ? fitting(this.#state, rows.tables, rows.own.length)
      : emptyState(table.width, rows.tables, rows.own);
    if (state.width !== table.width)
      throw new MlError(
        'ml.bad_table',
        `the rows are ${table.width} wide; what was learned before was from rows ${state.width} wide`,
      );
    const data = { x: table, y: target, weights };
    this.#state = await learnRows(rows, state, data, { epochs: 1 }, options);
  }

  model(): M {
    if (!this.#state) throw new MlError('ml.no_rows', 'nothing was learned from yet');
    return this.#method.model(copyOf(this.#state));
  }
}
