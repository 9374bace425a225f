import type { Convergence, FitOptions } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { minimise, type Objective } from '../numeric/lbfgs.ts';
import { inverse } from '../numeric/symmetric.ts';
import type { LogLikelihood } from './process.ts';

export interface LikelihoodParameters {
  /**
   * Strength of the penalty penalty/2 (ln theta - ln theta_0)^2 on each parameter, beside the summed log-likelihood;
   * theta_0 is what moments suggest. For populations too small to tell every parameter.
   */
  penalty?: number;
  maxIterations?: number;
  /** Stop when no component of the gradient, per customer and in the log of a parameter, is larger than this. */
  tolerance?: number;
}

/** The same, checked and with defaults. @throws MlError `ml.bad_parameter` */
export function likelihoodParameters(given: LikelihoodParameters): Required<LikelihoodParameters> {
  const { penalty = 0, maxIterations = 500, tolerance = 1e-7 } = given;
  required(penalty >= 0 && penalty < Infinity, 'penalty', 'a number from 0 up', penalty);
  required(
    Number.isInteger(maxIterations) && maxIterations > 0,
    'maxIterations',
    'a whole number from 1 up',
    maxIterations,
  );
  required(tolerance > 0, 'tolerance', 'above 0', tolerance);
  return { penalty, maxIterations, tolerance };
}

/** What was found about a population. */
export interface LikelihoodFit {
  theta: Float64Array;
  /** Of the logs of the parameters, by row: the inverse curvature at the maximum. */
  covariance: Float64Array;
  /** Summed, without the penalty. */
  logLikelihood: number;
  convergence: Convergence;
}

export interface Search {
  logLikelihood: LogLikelihood;
  start: Float64Array;
  /** What the sum is divided by, so that the tolerance means the same for few and many. */
  total: number;
}

/** No parameter goes further than e^25 from where it started: beyond, nothing that can be seen changes. */
const FARTHEST = 25;
const CURVATURE_STEP = 1e-3;
/** Curvature (per customer) that a direction without any is given: its interval is then wide, not infinite. */
const LEAST_CURVATURE = 1e-9;

/** The parameters of the largest penalised likelihood, by L-BFGS in their logs. */
export async function mostLikely(
  { logLikelihood, start, total }: Search,
  { penalty, maxIterations, tolerance }: Required<LikelihoodParameters>,
  { signal, onProgress }: FitOptions,
): Promise<LikelihoodFit> {
  const at = (u: Float64Array): Float64Array => u.map((value, j) => start[j] * Math.exp(value));
  const objective: Objective = (u, gradient) => {
    if (u.some(value => !(Math.abs(value) <= FARTHEST))) return Infinity;
    const theta = at(u);
    const value = logLikelihood(theta, gradient);
    u.forEach((own, j) => (gradient[j] = (penalty * own - gradient[j] * theta[j]) / total));
    return (penalty * 0.5 * u.reduce((sum, own) => sum + own * own, 0) - value) / total;
  };
  const options = { maxIterations, tolerance, signal, onProgress };
  const { x, convergence } = await minimise(objective, new Float64Array(start.length), options);
  const theta = at(x);
  return {
    theta,
    covariance: covarianceAt(objective, x).map(value => value / total),
    logLikelihood: logLikelihood(theta, new Float64Array(theta.length)),
    convergence,
  };
}

/** Inverse of the Hessian, which is taken by central differences of the gradient. */
function covarianceAt(objective: Objective, x: Float64Array): Float64Array {
  const n = x.length;
  const hessian = new Float64Array(n * n);
  const gradientAt = (j: number, step: number): Float64Array => {
    const gradient = new Float64Array(n);
    objective(x.with(j, x[j] + step), gradient);
    return gradient;
  };
  for (let j = 0; j < n; j++) {
    const [after, before] = [gradientAt(j, CURVATURE_STEP), gradientAt(j, -CURVATURE_STEP)];
    for (let i = 0; i < n; i++) {
      const half = (after[i] - before[i]) / (4 * CURVATURE_STEP);
      // both halves of a symmetric matrix
      hessian[i * n + j] += half;
      hessian[j * n + i] += half;
    }
  }
  return inverseOrWide(hessian, n);
}

/** Where the likelihood is flat or the search stopped short of the top, curvature is added until there is an inverse. */
function inverseOrWide(hessian: Float64Array, n: number): Float64Array {
  for (let least = LEAST_CURVATURE; ; least *= 10) {
    for (let j = 0; j < n; j++) hessian[j * n + j] += least;
    try {
      return inverse(hessian, n);
    } catch (error) {
      if (!(error instanceof MlError) || least > 1) throw error;
    }
  }
}
