import { factored, inverseOf, quadraticForm } from '../numeric/symmetric.ts';
import { withTeam } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import { gram, grainOf, tiled, tilesOf, type Design } from './design.ts';

/** Curvature that a direction without any is given, so that a column of one value has a finite variance. */
const LEAST_CURVATURE = 1e-8;
/** From so many products on, kernels are worth a copy of the table. */
const MANY_PRODUCTS = 10_000_000;

/**
 * Inverse of the Hessian of the summed logistic loss and its L2 penalty: the covariance of the coefficients, intercept
 * first, in Laplace's approximation. What an L1 penalty put to zero has none.
 */
export function laplaceCovariance(
  design: Design,
  coefficients: Float64Array,
  { l1, l2 }: { l1: number; l2: number },
): Float64Array {
  const n = coefficients.length;
  const hessian = curvedGram(design, coefficients);
  for (let j = 0; j < n; j++) {
    const at = j * n + j;
    hessian[at] = hessian[at] * (1 + 1e-10) + LEAST_CURVATURE + (j > 0 ? l2 : 0);
    if (l1 > 0 && j > 0 && coefficients[j] === 0) leaveOut(hessian, n, j);
  }
  return uncentred(inverseOf(factored(hessian, n)), design.means);
}

/** Cross products of (1, x - means), each row by its curvature w p (1 - p). */
function curvedGram(design: Design, coefficients: Float64Array): Float64Array {
  const { team, count, columns, tiles, weights } = design;
  const curvatures = team.f32(weights.length);
  const b = team.copied(coefficients);
  team.run('curvatures', count, grainOf(columns), tiles, columns, weights, b, curvatures);
  return gram(design, curvatures);
}

/** Takes row and column j out of a symmetric matrix. */
function leaveOut(matrix: Float64Array, n: number, j: number): void {
  for (let i = 0; i < n; i++) matrix[i * n + j] = matrix[j * n + i] = 0;
}

/** The covariance of (b_0, b), from that of (b_0 + means . b, b). */
export function uncentred(centred: Float64Array, means: Float64Array): Float64Array {
  const n = means.length + 1;
  const c = centred.slice();
  // T C T' with T = (1, -means; 0, I): the first row by T, then the first column
  for (let j = 0; j < n; j++) for (let k = 1; k < n; k++) c[j] = c[j] - means[k - 1] * centred[k * n + j];
  for (let k = 1; k < n; k++) c[0] = c[0] - means[k - 1] * c[k];
  for (let j = 1; j < n; j++) c[j * n] = c[j];
  return c;
}

/** Standard deviation of b_0 + x . b for each row x, by the covariance of (b_0, b). */
export function scoreDeviations(table: Table, covariance: Float64Array): Float64Array {
  const { rows, columns } = table;
  const products = (rows * columns.length ** 2) / 2;
  const variances =
    products < MANY_PRODUCTS ? plainVariances(table, covariance) : byKernel(table, covariance);
  return variances.map(variance => Math.sqrt(Math.max(0, variance)));
}

export function plainVariances({ rows, columns }: Table, covariance: Float64Array): Float64Array {
  const x = new Float64Array(columns.length + 1).fill(1);
  return Float64Array.from({ length: rows }, (_, row) => {
    for (let j = 1; j < x.length; j++) x[j] = columns[j - 1][row];
    return quadraticForm(covariance, x);
  });
}

function byKernel(table: Table, covariance: Float64Array): Float64Array {
  const { rows, columns } = table;
  return withTeam('linear', { work: (rows * columns.length ** 2) / 2 }, team => {
    team.scratch(columns.length * 256 + 64);
    const [tiles, count] = [tiled(team, table), tilesOf(rows)];
    const out = team.f64(count * 32);
    team.run('variances', count, 8, tiles, columns.length, team.copied(covariance), out);
    return out.slice(0, rows);
  });
}
