import type {
  Chunk,
  Contributions,
  Estimator,
  FitOptions,
  IncrementalEstimator,
  Learner,
  Model,
  Parameters,
} from '../../estimator.ts';
import type { Load } from '../../family.ts';
import { hashing, loadHashing, type FittedHashing, type Hashing } from '../../preprocess/hashing/hashing.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import type { Table } from '../../table.ts';

/** A model of the columns that were hashed; it tells what the model of the sparse rows does. */
export interface HashedModel extends Model {
  predict(table: Table): Float64Array;
  /** Intercept and weights summed; of a classifier the log-odds. Where the learner has a score. */
  score?(table: Table): Float64Array;
  logOdds?(table: Table): Float64Array;
  contributions?(table: Table): Contributions;
  readonly classes?: number;
  readonly progressiveLoss?: number;
  /** The parts that it is made of. */
  readonly hashing: FittedHashing;
  readonly learned: SparseModel;
}

/** What models of sparse rows may tell; each has some of it. */
export interface SparseModel extends Model {
  predict(rows: SparseRows): Float64Array;
  score?(rows: SparseRows): Float64Array;
  logOdds?(rows: SparseRows): Float64Array;
  readonly weights?: Float32Array;
  readonly intercept?: number;
  readonly classes?: number;
  readonly progressiveLoss?: number;
}

interface Fitted {
  hashing: FittedHashing;
  learned: SparseModel;
  /** Mean share of each column in the score of the rows that were learned from; nothing where the learner is not linear. */
  means: Float64Array;
}

const KIND = 'hashed';
const VERSION = 1;

/**
 * A learner of sparse rows for a table of columns: they are hashed, then learned from. Of a linear learner,
 * contributions say by column what moved a score; a cross counts for its columns in equal parts. Fitted in pieces, bins
 * and the means that contributions are measured against are those of the first piece.
 *
 * @example
 * const model = await hashed(hashing({ width: 2 ** 22 }), ftrl({ alpha: 0.1 })).fit(table, clicked);
 */
export function hashed<M extends SparseModel>(
  columns: Hashing,
  learner: IncrementalEstimator<M, SparseRows>,
): IncrementalEstimator<HashedModel, Table> {
  const { crosses, ...rule } = columns.parameters;
  const parameters: Parameters = {
    hashing: { ...rule, crosses },
    learner: { name: learner.name, parameters: learner.parameters },
  };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(parameters),
    fit: async (table: Table, target: Float32Array, options: FitOptions = {}) => {
      const fitted = columns.fit(table);
      const rows = fitted.transform(table);
      const learned = await learner.fit(rows, target, options);
      return modelOf({ hashing: fitted, learned, means: meansOf(fitted, learned, rows, options.weights) });
    },
    learner: (options: FitOptions = {}, from?: HashedModel) =>
      new HashedLearner(columns, learner, options, from),
  });
}

class HashedLearner<M extends SparseModel> implements Learner<HashedModel, Table> {
  readonly #columns: Hashing;
  readonly #learner: Learner<M, SparseRows>;
  #hashing: FittedHashing | undefined;
  #first: { rows: SparseRows; weights: Float32Array | undefined } | undefined;

  constructor(
    columns: Hashing,
    learner: IncrementalEstimator<M, SparseRows>,
    options: FitOptions,
    from: HashedModel | undefined,
  ) {
    this.#columns = columns;
    this.#hashing = from?.hashing;
    this.#learner = learner.learner(options, from?.learned as M | undefined); // of this estimator, as `from` must be
  }

  async partialFit({ table, target, weights }: Chunk): Promise<void> {
    this.#hashing ??= this.#columns.fit(table);
    const rows = this.#hashing.transform(table);
    await this.#learner.partialFit({ table: rows, target, weights });
    this.#first ??= { rows, weights };
  }

  model(): HashedModel {
    const learned = this.#learner.model();
    const hashing = this.#hashing ?? this.#columns.fit({ names: [], rows: 0, columns: [] });
    const means = this.#first
      ? meansOf(hashing, learned, this.#first.rows, this.#first.weights)
      : new Float64Array(learned.weights ? hashing.features.length : 0);
    return modelOf({ hashing, learned, means });
  }
}

function meansOf(
  hashing: FittedHashing,
  learned: SparseModel,
  rows: SparseRows,
  weights: Float32Array | undefined,
): Float64Array {
  if (!learned.weights) return new Float64Array();
  const shares = sharesOf(hashing, learned.weights, rows);
  const d = hashing.features.length;
  const [sums, all] = [new Float64Array(d), weights?.reduce((sum, w) => sum + w, 0) ?? rows.rows];
  for (let at = 0; at < shares.length; at++)
    sums[at % d] = sums[at % d] + (shares[at] * (weights?.[Math.floor(at / d)] ?? 1)) / all;
  return sums;
}

/** Rows x columns: what each column adds to the score of each row. */
function sharesOf(hashing: FittedHashing, weights: Float32Array, rows: SparseRows): Float64Array {
  const { features, sources } = hashing;
  const columns = sources.map(names => names.map(name => features.indexOf(name)));
  const [d, entries] = [features.length, sources.length];
  const shares = new Float64Array(rows.rows * d);
  for (let row = 0; row < rows.rows; row++)
    columns.forEach((targets, e) => {
      const at = row * entries + e;
      const share = (weights[rows.indices[at]] * (rows.values?.[at] ?? 1)) / targets.length;
      for (const column of targets) shares[row * d + column] = shares[row * d + column] + share;
    });
  return shares;
}

function modelOf(fitted: Fitted): HashedModel {
  const { hashing, learned, means } = fitted;
  const { weights, intercept = 0, classes, progressiveLoss } = learned;
  const through = (table: Table): SparseRows => hashing.transform(table);
  return {
    ...{ kind: KIND, features: hashing.features, hashing, learned },
    ...(classes !== undefined && { classes }),
    ...(progressiveLoss !== undefined && { progressiveLoss }),
    predict: table => learned.predict(through(table)),
    ...(learned.score && { score: (table: Table) => learned.score?.(through(table)) ?? new Float64Array() }),
    ...(learned.logOdds && {
      logOdds: (table: Table) => learned.logOdds?.(through(table)) ?? new Float64Array(),
    }),
    ...(weights && {
      contributions: (table: Table) => contributions(hashing, weights, intercept, means, through(table)),
    }),
    save: () => save(fitted),
  };
}

/** Exact Shapley values of a linear model of independent features, summed by column (Lundberg and Lee 2017). */
function contributions(
  hashing: FittedHashing,
  weights: Float32Array,
  intercept: number,
  means: Float64Array,
  rows: SparseRows,
): Contributions {
  const values = sharesOf(hashing, weights, rows);
  for (let at = 0; at < values.length; at++) values[at] = values[at] - means[at % means.length];
  return { base: means.reduce((sum, mean) => sum + mean, intercept), features: hashing.features, values };
}

function save({ hashing, learned, means }: Fitted): Saved {
  return {
    kind: KIND,
    version: VERSION,
    values: {},
    arrays: { means },
    parts: [hashing.save(), learned.save()],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadHashed(saved: Saved, load: Load): HashedModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const fitted = loadHashing(reader.part(0));
  const learned = load.model(reader.part(1));
  if (!('width' in learned && learned.width === fitted.width)) throw reader.bad('part 1');
  // what has a width is a model of sparse rows: they are the only ones
  const sparse = learned as unknown as SparseModel;
  const means = reader.array('means', sparse.weights ? fitted.features.length : 0);
  return modelOf({ hashing: fitted, learned: sparse, means });
}

/** The estimator of parameters as `hashed` has them. */
export function hashedOf(
  parameters: { hashing: Parameters; learner: Parameters },
  estimator: (described: Parameters) => Estimator,
): IncrementalEstimator<HashedModel, Table> {
  // what `hashed` was given is an incremental learner of sparse rows; `hashing` checks its own parameters
  const learner = estimator(parameters.learner) as unknown as IncrementalEstimator<SparseModel, SparseRows>;
  return hashed(hashing(parameters.hashing), learner);
}
