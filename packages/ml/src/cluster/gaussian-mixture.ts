import type { FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { momentsOf } from '../preprocess/moments.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { shapeOf } from './centres.ts';
import { readable, soundRows, type ClusterEstimator, type Clusterer } from './clusterer.ts';
import { lloyd } from './lloyd.ts';
import {
  improveMixture,
  judgeMixture,
  placeMixture,
  placedIn,
  scratchOf,
  type MixtureShape,
} from './mixture-steps.ts';
import type { Mixture } from './mixture.reference.ts';
import { seeded, type Rows } from './seeding.ts';

export interface GaussianMixtureParameters {
  components: number;
  /** Whether columns may vary together within a component (`full`), or each by itself (`diagonal`). */
  covariance?: 'full' | 'diagonal';
  /** Added to each variance, in units of the mean variance of the columns: no component shrinks to a point. */
  regularisation?: number;
  maxIterations?: number;
  /** Stops when the mean log-likelihood of a row rises by less. */
  tolerance?: number;
}

export interface GaussianMixtureModel extends Clusterer, Readonly<Mixture> {
  readonly covariance: 'full' | 'diagonal';
  /** Mean logarithm of the density of the rows learned from. */
  readonly meanLogLikelihood: number;
  /** Bayesian information criterion (Schwarz 1978) of the rows learned from: of several models, the least is best. */
  readonly bic: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Rows x components, by row: how probably each made the row. */
  probabilities(table: Table): Float64Array;
  /** Mean logarithm of the density of these rows. */
  score(table: Table): number;
}

type Settings = Required<GaussianMixtureParameters>;
type Fitted = Mixture & {
  features: readonly string[];
  covariance: 'full' | 'diagonal';
  meanLogLikelihood: number;
  bic: number;
  iterations: number;
  converged: boolean;
};

const KIND = 'gaussianMixture';
const VERSION = 1;

/**
 * Rows as drawn from a mixture of normal distributions, fitted by expectation maximisation from the clusters that k-means
 * finds. Unlike these, components may be of unlike size, spread and slant, and a row belongs to each by a probability.
 * Columns must be complete (`impute` before it). Weights act as repeated rows.
 *
 * @throws MlError `ml.bad_parameter` when there are more components than rows
 * @example
 * const model = await gaussianMixture({ components: 3 }).fit(table);
 * model.probabilities(table); // rows x 3
 */
export function gaussianMixture(
  parameters: GaussianMixtureParameters,
): ClusterEstimator<GaussianMixtureModel> {
  const { components, covariance = 'full', regularisation = 1e-6 } = parameters;
  const { maxIterations = 200, tolerance = 1e-4 } = parameters;
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  required(isCount(components), 'components', 'a whole number from 1 up', components);
  required(['full', 'diagonal'].includes(covariance), 'covariance', 'full or diagonal', covariance);
  required(regularisation > 0 && regularisation < Infinity, 'regularisation', 'above 0', regularisation);
  required(isCount(maxIterations), 'maxIterations', 'a whole number from 1 up', maxIterations);
  required(tolerance >= 0 && tolerance < Infinity, 'tolerance', 'a number from 0 up', tolerance);
  const settings = { components, covariance, regularisation, maxIterations, tolerance };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(settings),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => fit(table, settings, options),
  });
}

async function fit(table: Table, settings: Settings, options: FitOptions): Promise<GaussianMixtureModel> {
  const { rows, columns } = soundRows(table, options, KIND);
  const { components } = settings;
  required(components <= rows, 'components', `at most the number of rows, ${rows}`, components);
  const work = rows * components * columns.length ** 2 * 10;
  return withTeam('cluster', { threads: options.threads, work, signal: options.signal }, async team => {
    const shape = mixtureShape(table, components, settings.covariance);
    const own = {
      values: team.rows(table),
      weights: options.weights ? team.copied(options.weights) : 0,
    } as const;
    const spread = Math.max(
      1e-30,
      mean(table.columns.map(column => momentsOf(column, options.weights).deviation ** 2)),
    );
    const floor = Math.fround(settings.regularisation * spread);
    const start = await startOf(team, own, shape, floor, options.rng ?? new Rng(0));
    const found = await climb(team, own, shape, start, floor, settings, options);
    return modelOf({ features: table.names, covariance: settings.covariance, ...found });
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function mixtureShape(
  { rows, columns }: Table,
  components: number,
  covariance: 'full' | 'diagonal',
): MixtureShape {
  const width = columns.length;
  return { rows, columns: width, stride: (width + 3) & ~3, components, isFull: covariance === 'full' };
}

/** One step of the method from equal round components at the centres of k-means. */
async function startOf(
  team: Team,
  rows: Rows,
  shape: MixtureShape,
  floor: number,
  rng: Rng,
): Promise<Mixture> {
  const { columns, components, isFull } = shape;
  const places = shapeOf(shape.rows, columns, components);
  team.scratch(places.places * 16 + 64);
  const first = await seeded(team, rows, places, rng);
  const { centres, sizes, inertia } = await lloyd(team, rows, places, first, {
    maxIterations: 100,
    tolerance: 0,
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const variance = inertia / (total * Math.max(1, columns)) + floor;
  const size = isFull ? columns * columns : columns;
  const covariances = Float64Array.from({ length: components * size }, (_, at) =>
    isFull && (at % size) % (columns + 1) !== 0 ? 0 : variance,
  );
  return { shares: sizes.map(weight => Math.max(weight / total, 1e-10)), means: centres, covariances };
}

async function climb(
  team: Team,
  rows: Rows,
  shape: MixtureShape,
  start: Mixture,
  floor: number,
  { maxIterations, tolerance }: Settings,
  { onProgress }: FitOptions,
): Promise<Omit<Fitted, 'features' | 'covariance'>> {
  team.scratch(scratchOf(shape));
  const placed = placedIn(team, shape);
  const total = rows.weights === 0 ? shape.rows : rows.weights.reduce((sum, weight) => sum + weight, 0);
  let [mixture, before, iterations, converged] = [start, -Infinity, 0, false];
  while (!converged && iterations < maxIterations) {
    placeMixture(placed, mixture, shape);
    const passed = improveMixture(team, rows, placed, mixture, shape, floor);
    converged = passed.likelihood / total - before < tolerance;
    before = passed.likelihood / total;
    mixture = passed.mixture;
    iterations++;
    onProgress?.({ done: iterations, total: maxIterations, unit: 'iterations' });
    await team.pause();
  }
  placeMixture(placed, mixture, shape);
  const meanLogLikelihood = judgeMixture(team, rows, placed, shape).likelihood / total;
  const bic = freeNumbers(shape) * Math.log(total) - 2 * total * meanLogLikelihood;
  return { ...mixture, meanLogLikelihood, bic, iterations, converged };
}

/** Numbers that are fitted: shares but one, means, and variances. */
function freeNumbers({ components, columns, isFull }: MixtureShape): number {
  const variances = isFull ? (columns * (columns + 1)) / 2 : columns;
  return components - 1 + components * (columns + variances);
}

function modelOf(fitted: Fitted): GaussianMixtureModel {
  const { features, shares } = fitted;
  const judged = (table: Table) => judge(readable(table, features, KIND), fitted);
  return {
    kind: KIND,
    clusters: shares.length,
    ...fitted,
    probabilities: table => judged(table).shares,
    score: table => judged(table).likelihood / table.rows,
    assign: table => mostProbable(judged(table).shares, shares.length),
    save: () => save(fitted),
  };
}

function judge(table: Table, fitted: Fitted): { shares: Float64Array; likelihood: number } {
  const shape = mixtureShape(table, fitted.shares.length, fitted.covariance);
  return withTeam('cluster', { work: shape.rows * shape.components * shape.columns ** 2 * 2 }, team => {
    team.scratch(scratchOf(shape));
    const placed = placedIn(team, shape);
    placeMixture(placed, fitted, shape);
    return judgeMixture(team, { values: team.rows(table), weights: 0 }, placed, shape);
  });
}

function mostProbable(probabilities: Float64Array, components: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / components }, (_, row) => {
    const own = probabilities.subarray(row * components, (row + 1) * components);
    return own.reduce((best, p, c) => (p > own[best] ? c : best), 0);
  });
}

function save(fitted: Fitted): Saved {
  const { features, covariance, meanLogLikelihood, bic, iterations, converged } = fitted;
  const { shares, means, covariances } = fitted;
  return {
    kind: KIND,
    version: VERSION,
    values: { features, covariance, meanLogLikelihood, bic, iterations, converged },
    arrays: { shares, means, covariances },
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadGaussianMixture(saved: Saved): GaussianMixtureModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, shares, covariance] = [
    reader.names('features'),
    reader.array('shares'),
    reader.text('covariance'),
  ];
  if (covariance !== 'full' && covariance !== 'diagonal') throw reader.bad('covariance');
  const n = features.length;
  return modelOf({
    features,
    covariance,
    shares,
    means: reader.array('means', shares.length * n),
    covariances: reader.array('covariances', shares.length * n * (covariance === 'full' ? n : 1)),
    meanLogLikelihood: reader.number('meanLogLikelihood'),
    bic: reader.number('bic'),
    iterations: reader.number('iterations'),
    converged: reader.flag('converged'),
  });
}
