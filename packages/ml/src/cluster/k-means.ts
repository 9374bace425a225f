import type { FitOptions, IncrementalEstimator } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import { shapeOf, type Shape } from './centres.ts';
import { soundRows, type ClusterEstimator } from './clusterer.ts';
import { kMeansModel, KIND, type KMeansModel } from './k-means-model.ts';
import { lloyd, type Partition } from './lloyd.ts';
import { learnerOf, miniBatches, type KMeansLearner } from './mini-batch.ts';
import { seeded, type Rows } from './seeding.ts';

export interface KMeansParameters {
  /** Clusters. */
  k: number;
  /** First centres: drawn by k-means++, or given, each with a number for every column. */
  init?: 'k-means++' | readonly (readonly number[])[];
  /** How often it starts anew with other first centres; the best is kept. */
  restarts?: number;
  /** Rounds at most of one start; passes over the rows, with batches. */
  maxIterations?: number;
  /** Stops when the squared moves of the centres sum to less than this times the mean variance of the columns. */
  tolerance?: number;
  /** Learns from so many rows drawn at random at a time, rather than from all in each round (Sculley 2010). */
  batch?: number;
}

export type KMeansSettings = Required<Omit<KMeansParameters, 'batch'>> & { batch: number | undefined };

/** k-means finds clusters of whole tables, and goes on learning from chunks. */
export type KMeans = ClusterEstimator<KMeansModel> &
  Omit<IncrementalEstimator<KMeansModel>, 'fit' | 'learner'> & {
    learner(options?: FitOptions, from?: KMeansModel): KMeansLearner;
  };

/**
 * k-means: k centres, each row with the nearest, so that the squared distances are least. Columns should be of like scale
 * (`standardise` before it) and complete (`impute` before it). Weights act as repeated rows.
 *
 * @throws MlError `ml.bad_parameter` when k is more than there are rows
 * @example
 * const model = await kMeans({ k: 3 }).fit(table);
 * model.assign(table); // Int32Array of 0, 1, 2
 */
export function kMeans(parameters: KMeansParameters): KMeans {
  const settings = checkedParameters(parameters);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(parametersOf(settings)),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => fit(table, settings, options),
    learner: (options: FitOptions = {}, from?: KMeansModel) => learnerOf(settings, options, from),
  });
}

function checkedParameters(parameters: KMeansParameters): KMeansSettings {
  const { k, init = 'k-means++', restarts = 3, maxIterations = 300, tolerance = 1e-4, batch } = parameters;
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  required(isCount(k), 'k', 'a whole number from 1 up', k);
  required(isCount(restarts), 'restarts', 'a whole number from 1 up', restarts);
  required(isCount(maxIterations), 'maxIterations', 'a whole number from 1 up', maxIterations);
  required(tolerance >= 0 && tolerance < Infinity, 'tolerance', 'a number from 0 up', tolerance);
  required(batch === undefined || isCount(batch), 'batch', 'a whole number from 1 up', batch);
  const isSound =
    init === 'k-means++' || (init.length === k && init.every(centre => centre.every(Number.isFinite)));
  required(isSound, 'init', `k-means++ or ${k} centres of finite numbers`, init);
  return { k, init, restarts, maxIterations, tolerance, batch };
}

function parametersOf({ batch, ...rest }: KMeansSettings) {
  return batch === undefined ? rest : { ...rest, batch };
}

async function fit(table: Table, settings: KMeansSettings, options: FitOptions): Promise<KMeansModel> {
  const { rows, columns } = soundRows(table, options, KIND);
  const { k, init } = settings;
  required(k <= rows, 'k', `at most the number of rows, ${rows}`, k);
  if (init !== 'k-means++' && init.some(centre => centre.length !== columns.length))
    throw new MlError(
      'ml.bad_table',
      `each centre of init must have ${columns.length} numbers, one a column`,
    );
  const work = rows * columns.length * k * 8;
  return withTeam('cluster', { threads: options.threads, work, signal: options.signal }, async team => {
    const shape = shapeOf(rows, columns.length, k);
    const own = {
      values: team.rows(table),
      weights: options.weights ? team.copied(options.weights) : 0,
    } as const;
    const partition = await best(team, own, shape, settings, options);
    return kMeansModel({ features: table.names, ...partition });
  });
}

/** The best of several starts; with given centres there is only one. */
async function best(
  team: Team,
  rows: Rows,
  shape: Shape,
  settings: KMeansSettings,
  { rng = new Rng(0), onProgress }: FitOptions,
): Promise<Partition> {
  const { init, restarts, maxIterations, batch } = settings;
  const options = {
    maxIterations,
    tolerance: settings.tolerance && settings.tolerance * spreadOf(rows, shape),
    onProgress,
  };
  team.scratch(shape.places * 16 + 64);
  let found: Partition | undefined;
  for (let start = 0; start < (init === 'k-means++' ? restarts : 1); start++) {
    const first =
      init === 'k-means++' ? await seeded(team, rows, shape, rng) : Float64Array.from(init.flat());
    const moved =
      batch === undefined ? first : await miniBatches(team, rows, shape, first, { ...options, batch, rng });
    const partition = await lloyd(
      team,
      rows,
      shape,
      moved,
      batch === undefined ? options : { ...options, maxIterations: 0 },
    );
    if (found === undefined || partition.inertia < found.inertia) found = partition;
  }
  if (found === undefined) throw new MlError('ml.bad_parameter', 'restarts must be from 1 up');
  return found;
}

/** Mean variance of the columns. */
function spreadOf({ values, weights }: Rows, { rows, columns, stride }: Shape): number {
  const [sums, squares] = [new Float64Array(columns), new Float64Array(columns)];
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights === 0 ? 1 : weights[row];
    total += weight;
    for (let j = 0; j < columns; j++) {
      const value = values[row * stride + j];
      sums[j] += weight * value;
      squares[j] += weight * value * value;
    }
  }
  const variances = squares.map((sum, j) => Math.max(0, sum / total - (sums[j] / total) ** 2));
  return variances.reduce((sum, variance) => sum + variance, 0) / Math.max(1, columns);
}
