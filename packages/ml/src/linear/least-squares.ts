import type { Convergence, FitOptions } from '../estimator.ts';
import { factored, inverseOf, solved } from '../numeric/symmetric.ts';
import { dot } from '../numeric/vector.ts';
import { coordinateDescent } from './coordinate-descent.ts';
import { uncentred } from './covariance.ts';
import { gram, type Design } from './design.ts';

export interface LeastSquares {
  /** Intercept first. */
  coefficients: Float64Array;
  /** Of the coefficients, intercept first; empty where it is not known. */
  covariance: Float64Array;
  /** Standard deviation of what is left of a row of weight 1; 0 where rows do not outnumber coefficients. */
  residual: number;
  convergence: Convergence;
}

export interface Penalties {
  l1: number;
  l2: number;
  tolerance: number;
  maxIterations: number;
}

/** Sums over centred columns, all that least squares needs of the rows. */
interface Moments {
  /** X' W X, symmetric, d x d by row. */
  xx: Float64Array;
  xy: Float64Array;
  yy: number;
}

/** A column of which the others leave less than this share of its square is taken to be determined by them. */
const DEPENDENT = 1e-10;
/** Below this share of the rows, what is left beside the coefficients is rounding. */
const LEAST_FREEDOM = 1e-9;

/**
 * Least 1/2 sum w (y - z)^2 + l2/2 |b|^2 + l1 |b|_1 by the cross products of the centred columns: in closed form, or by
 * coordinate descent where there is an L1 penalty.
 *
 * @param design whose last column is the target
 */
export async function leastSquares(
  design: Design,
  penalties: Penalties,
  options: FitOptions,
): Promise<LeastSquares> {
  const moments = momentsOf(design);
  const { b, convergence, inverse } =
    penalties.l1 > 0
      ? await descended(design, moments, penalties, options)
      : closed(moments, penalties.l2, slopeUnits(design, moments));
  const d = b.length;
  const means = design.means.subarray(0, d);
  const fitted = product(moments.xx, b);
  const squares = Math.max(0, moments.yy - 2 * dot(b, moments.xy) + dot(b, fitted));
  const size = b.reduce((sum, v) => sum + penalties.l1 * Math.abs(v) + (penalties.l2 / 2) * v * v, 0);
  const objective = (squares / 2 + size) / design.total;
  const freedom = inverse ? design.total - 1 - freedomOf(inverse, moments.xx, d) : 0;
  const isKnown = freedom > LEAST_FREEDOM * design.total;
  const variance = isKnown ? squares / freedom : 0;
  return {
    coefficients: Float64Array.of(design.means[d] - dot(b, means), ...b),
    covariance:
      inverse && isKnown ? covarianceOf(inverse, means, variance, design.total) : new Float64Array(),
    residual: Math.sqrt(variance),
    convergence: { ...convergence, objective },
  };
}

function momentsOf(design: Design): Moments {
  const d = design.columns - 1;
  const n = design.columns + 1;
  const whole = gram(design);
  const xx = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) xx[i * d + j] = xx[j * d + i] = whole[(i + 1) * n + j + 1];
  const last = (d + 1) * n;
  return { xx, xy: whole.slice(last + 1, last + 1 + d), yy: whole[last + d + 1] };
}

interface Solution {
  b: Float64Array;
  convergence: Omit<Convergence, 'objective'>;
  /** Of X' W X + l2, where the solution is in closed form. */
  inverse?: Float64Array;
}

function closed({ xx, xy }: Moments, l2: number, units: Float64Array): Solution {
  const d = xy.length;
  const penalised = xx.slice();
  for (let j = 0; j < d; j++) penalised[j * d + j] += l2;
  const factor = factored(penalised, d, DEPENDENT);
  const b = solved(factor, xy);
  const slopes = product(penalised, b).map((v, j) => Math.abs(v - xy[j]) / units[j]);
  const gradient = slopes.reduce((most, slope) => Math.max(most, slope), 0);
  return { b, convergence: { iterations: 1, converged: true, gradient }, inverse: inverseOf(factor) };
}

function descended(
  design: Design,
  moments: Moments,
  penalties: Penalties,
  options: FitOptions,
): Promise<Solution> {
  const units = slopeUnits(design, moments);
  return coordinateDescent({ gram: moments.xx, c: moments.xy, units, ...penalties }, options);
}

/** Slopes count per unit of weight, towards columns of deviation 1 and a target of deviation 1. */
function slopeUnits({ deviations, total }: Design, { xy, yy }: Moments): Float64Array {
  const spread = Math.sqrt(yy / total) || 1;
  return xy.map((_, j) => deviations[j] * total * spread);
}

/** M v of a symmetric M by row. */
function product(matrix: Float64Array, v: Float64Array): Float64Array {
  const d = v.length;
  return v.map((_, i) => dot(matrix.subarray(i * d, (i + 1) * d), v));
}

/** Effective number of coefficients beside the intercept: trace of (X'WX + l2)^-1 X'WX. */
function freedomOf(inverse: Float64Array, xx: Float64Array, d: number): number {
  let sum = 0;
  for (let i = 0; i < d * d; i++) sum += inverse[i] * xx[i];
  return sum;
}

function covarianceOf(
  inverse: Float64Array,
  means: Float64Array,
  variance: number,
  total: number,
): Float64Array {
  const n = means.length + 1;
  const centred = new Float64Array(n * n);
  centred[0] = variance / total;
  for (let i = 1; i < n; i++)
    for (let j = 1; j < n; j++) centred[i * n + j] = variance * inverse[(i - 1) * (n - 1) + j - 1];
  return uncentred(centred, means);
}
