import { MlError } from '../errors.ts';
import { breath, type Convergence, type FitOptions, type Model } from '../estimator.ts';
import { digamma, logBeta } from '../numeric/special.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { pick, type Table } from '../table.ts';
import {
  likelihoodParameters,
  mostLikely,
  type LikelihoodFit,
  type LikelihoodParameters,
} from './maximum-likelihood.ts';
import type { LogLikelihood } from './process.ts';
import { likelihoodFitFrom, type LifetimeEstimator } from './purchases.ts';
import {
  parameterEstimates,
  uncertain,
  type ParameterEstimate,
  type Uncertain,
  type UncertaintyOptions,
} from './uncertainty.ts';

const KIND = 'gammaGamma';
const VERSION = 1;
const COLUMNS = ['frequency', 'monetary'] as const;
const NAMES = ['p', 'q', 'v'] as const;

/** What customers of a population spend at a purchase. */
export interface SpendModel extends Model {
  readonly parameters: readonly ParameterEstimate[];
  readonly logLikelihood: number;
  readonly convergence: Convergence;
  /**
   * Mean amount of each customer's purchases to come: between the population's mean and what this customer spent, the
   * nearer to the latter the more purchases there were. Infinite where the population's mean is (q of 1 or less).
   */
  expectedAverage(table: Table): Float64Array;
  /** As of `PurchaseModel`. */
  uncertain(quantity: (model: SpendModel) => Float64Array, options?: UncertaintyOptions): Uncertain;
}

/**
 * The Gamma-Gamma model of spend (Fader and Hardie 2013): each customer's amounts are gamma distributed with the shape p
 * and a rate that is gamma distributed among customers (shape q, rate v). Columns: `frequency` (repeat purchases) and
 * `monetary` (their mean amount). Customers without a repeat purchase tell nothing and are passed over. How often
 * somebody buys must have nothing to do with how much: look at their correlation first.
 *
 * @throws MlError `ml.no_rows` where nobody bought again, `ml.bad_value` where a mean amount is not above 0
 * @example
 * const spend = await gammaGamma().fit(customers);
 * spend.expectedAverage(customers);
 */
export function gammaGamma(given: LikelihoodParameters = {}): LifetimeEstimator<SpendModel> {
  const likelihood = likelihoodParameters(given);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ ...likelihood }),
    fit: async (table: Table, _target?: Float32Array, options: FitOptions = {}) => {
      const spending = repeatersOf(table, options);
      await breath();
      const search = {
        logLikelihood: logLikelihood(spending),
        start: start(spending),
        total: spending.total,
      };
      return modelOf(await mostLikely(search, likelihood, options));
    },
  });
}

interface Spending {
  frequency: Float64Array;
  /** Mean amount. */
  amount: Float64Array;
  weights: Float64Array;
  total: number;
}

function repeatersOf(table: Table, options: FitOptions): Spending {
  const accepts = { method: KIND };
  const { columns, rows } = soundTable(pick(table, COLUMNS), new Float32Array(), options, accepts);
  const [frequency, monetary] = columns;
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) if (soundSpend(row, frequency[row], monetary[row])) kept.push(row);
  const weights = Float64Array.from(kept, row => options.weights?.[row] ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0))
    throw new MlError('ml.no_rows', 'no customer has a repeat purchase to learn amounts from');
  return {
    frequency: Float64Array.from(kept, row => frequency[row]),
    amount: Float64Array.from(kept, row => monetary[row]),
    weights,
    total,
  };
}

/** Whether there is an amount to read; throws where there should be and is not. */
function soundSpend(row: number, frequency: number, amount: number): boolean {
  if (!(frequency >= 0 && frequency < Infinity))
    throw new MlError(
      'ml.bad_value',
      `row ${row} of column "frequency" is ${frequency}; it must be a count of repeat purchases, 0 or more`,
    );
  if (frequency > 0 && !(amount > 0 && amount < Infinity))
    throw new MlError(
      'ml.bad_value',
      `row ${row} of column "monetary" is ${amount}; the mean amount of repeat purchases must be above 0`,
    );
  return frequency > 0;
}

/** A plain shape, and the rate that gives the mean amount seen: p v / (q - 1). */
function start({ amount, weights, total }: Spending): Float64Array {
  const mean = amount.reduce((sum, value, i) => sum + weights[i] * value, 0) / total;
  return Float64Array.of(3, 4, mean);
}

/** Equation 1a of the note, with m the mean of x amounts. */
function logLikelihood({ frequency, amount, weights }: Spending): LogLikelihood {
  return ([p, q, v], gradient) => {
    gradient.fill(0);
    let sum = 0;
    for (let i = 0; i < frequency.length; i++) {
      const [x, weight] = [frequency[i], weights[i]];
      const [px, spent] = [p * x, x * amount[i]];
      const [ofSpent, ofRate] = [-Math.log1p(v / spent), -Math.log1p(spent / v)];
      sum += weight * (-logBeta(px, q) + px * ofSpent + q * ofRate - Math.log(amount[i]));
      const whole = digamma(px + q);
      gradient[0] = gradient[0] + weight * x * (whole - digamma(px) + ofSpent);
      gradient[1] = gradient[1] + weight * (whole - digamma(q) + ofRate);
      gradient[2] = gradient[2] + weight * (q / v - (px + q) / (spent + v));
    }
    return sum;
  };
}

function modelOf(fit: LikelihoodFit): SpendModel {
  const { theta, covariance, logLikelihood, convergence } = fit;
  return {
    kind: KIND,
    features: COLUMNS,
    parameters: parameterEstimates(NAMES, fit),
    logLikelihood,
    convergence,
    expectedAverage: table => expectedAverage(theta, table),
    uncertain: (quantity, options) =>
      uncertain(fit, other => quantity(modelOf({ ...fit, theta: other })), options),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { logLikelihood, ...convergence },
      arrays: { theta, covariance },
      parts: [],
    }),
  };
}

/** Equation 5: p (v + x m) / (p x + q - 1). */
function expectedAverage([p, q, v]: Float64Array, table: Table): Float64Array {
  const [frequency, monetary] = pick(table, COLUMNS).columns;
  return Float64Array.from(frequency, (x, row) => {
    const spent = soundSpend(row, x, monetary[row]) ? x * monetary[row] : 0;
    const shape = p * x + q - 1;
    return shape > 0 ? (p * (v + spent)) / shape : Infinity;
  });
}

export function loadGammaGamma(saved: Saved): SpendModel {
  return modelOf(likelihoodFitFrom(new SavedReader(saved, KIND, VERSION), NAMES.length));
}
