import { MlError } from '../errors.ts';

/**
 * The inverse of a symmetric positive definite matrix, by Cholesky.
 *
 * @param matrix n x n by row; only its lower half is read
 * @throws MlError `ml.bad_value` when the matrix is not positive definite
 */
export function inverse(matrix: Float64Array, n: number): Float64Array {
  const lower = cholesky(matrix, n);
  const result = new Float64Array(n * n);
  for (let column = 0; column < n; column++) result.set(solved(lower, n, column), column * n);
  return result;
}

function cholesky(matrix: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i !== j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else throw new MlError('ml.bad_value', `the matrix is not positive definite at row ${i}`);
    }
  return l;
}

/** x with L L' x = the unit vector of this column. */
function solved(l: Float64Array, n: number, column: number): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = i === column ? 1 : 0;
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k];
    x[i] = sum / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
    x[i] = sum / l[i * n + i];
  }
  return x;
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
