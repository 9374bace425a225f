import type {
  Contributions,
  Convergence,
  Estimator,
  Explained,
  FitOptions,
  Regressor,
} from '../estimator.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable, type TargetRule } from '../sound.ts';
import type { Table } from '../table.ts';
import { convergenceOf } from './convergence.ts';
import { designOf, type Design } from './design.ts';
import { optimum } from './optimum.ts';
import { descentParameters, type DescentParameters } from './parameters.ts';
import { linearContributions, numbersOf, scoresOf, weightsOf } from './scores.ts';

export type PoissonParameters = DescentParameters;
export type GammaParameters = DescentParameters;

/** A model of means that is linear in their logarithms. */
export interface LogLinkModel extends Regressor, Explained {
  readonly convergence: Convergence;
  /** Logarithm of each row's mean: what contributions sum to. */
  score(table: Table): Float64Array;
  /** Of the logarithm of the mean, sums to `score`: e^value is the factor by which a feature moved the mean. */
  contributions(table: Table): Contributions;
  /** Coefficient of each feature. */
  weights(): ReadonlyMap<string, number>;
}

/** What tells the two distributions apart. */
interface Distribution {
  kind: 'poisson' | 'gamma';
  target: TargetRule;
  /** Size of slopes and curvatures: the mean for counts, 1 for what is relative to its mean. */
  scaleOf: (mean: number) => number;
}

const POISSON: Distribution = { kind: 'poisson', target: 'not negative', scaleOf: mean => mean };
const GAMMA: Distribution = { kind: 'gamma', target: 'positive', scaleOf: () => 1 };
const VERSION = 1;
const PASSES = 20;
/** A mean of nothing is taken as this, so that its logarithm is finite. */
const LEAST_MEAN = 1e-12;

/**
 * Poisson regression with a log link, fitted by L-BFGS: of least sum_i w_i [e^z_i - y_i z_i] + l2/2 |b|^2 + l1 |b|_1,
 * z = b_0 + X b. Predictions are means, not rounded. For counts over unlike exposures (days, visits) let the target be
 * the count per unit of exposure and the weights the exposures. scikit-learn's alpha is l2 over the sum of the weights.
 * The tolerance is relative to the mean of the target. Columns as for `logistic`.
 *
 * @example
 * const model = await poisson({ l2: 1 }).fit(table, ordersPerMonth, { weights: months });
 * model.predict(table); // Float64Array of expected orders a month
 */
export function poisson(parameters: PoissonParameters = {}): Estimator<LogLinkModel> {
  return estimatorOf(POISSON, parameters);
}

/**
 * Gamma regression with a log link, fitted by L-BFGS: of least sum_i w_i [z_i + y_i e^-z_i] + l2/2 |b|^2 + l1 |b|_1.
 * For amounts above 0 whose spread grows with their mean (order values, claims). Otherwise as `poisson`.
 *
 * @example
 * const model = await gamma({ l2: 1 }).fit(table, orderValues);
 * model.predict(table); // Float64Array of expected order values
 */
export function gamma(parameters: GammaParameters = {}): Estimator<LogLinkModel> {
  return estimatorOf(GAMMA, parameters);
}

function estimatorOf(distribution: Distribution, parameters: DescentParameters): Estimator<LogLinkModel> {
  const checked = descentParameters(parameters);
  return Object.freeze({
    name: distribution.kind,
    parameters: checked,
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(distribution, table, target, checked, options),
  });
}

async function fit(
  { kind, target: rule, scaleOf }: Distribution,
  table: Table,
  target: Float32Array,
  parameters: Required<DescentParameters>,
  options: FitOptions,
): Promise<LogLinkModel> {
  soundTable(table, target, options, { method: kind, target: rule });
  const { threads, signal, weights } = options;
  const work = PASSES * table.rows * table.columns.length;
  return withTeam('linear', { threads, work, signal }, async team => {
    const design = designOf(team, table, target, weights);
    const mean = Math.max(LEAST_MEAN, meanTarget(design));
    const scale = scaleOf(mean);
    const start = { intercepts: [Math.log(mean)], curvature: scale };
    const problem = { ...parameters, ...start, scale, loss: kind, classes: 1 };
    const { coefficients, convergence } = await optimum(design, problem, options);
    return modelOf(kind, { features: table.names, coefficients, means: design.means, convergence });
  });
}

function meanTarget({ rows, target, weights, total }: Design): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += weights[row] * target[row];
  return sum / total;
}

interface Fitted {
  features: readonly string[];
  /** Intercept first. */
  coefficients: Float64Array;
  means: Float64Array;
  convergence: Convergence;
}

function modelOf(kind: Distribution['kind'], fitted: Fitted): LogLinkModel {
  const { features, coefficients, means, convergence } = fitted;
  const score = (table: Table): Float64Array => scoresOf(numbersOf(table, features), coefficients);
  return {
    kind,
    features,
    convergence,
    score,
    predict: table => score(table).map(Math.exp),
    contributions: table => linearContributions(numbersOf(table, features), coefficients, means),
    weights: () => weightsOf(features, coefficients),
    save: () => ({
      kind,
      version: VERSION,
      values: { features, ...convergence },
      arrays: { coefficients, means },
      parts: [],
    }),
  };
}

/** The model that `save` of a Poisson regression gave. @throws MlError `ml.bad_model` */
export function loadPoisson(saved: Saved): LogLinkModel {
  return load('poisson', saved);
}

/** The model that `save` of a gamma regression gave. @throws MlError `ml.bad_model` */
export function loadGamma(saved: Saved): LogLinkModel {
  return load('gamma', saved);
}

function load(kind: Distribution['kind'], saved: Saved): LogLinkModel {
  const reader = new SavedReader(saved, kind, VERSION);
  const features = reader.names('features');
  return modelOf(kind, {
    features,
    coefficients: reader.array('coefficients', features.length + 1),
    means: reader.array('means', features.length),
    convergence: convergenceOf(reader),
  });
}
