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
