import type { History } from './past.ts';

/** What fold-in needs of learned factors. */
export interface ItemFactors {
  /** Length of each vector. */
  factors: number;
  /** Products x factors, by row. */
  vectors: Float32Array;
  alpha: number;
  l2: number;
  scaling: number;
}

/**
 * Makes the function that gives the vector of a person from what they did, in about a tenth of a millisecond: the
 * normal equations of one row of implicit least squares, solved exactly. The products' share of them is summed once.
 *
 * @param vectors of every product that a history may hold, also of those that came after the learning
 *
 * Reference: Hu, Koren and Volinsky (2008), Collaborative filtering for implicit feedback datasets, equation 4.
 */
export function foldingIn(learned: ItemFactors, vectors = learned.vectors) {
  const { factors: n, alpha, l2, scaling } = learned;
  const gram = gramOf(learned.vectors, n);
  const [matrix, right] = [new Float64Array(n * n), new Float64Array(n)];
  return ({ items, values }: Pick<History, 'items' | 'values'>): Float32Array => {
    matrix.set(gram);
    right.fill(0);
    for (let i = 0; i < items.length; i++) addItem(matrix, right, vectors, items[i] * n, alpha * values[i]);
    const penalty = l2 * (items.length + 1) ** scaling;
    for (let j = 0; j < n; j++) matrix[j * n + j] += penalty;
    solve(matrix, right);
    return Float32Array.from(right);
  };
}

/** The lower triangle of the sum of v v'. */
function gramOf(vectors: Float32Array, n: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let at = 0; at < vectors.length; at += n)
    for (let j = 0; j < n; j++) {
      const value = vectors[at + j];
      if (value === 0) continue;
      for (let k = 0; k <= j; k++) gram[j * n + k] += value * vectors[at + k];
    }
  return gram;
}

function addItem(
  matrix: Float64Array,
  right: Float64Array,
  vectors: Float32Array,
  at: number,
  strength: number,
): void {
  const n = right.length;
  for (let j = 0; j < n; j++) {
    const value = vectors[at + j];
    right[j] += (1 + strength) * value;
    const scaled = strength * value;
    for (let k = 0; k <= j; k++) matrix[j * n + k] += scaled * vectors[at + k];
  }
}

/** Cholesky in place, of the lower triangle; the answer takes the place of the right side. */
function solve(a: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = a[j * n + k];
      for (let i = j; i < n; i++) a[i * n + j] -= factor * a[i * n + k];
    }
    const root = Math.sqrt(a[j * n + j]);
    for (let i = j; i < n; i++) a[i * n + j] /= root;
  }
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) x[j] -= a[j * n + k] * x[k];
    x[j] /= a[j * n + j];
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let i = j + 1; i < n; i++) x[j] -= a[i * n + j] * x[i];
    x[j] /= a[j * n + j];
  }
}
