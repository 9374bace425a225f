import type { Convergence, Estimator, Explained, FitOptions, Regressor } from '../estimator.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { convergenceOf } from './convergence.ts';
import { scoreDeviations } from './covariance.ts';
import { designOf } from './design.ts';
import { leastSquares, type LeastSquares } from './least-squares.ts';
import { descentParameters, type DescentParameters } from './parameters.ts';
import { linearContributions, numbersOf, scoresOf, weightsOf } from './scores.ts';

export type LinearParameters = DescentParameters;

/** Its score is its prediction: contributions are in the target's own unit. */
export interface LinearModel extends Regressor, Explained {
  readonly convergence: Convergence;
  readonly intercept: number;
  /** Coefficient of each feature. */
  weights(): ReadonlyMap<string, number>;
  /** Standard deviation of a row of weight 1 about its prediction; 0 where it is not known. */
  readonly residual: number;
  /** Standard error of each weight; absent with an L1 penalty, and where rows do not outnumber coefficients. */
  standardErrors?(): ReadonlyMap<string, number>;
  /** Standard error of each row's prediction as a mean; absent where `standardErrors` is. */
  deviation?(table: Table): Float64Array;
}

const KIND = 'linear';
const VERSION = 1;
const DEFAULTS = { l2: 0, l1: 0, maxIterations: 1000, tolerance: 1e-7 };

/**
 * Linear regression: of least 1/2 sum_i w_i (y_i - z_i)^2 + l2/2 |b|^2 + l1 |b|_1, z = b_0 + X b. Ordinary least squares
 * and ridge in closed form, lasso and elastic net by coordinate descent; cross products are in double precision. For
 * scikit-learn's Ridge, l2 is alpha; for its ElasticNet, l1 and l2 are alpha l1_ratio and alpha (1 - l1_ratio) times the
 * sum of the weights. A column that those before it determine gets no weight. Standard errors are those of ordinary
 * least squares, rows counted by their weights; with an L2 penalty, those of the posterior of which it is the prior.
 * Columns must be complete (`impute` before it).
 *
 * @example
 * const model = await linear().fit(tableOf({ x: Float32Array.of(0, 1, 2) }), Float32Array.of(1, 3, 5));
 * model.predict(tableOf({ x: Float32Array.of(10) })); // Float64Array [21]
 */
export function linear(parameters: LinearParameters = {}): Estimator<LinearModel> {
  const checked = descentParameters(parameters, DEFAULTS);
  return Object.freeze({
    name: KIND,
    parameters: checked,
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(table, target, checked, options),
  });
}

async function fit(
  table: Table,
  target: Float32Array,
  parameters: Required<LinearParameters>,
  options: FitOptions,
): Promise<LinearModel> {
  soundTable(table, target, options, { method: KIND, target: 'any' });
  const { threads, signal, weights } = options;
  const columns = table.columns.length;
  const work = table.rows * columns * columns;
  return withTeam('linear', { threads, work, signal }, async team => {
    const joint = { names: [...table.names, ''], rows: table.rows, columns: [...table.columns, target] };
    const design = designOf(team, joint, target, weights);
    const found = await leastSquares(design, parameters, options);
    return modelOf({ ...found, features: table.names, means: design.means.slice(0, columns) });
  });
}

interface Fitted extends LeastSquares {
  features: readonly string[];
  means: Float64Array;
}

function modelOf(fitted: Fitted): LinearModel {
  const { features, coefficients, covariance, means, residual, convergence } = fitted;
  return {
    kind: KIND,
    features,
    convergence,
    intercept: coefficients[0],
    residual,
    weights: () => weightsOf(features, coefficients),
    predict: table => scoresOf(numbersOf(table, features), coefficients),
    contributions: table => linearContributions(numbersOf(table, features), coefficients, means),
    ...(covariance.length > 0 && errorsOf(features, covariance)),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, residual, ...convergence },
      arrays: { coefficients, covariance, means },
      parts: [],
    }),
  };
}

function errorsOf(
  features: readonly string[],
  covariance: Float64Array,
): Pick<LinearModel, 'standardErrors' | 'deviation'> {
  const n = features.length + 1;
  const errors = Float64Array.from({ length: n }, (_, j) => Math.sqrt(covariance[j * n + j]));
  return {
    standardErrors: () => weightsOf(features, errors),
    deviation: table => scoreDeviations(numbersOf(table, features), covariance),
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadLinear(saved: Saved): LinearModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  const n = features.length + 1;
  const covariance = reader.array('covariance');
  if (covariance.length !== 0 && covariance.length !== n * n) throw reader.bad('covariance');
  return modelOf({
    features,
    coefficients: reader.array('coefficients', n),
    covariance,
    means: reader.array('means', n - 1),
    residual: reader.number('residual'),
    convergence: convergenceOf(reader),
  });
}
