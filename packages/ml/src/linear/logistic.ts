import type { Convergence, Estimator, FitOptions, OddsModel } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { logit, sigmoid } from '../numeric/logistic.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { convergenceOf } from './convergence.ts';
import { laplaceCovariance, scoreDeviations } from './covariance.ts';
import { designOf, type Design } from './design.ts';
import { optimum } from './optimum.ts';
import { descentParameters, type DescentParameters } from './parameters.ts';
import { linearContributions, numbersOf, scoresOf, weightsOf } from './scores.ts';

export type LogisticParameters = DescentParameters;

const KIND = 'logistic';
const VERSION = 1;
/** Passes over the rows that a fit takes, about: what decides on threads. */
const PASSES = 20;

/**
 * Logistic regression with L2 and L1 penalties, fitted by L-BFGS: of least
 * sum_i w_i [ln(1 + e^z_i) - y_i z_i] + l2/2 |b|^2 + l1 |b|_1, z = b_0 + X b. Columns must be complete (`impute` before
 * it), and of like scale where a penalty is to treat them alike (`standardise`). A target between 0 and 1 is a
 * probability to be met. The deviations are those of Laplace's approximation; with an L1 penalty, of the columns that
 * stayed in, as though they had been chosen beforehand.
 *
 * @throws MlError `ml.one_class` when every target is 0, or every one is 1
 * @example
 * const model = await logistic({ l2: 1 }).fit(table, target);
 * model.predict(table); // Float64Array of probabilities
 */
export function logistic(parameters: LogisticParameters = {}): Estimator<OddsModel> {
  const checked = descentParameters(parameters);
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
  parameters: Required<LogisticParameters>,
  options: FitOptions,
): Promise<OddsModel> {
  soundTable(table, target, options, { method: KIND, target: 'share' });
  const { threads, signal, weights } = options;
  const work = PASSES * table.rows * table.columns.length;
  return withTeam('linear', { threads, work, signal }, async team => {
    const design = designOf(team, table, target, weights);
    const share = shareOf(design);
    const start = { intercepts: [logit(share)], curvature: share * (1 - share) };
    const problem = { ...parameters, ...start, scale: 1, loss: 'logistic', classes: 1 } as const;
    const { coefficients, convergence } = await optimum(design, problem, options);
    return modelOf({
      features: table.names,
      coefficients,
      covariance: laplaceCovariance(design, coefficients, parameters),
      means: design.means,
      convergence,
    });
  });
}

/** The share of the class 1 by weight. */
function shareOf({ rows, target, weights, total }: Design): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += weights[row] * target[row];
  const share = sum / total;
  if (share <= 0 || share >= 1)
    throw new MlError(
      'ml.one_class',
      `every one of the ${rows} rows has the target ${share}; both are needed`,
    );
  return share;
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
  const { features, coefficients, covariance, means, convergence } = fitted;
  const logOdds = (table: Table): Float64Array => scoresOf(numbersOf(table, features), coefficients);
  return {
    kind: KIND,
    features,
    convergence,
    logOdds,
    predict: table => logOdds(table).map(sigmoid),
    deviation: table => scoreDeviations(numbersOf(table, features), covariance),
    contributions: table => linearContributions(numbersOf(table, features), coefficients, means),
    weights: () => weightsOf(features, coefficients),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, ...convergence },
      arrays: { coefficients, covariance, means },
      parts: [],
    }),
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
    convergence: convergenceOf(reader),
  });
}
