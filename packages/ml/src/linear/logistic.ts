import type { Contributions, Convergence, Estimator, FitOptions, OddsModel } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { minimise } from '../numeric/lbfgs.ts';
import { logit, sigmoid } from '../numeric/logistic.ts';
import { inverse, quadraticForm } from '../numeric/symmetric.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { checked, pick, type Table } from '../table.ts';
import { linear, logisticHessian, logisticLoss, type LogisticData } from './loss.ts';

export interface LogisticParameters {
  /** Strength of the penalty l2/2 |b|^2 beside the summed loss (scikit-learn's 1/C); the intercept is free of it. */
  l2?: number;
  maxIterations?: number;
  /** Stop when no component of the gradient, per unit of weight, is larger than this. */
  tolerance?: number;
}

/** Curvature that a direction without any is given, so that a column of one value has a finite variance. */
const LEAST_CURVATURE = 1e-8;
const KIND = 'logistic';
const VERSION = 1;

/**
 * Logistic regression with an L2 penalty, fitted by L-BFGS. Columns should be of like scale (`standardise` before it)
 * and complete (`impute` before it). A target between 0 and 1 is a probability to be met.
 *
 * @example
 * const model = await logistic({ l2: 1 }).fit(table, target);
 * model.predict(table); // Float64Array of probabilities
 */
export function logistic(parameters: LogisticParameters = {}): Estimator<OddsModel> {
  const { l2 = 1, maxIterations = 200, tolerance = 1e-6 } = parameters;
  required(l2 >= 0 && Number.isFinite(l2), 'l2', 'a number from 0 up', l2);
  required(
    Number.isInteger(maxIterations) && maxIterations > 0,
    'maxIterations',
    'a whole number from 1 up',
    maxIterations,
  );
  required(tolerance > 0, 'tolerance', 'above 0', tolerance);
  return Object.freeze({
    name: 'logistic',
    parameters: Object.freeze({ l2, maxIterations, tolerance }),
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(table, target, { l2, maxIterations, tolerance }, options),
  });
}

async function fit(
  table: Table,
  target: Float32Array,
  { l2, maxIterations, tolerance }: Required<LogisticParameters>,
  { weights, signal, onProgress }: FitOptions,
): Promise<OddsModel> {
  const data = sound(checked(table), target, weights);
  const start = new Float64Array(table.columns.length + 1);
  start[0] = logit(mean(target, weights));
  const options = { maxIterations, tolerance, signal, onProgress };
  const { x, convergence } = await minimise(logisticLoss(data, l2), start, options);
  const means = Float64Array.from(table.columns, column => mean(column, weights));
  return modelOf({
    features: table.names,
    coefficients: x,
    covariance: covarianceOf(data, x, l2),
    means,
    convergence,
  });
}

/** Inverse of the Hessian at the optimum: the covariance of the coefficients in Laplace's approximation. */
function covarianceOf(data: LogisticData, coefficients: Float64Array, l2: number): Float64Array {
  const hessian = logisticHessian(data, coefficients, l2);
  const n = coefficients.length;
  for (let j = 0; j < n; j++) hessian[j * n + j] = hessian[j * n + j] * (1 + 1e-10) + LEAST_CURVATURE;
  return inverse(hessian, n);
}

/** What can be fitted, or the row, column or value because of which it cannot. */
function sound(table: Table, target: Float32Array, weights: Float32Array | undefined): LogisticData {
  if (table.rows === 0) throw new MlError('ml.no_rows', 'there are no rows to learn from');
  for (const [what, values] of Object.entries({ target, weights }))
    if (values !== undefined && values.length !== table.rows)
      throw new MlError('ml.bad_table', `${values.length} values of the ${what} for ${table.rows} rows`);
  table.columns.forEach((column, j) =>
    refuse(column, `column "${table.names[j]}"`, 'finite', Number.isFinite),
  );
  refuse(target, 'the target', 'from 0 to 1', y => y >= 0 && y <= 1);
  if (weights) refuse(weights, 'the weights', 'finite and not negative', w => w >= 0 && w < Infinity);
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? table.rows;
  if (!(total > 0)) throw new MlError('ml.no_rows', 'every row has weight 0');
  const share = mean(target, weights);
  if (share <= 0 || share >= 1)
    throw new MlError(
      'ml.one_class',
      `every one of the ${table.rows} rows has the target ${share}; both are needed`,
    );
  return { table, target, weights, total };
}

function refuse(values: Float32Array, what: string, valid: string, fits: (value: number) => boolean): void {
  for (let row = 0; row < values.length; row++)
    if (!fits(values[row]))
      throw new MlError('ml.bad_value', `row ${row} of ${what} is ${values[row]}; it must be ${valid}`);
}

function mean(values: Float32Array, weights: Float32Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * values[i];
    total += weight;
  }
  return sum / total;
}

interface Fitted {
  features: readonly string[];
  /** Intercept first. */
  coefficients: Float64Array;
  covariance: Float64Array;
  /** Of each feature over the rows learned from: what contributions are measured against. */
  means: Float64Array;
  convergence: Convergence;
}

function modelOf(fitted: Fitted): OddsModel {
  const { features, coefficients } = fitted;
  const logOdds = (table: Table): Float64Array => {
    const z = new Float64Array(table.rows);
    linear(pick(table, features), coefficients, 0, table.rows, z);
    return z;
  };
  return {
    kind: KIND,
    features,
    convergence: fitted.convergence,
    logOdds,
    predict: table => logOdds(table).map(sigmoid),
    deviation: table => deviation(pick(table, features), fitted.covariance),
    contributions: table => contributions(pick(table, features), fitted),
    weights: () => new Map(features.map((name, j) => [name, coefficients[j + 1]])),
    save: () => save(fitted),
  };
}

function deviation(table: Table, covariance: Float64Array): Float64Array {
  const x = new Float64Array(table.columns.length + 1).fill(1);
  return Float64Array.from({ length: table.rows }, (_, row) => {
    for (let j = 1; j < x.length; j++) x[j] = table.columns[j - 1]?.[row] ?? NaN;
    return Math.sqrt(Math.max(0, quadraticForm(covariance, x)));
  });
}

/** (value - mean) x weight: the exact Shapley values of a linear model with independent features (Lundberg and Lee 2017). */
function contributions(table: Table, { features, coefficients, means }: Fitted): Contributions {
  const d = features.length;
  const values = new Float64Array(table.rows * d);
  let base = coefficients[0];
  table.columns.forEach((column, j) => {
    const weight = coefficients[j + 1];
    base += weight * means[j];
    for (let row = 0; row < table.rows; row++) values[row * d + j] = weight * (column[row] - means[j]);
  });
  return { base, features, values };
}

function save({ features, coefficients, covariance, means, convergence }: Fitted): Saved {
  return {
    kind: KIND,
    version: VERSION,
    values: { features, ...convergence },
    arrays: { coefficients, covariance, means },
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadLogistic(saved: Saved): OddsModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  const n = features.length + 1;
  return modelOf({
    features,
    coefficients: reader.array('coefficients', n),
    covariance: reader.array('covariance', n * n),
    means: reader.array('means', n - 1),
    convergence: {
      iterations: reader.number('iterations'),
      converged: reader.flag('converged'),
      gradient: reader.number('gradient'),
      objective: reader.number('objective'),
    },
  });
}
