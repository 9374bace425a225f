import { MlError } from '../errors.ts';

/** The lower triangle L of a matrix L L', by row. */
export interface Factor {
  n: number;
  lower: Float64Array;
}

/**
 * Factors a symmetric positive semidefinite matrix (Cholesky). A column that those before it determine is left out: its
 * row and column of L are zero, and `solved` gives it 0.
 *
 * @param matrix n x n by row; only its lower half is read
 * @param least the share of its own square that a column must have beside those before it, to stay in
 */
export function factored(matrix: Float64Array, n: number, least = 0): Factor {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const pivot = l[j * n + j];
      if (pivot > 0) l[i * n + j] = (matrix[i * n + j] - rowsProduct(l, n, i, j)) / pivot;
    }
    const own = matrix[i * n + i];
    const left = own - rowsProduct(l, n, i, i);
    if (left > Math.max(0, least * own)) l[i * n + i] = Math.sqrt(left);
    else l.fill(0, i * n, i * n + i);
  }
  return { n, lower: l };
}

/** Sum over k < j of L_ik L_jk. */
function rowsProduct(l: Float64Array, n: number, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < j; k++) sum += l[i * n + k] * l[j * n + k];
  return sum;
}

/** x with L L' x = b. */
export function solved({ n, lower: l }: Factor, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const pivot = l[i * n + i];
    if (pivot === 0) continue;
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k];
    x[i] = sum / pivot;
  }
  for (let i = n - 1; i >= 0; i--) {
    const pivot = l[i * n + i];
    if (pivot === 0) continue;
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
    x[i] = sum / pivot;
  }
  return x;
}

/** The inverse of what was factored; rows and columns that were left out are zero. */
export function inverseOf(factor: Factor): Float64Array {
  const { n } = factor;
  const result = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    if (factor.lower[column * n + column] === 0) continue;
    const unit = new Float64Array(n);
    unit[column] = 1;
    result.set(solved(factor, unit), column * n);
  }
  return result;
}

/**
 * The inverse of a symmetric positive definite matrix, by Cholesky.
 *
 * @param matrix n x n by row; only its lower half is read
 * @throws MlError `ml.bad_value` when the matrix is not positive definite
 */
export function inverse(matrix: Float64Array, n: number): Float64Array {
  const factor = factored(matrix, n);
  for (let i = 0; i < n; i++)
    if (!(factor.lower[i * n + i] > 0))
      throw new MlError('ml.bad_value', `the matrix is not positive definite at row ${i}`);
  return inverseOf(factor);
}

/** x' M x, for a symmetric M by row. */
export function quadraticForm(matrix: Float64Array, x: Float64Array): number {
  const n = x.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += matrix[i * n + j] * x[j];
    sum += row * x[i];
  }
  return sum;
}
