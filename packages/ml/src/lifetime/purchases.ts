import { breath, type Convergence, type Estimator, type FitOptions, type Model } from '../estimator.ts';
import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { betaGeometric } from './beta-geometric.ts';
import { customersOf, customersToLearn, HISTORY } from './customers.ts';
import {
  likelihoodParameters,
  mostLikely,
  type LikelihoodFit,
  type LikelihoodParameters,
} from './maximum-likelihood.ts';
import { paretoProcess } from './pareto.ts';
import type { PurchaseProcess } from './process.ts';
import {
  parameterEstimates,
  uncertain,
  type ParameterEstimate,
  type Uncertain,
  type UncertaintyOptions,
} from './uncertainty.ts';

export interface PurchaseParameters extends LikelihoodParameters {
  /** What the times of the table are counted in; kept with the model, and what `t` is counted in everywhere. */
  unit?: string;
}

/** Learns from customers alone: what is given as their target is passed over. */
export interface LifetimeEstimator<M extends Model> extends Estimator<M> {
  fit(table: Table, target?: Float32Array, options?: FitOptions): Promise<M>;
}

/**
 * How a population of customers buys and is lost. Tables have the columns `frequency` (repeat purchases), `recency`
 * (time of the last, 0 where none) and `age` (time until now), all from each customer's first purchase.
 */
export interface PurchaseModel extends Model {
  /** What times are counted in. */
  readonly unit: string;
  readonly parameters: readonly ParameterEstimate[];
  /** At the parameters, summed over the customers learned from. */
  readonly logLikelihood: number;
  readonly convergence: Convergence;
  /** Probability that each customer is not lost yet. */
  alive(table: Table): Float64Array;
  /** Purchases to be expected of each customer within the next `t`. */
  expectedPurchases(table: Table, t: number): Float64Array;
  /**
   * How many purchases each customer will make within the next `t`: the distribution of the count itself, at the
   * parameters. `low` and `high` hold the count with a probability of `level` or more.
   *
   * @example
   * model.counts(customers, 26).high // Float64Array, no more than so many purchases within 26 weeks
   */
  counts(table: Table, t: number, level?: number): PurchaseCounts;
  /** Repeat purchases to be expected of a new customer within `t` of the first. */
  expectedOfNew(t: number): number;
  /** Probability of exactly `n` repeat purchases of a new customer within `t` of the first. */
  probabilityOfNew(n: number, t: number): number;
  /**
   * Whatever follows from the model, with intervals by the delta method.
   *
   * @example
   * model.uncertain(each => each.expectedPurchases(table, 26)) // { value, low, high }
   * model.uncertain(each => each.alive(table), { scale: 'logit' })
   */
  uncertain(quantity: (model: PurchaseModel) => Float64Array, options?: UncertaintyOptions): Uncertain;
}

/** The distribution of each customer's purchases to come. */
export interface PurchaseCounts {
  expected: Float64Array;
  variance: Float64Array;
  /** Probability of no purchase at all. */
  none: Float64Array;
  /** The count that is as often passed as not reached: what is nearest to all, by absolute error. */
  median: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

const VERSION = 1;

/**
 * The BG/NBD model (Fader, Hardie and Lee 2005, "Counting your customers" the easy way), fitted by maximum likelihood.
 *
 * @example
 * const model = await bgNbd({ unit: 'weeks' }).fit(customers);
 * model.expectedPurchases(customers, 26); // Float64Array, purchases of each within 26 weeks
 */
export function bgNbd(parameters: PurchaseParameters = {}): LifetimeEstimator<PurchaseModel> {
  return estimatorOf(BG_NBD, parameters);
}

/** The MBG/NBD model (Batislam, Denizel and Filiztekin 2007): as the BG/NBD, but the first purchase may lose a customer. */
export function mbgNbd(parameters: PurchaseParameters = {}): LifetimeEstimator<PurchaseModel> {
  return estimatorOf(MBG_NBD, parameters);
}

/**
 * The Pareto/NBD model (Schmittlein, Morrison and Colombo 1987): customers may be lost at any moment, not only after a
 * purchase. About ten times the work of the BG/NBD, with predictions that differ little.
 */
export function paretoNbd(parameters: PurchaseParameters = {}): LifetimeEstimator<PurchaseModel> {
  return estimatorOf(paretoProcess, parameters);
}

const BG_NBD = betaGeometric('bgNbd', 0);
const MBG_NBD = betaGeometric('mbgNbd', 1);

function estimatorOf(process: PurchaseProcess, given: PurchaseParameters): LifetimeEstimator<PurchaseModel> {
  const { unit = 'weeks' } = given;
  required(typeof unit === 'string' && unit !== '', 'unit', 'the name of a unit of time', unit);
  const likelihood = likelihoodParameters(given);
  return Object.freeze({
    name: process.kind,
    parameters: Object.freeze({ unit, ...likelihood }),
    fit: async (table: Table, _target?: Float32Array, options: FitOptions = {}) => {
      const customers = customersToLearn(table, process.kind, options);
      await breath();
      const search = {
        logLikelihood: process.logLikelihood(customers),
        start: process.start(customers),
        total: customers.total,
      };
      return modelOf(process, unit, await mostLikely(search, likelihood, options));
    },
  });
}

function modelOf(process: PurchaseProcess, unit: string, fit: LikelihoodFit): PurchaseModel {
  const { theta, logLikelihood, convergence } = fit;
  const model: PurchaseModel = {
    kind: process.kind,
    features: HISTORY,
    unit,
    parameters: parameterEstimates(process.names, fit),
    logLikelihood,
    convergence,
    alive: table => {
      const { frequency, recency, age } = customersOf(table, process.kind);
      return Float64Array.from(age, (T, row) => process.alive(theta, frequency[row], recency[row], T));
    },
    expectedPurchases: (table, t) => expectedPurchases(process, theta, table, t),
    counts: (table, t, level = 0.95) => counts(process, theta, table, soundTime(t), level),
    expectedOfNew: t => process.expectedNew(theta, soundTime(t)),
    probabilityOfNew: (n, t) => {
      required(Number.isInteger(n) && n >= 0, 'n', 'a count, 0 or more', n);
      return soundTime(t) === 0 ? Number(n === 0) : process.probability(theta, n, t);
    },
    uncertain: (quantity, options) =>
      uncertain(fit, other => quantity(modelOf(process, unit, { ...fit, theta: other })), options),
    save: () => save(process, unit, fit),
  };
  return model;
}

function expectedPurchases(
  process: PurchaseProcess,
  theta: Float64Array,
  table: Table,
  t: number,
): Float64Array {
  soundTime(t);
  const { frequency, recency, age } = customersOf(table, process.kind);
  return Float64Array.from(age, (T, row) => {
    const x = frequency[row];
    return process.alive(theta, x, recency[row], T) * process.expectedAlive(theta, x, T, t);
  });
}

function counts(
  process: PurchaseProcess,
  theta: Float64Array,
  table: Table,
  t: number,
  level: number,
): PurchaseCounts {
  required(level > 0 && level < 1, 'level', 'between 0 and 1', level);
  const { frequency, recency, age } = customersOf(table, process.kind);
  const column = (): Float64Array => new Float64Array(table.rows);
  const told = {
    ...{ expected: column(), variance: column(), none: column() },
    ...{ median: column(), low: column(), high: column() },
  };
  const tail = (1 - level) / 2;
  for (let row = 0; row < table.rows; row++) {
    const x = frequency[row];
    const alive = process.alive(theta, x, recency[row], age[row]);
    let [mean, squares, none, median, low, high] = [0, 0, 1, 0, 0, 0];
    process.eachCountAlive(theta, x, age[row], t, (n, aboveAlive) => {
      const above = alive * aboveAlive;
      mean += above;
      squares += (2 * n + 1) * above;
      if (n === 0) none = 1 - above;
      if (above >= 1 - tail) low = n + 1;
      if (above > 0.5) median = n + 1;
      if (above > tail) high = n + 1;
    });
    told.expected[row] = mean;
    told.variance[row] = Math.max(0, squares - mean * mean);
    told.none[row] = none;
    told.median[row] = median;
    told.low[row] = low;
    told.high[row] = high;
  }
  return told;
}

function soundTime(t: number): number {
  required(t >= 0 && t < Infinity, 't', 'a time from 0 up', t);
  return t;
}

function save(process: PurchaseProcess, unit: string, fit: LikelihoodFit): Saved {
  const { theta, covariance, logLikelihood, convergence } = fit;
  return {
    kind: process.kind,
    version: VERSION,
    values: { unit, logLikelihood, ...convergence },
    arrays: { theta, covariance },
    parts: [],
  };
}

/** Loads what was found about a population; also used by the model of spend. */
export function likelihoodFitFrom(reader: SavedReader, parameters: number): LikelihoodFit {
  const theta = reader.array('theta', parameters);
  if (!theta.every(value => value > 0)) throw reader.bad('theta');
  return {
    theta,
    covariance: reader.array('covariance', parameters * parameters),
    logLikelihood: reader.number('logLikelihood'),
    convergence: {
      iterations: reader.number('iterations'),
      converged: reader.flag('converged'),
      gradient: reader.number('gradient'),
      objective: reader.number('objective'),
    },
  };
}

/** Loaders of the models of this file, by their kind. */
export const purchaseLoaders = Object.fromEntries(
  [BG_NBD, MBG_NBD, paretoProcess].map(process => [
    process.kind,
    (saved: Saved): PurchaseModel => {
      const reader = new SavedReader(saved, process.kind, VERSION);
      return modelOf(process, reader.text('unit'), likelihoodFitFrom(reader, process.names.length));
    },
  ]),
);
