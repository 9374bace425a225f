import { throwIfStopped, breath, type Convergence, type FitOptions } from '../estimator.ts';

/** min 1/2 b' G b - c' b + l1 |b|_1 + l2/2 |b|^2. */
export interface QuadraticProblem {
  /** G, symmetric, d x d by row. */
  gram: Float64Array;
  c: Float64Array;
  l1: number;
  l2: number;
  /** What the slope of each coefficient is measured by. */
  units: Float64Array;
  /** Largest slope at the end, in those units. */
  tolerance: number;
  maxIterations: number;
}

/** Sweeps between two looks at the signal. */
const SWEEPS = 20;

/**
 * Elastic net by cyclic coordinate descent with covariance updates (Friedman, Hastie and Tibshirani 2010, section 2.2):
 * an iteration sweeps over all coefficients and costs nothing for those that stay zero.
 */
export async function coordinateDescent(
  problem: QuadraticProblem,
  { signal, onProgress }: FitOptions,
): Promise<{ b: Float64Array; convergence: Omit<Convergence, 'objective'> }> {
  const { c, tolerance, maxIterations } = problem;
  const b = new Float64Array(c.length);
  // c - G b, kept up with each step
  const left = c.slice();
  let [iterations, gradient] = [0, steepest(problem, b, left)];
  while (iterations < maxIterations && gradient > tolerance) {
    if (iterations % SWEEPS === 0) {
      await breath();
      throwIfStopped(signal);
    }
    for (let j = 0; j < b.length; j++) step(problem, b, left, j);
    gradient = steepest(problem, b, left);
    iterations++;
    onProgress?.({ done: iterations, total: maxIterations, unit: 'iterations' });
  }
  return { b, convergence: { iterations, converged: gradient <= tolerance, gradient } };
}

/** Puts coefficient j where the function is least along it. */
function step({ gram, l1, l2 }: QuadraticProblem, b: Float64Array, left: Float64Array, j: number): void {
  const d = b.length;
  const own = gram[j * d + j];
  if (own <= 0) return;
  const pull = left[j] + own * b[j];
  const to = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / (own + l2);
  const by = to - b[j];
  if (by === 0) return;
  b[j] = to;
  for (let k = 0; k < d; k++) left[k] = left[k] - by * gram[j * d + k];
}

/** The largest slope of descent, in its units. */
function steepest({ l1, l2, units }: QuadraticProblem, b: Float64Array, left: Float64Array): number {
  let most = 0;
  for (let j = 0; j < b.length; j++) {
    const slope = l2 * b[j] - left[j];
    const whole = b[j] === 0 ? Math.max(0, Math.abs(slope) - l1) : Math.abs(slope + Math.sign(b[j]) * l1);
    most = Math.max(most, whole / units[j]);
  }
  return most;
}
