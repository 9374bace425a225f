import { sigmoid } from '../numeric/logistic.ts';
import { inverse, quadraticForm } from '../numeric/symmetric.ts';

/** Log-odds that are linear in a few features, with the covariance of the coefficients. */
export interface Line {
  /** The intercept, then one for each feature. */
  coefficients: Float64Array;
  /** Of the coefficients, by row. */
  covariance: Float64Array;
}

const MAX_STEPS = 100;
/** What a step must promise of the summed loss: far below its own standard error. */
const ENOUGH = 1e-10;
/** Curvature that a direction without any is given: all log-odds may be alike. */
const LEAST_CURVATURE = 1e-8;

/**
 * Logistic regression without a penalty on a few columns, by Newton's method; steps that do not descend are halved. In
 * double precision, where `linear/logistic` works in single.
 *
 * @param target between 0 and 1
 */
export function fittedLine(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: ArrayLike<number> | undefined,
): Line {
  const rows = { columns, target, weights };
  let coefficients = new Float64Array(columns.length + 1);
  let at = sumsAt(rows, coefficients);
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = product(inverse(at.hessian, coefficients.length), at.gradient);
    const promised = direction.reduce((sum, d, j) => sum + d * at.gradient[j], 0);
    if (promised < ENOUGH) break;
    let next = sumsAt(rows, moved(coefficients, direction, 1));
    let t = 1;
    while (next.loss > at.loss && t > 1e-9) next = sumsAt(rows, moved(coefficients, direction, (t /= 2)));
    if (next.loss > at.loss) break;
    coefficients = moved(coefficients, direction, t);
    at = next;
  }
  return { coefficients, covariance: inverse(at.hessian, coefficients.length) };
}

interface Rows {
  columns: readonly Float64Array[];
  target: Float64Array;
  weights: ArrayLike<number> | undefined;
}

interface Sums {
  loss: number;
  gradient: Float64Array;
  hessian: Float64Array;
}

function sumsAt({ columns, target, weights }: Rows, coefficients: Float64Array): Sums {
  const n = coefficients.length;
  const [gradient, hessian] = [new Float64Array(n), new Float64Array(n * n)];
  const x = new Float64Array(n).fill(1);
  let loss = 0;
  for (let row = 0; row < target.length; row++) {
    let z = coefficients[0];
    for (let j = 1; j < n; j++) {
      x[j] = columns[j - 1][row];
      z += coefficients[j] * x[j];
    }
    const p = sigmoid(z);
    const weight = weights === undefined ? 1 : weights[row];
    loss += weight * (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target[row] * z);
    for (let i = 0; i < n; i++) {
      gradient[i] += weight * (p - target[row]) * x[i];
      for (let j = 0; j <= i; j++) hessian[i * n + j] += weight * p * (1 - p) * x[i] * x[j];
    }
  }
  for (let j = 0; j < n; j++) hessian[j * n + j] += LEAST_CURVATURE;
  return { loss, gradient, hessian };
}

function product(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * x.length + j] * value, 0));
}

function moved(from: Float64Array, direction: Float64Array, t: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, j) => value - t * direction[j]);
}

/** Standard deviation of the line's log-odds at these features, the leading 1 among them. */
export function deviationOf({ covariance }: Line, features: Float64Array): number {
  return Math.sqrt(Math.max(0, quadraticForm(covariance, features)));
}
