/** Eigenvalues, largest first, and for each a vector of length 1, by row. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

const MOST_ROUNDS = 60;

/**
 * Eigenvalues and vectors of a symmetric matrix: Householder's reduction to three diagonals, then the QL method with
 * implicit shifts (Bowdler, Martin, Reinsch and Wilkinson 1968). Each vector's largest component is positive.
 *
 * @param matrix n x n by row
 */
export function eigenOf(matrix: Float64Array, n: number): Eigen {
  const { diagonal, beside, basis } = tridiagonal(matrix.slice(), n);
  for (let at = 0; at < n; at++) settle(diagonal, beside, basis, n, at);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b] - diagonal[a]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(turned(basis.subarray(from * n, (from + 1) * n)), to * n));
  return { values: Float64Array.from(order, at => diagonal[at]), vectors };
}

interface Tridiagonal {
  diagonal: Float64Array;
  /** Beside the diagonal: element i lies between i and i + 1. */
  beside: Float64Array;
  /** Rows of the orthogonal matrix that brings the matrix to this form. */
  basis: Float64Array;
}

function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = 0; k + 2 < n; k++) {
    const mirror = mirrorOf(a, n, k);
    if (mirror === undefined) continue;
    reflectBoth(a, n, k, mirror);
    reflectRows(basis, n, k + 1, mirror);
  }
  const beside = Float64Array.from({ length: n }, (_, i) => (i + 1 < n ? a[(i + 1) * n + i] : 0));
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), beside, basis };
}

/** The unit vector whose reflection clears column k below its second element; nothing where it is clear. */
function mirrorOf(a: Float64Array, n: number, k: number): Float64Array | undefined {
  const v = Float64Array.from({ length: n - k - 1 }, (_, i) => a[(k + 1 + i) * n + k]);
  const rest = v.reduce((sum, x, i) => (i > 0 ? sum + x * x : sum), 0);
  if (rest === 0) return undefined;
  v[0] += Math.sign(v[0] || 1) * Math.sqrt(rest + v[0] * v[0]);
  const length = Math.hypot(...v.subarray(0, 1), Math.sqrt(rest));
  return v.map(x => x / length);
}

/** H A H for the reflection H = 1 - 2 v v', which touches rows and columns after k. */
function reflectBoth(a: Float64Array, n: number, k: number, v: Float64Array): void {
  const from = k + 1;
  const p = new Float64Array(n);
  for (let i = k; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += a[i * n + from + j] * v[j];
    p[i] = 2 * sum;
  }
  let inner = 0;
  for (let j = 0; j < v.length; j++) inner += v[j] * p[from + j];
  for (let j = 0; j < v.length; j++) p[from + j] -= inner * v[j];
  for (let i = from; i < n; i++)
    for (let j = 0; j < v.length; j++) a[i * n + from + j] -= v[i - from] * p[from + j] + p[i] * v[j];
  for (let j = 0; j < v.length; j++) {
    a[k * n + from + j] -= p[k] * v[j];
    a[(from + j) * n + k] = a[k * n + from + j];
  }
}

/** H B, for the rows of B from `from`. */
function reflectRows(basis: Float64Array, n: number, from: number, v: Float64Array): void {
  const along = new Float64Array(n);
  for (let i = 0; i < v.length; i++) for (let j = 0; j < n; j++) along[j] += v[i] * basis[(from + i) * n + j];
  for (let i = 0; i < v.length; i++)
    for (let j = 0; j < n; j++) basis[(from + i) * n + j] -= 2 * v[i] * along[j];
}

/** Turns the matrix until the element beside position `at` is nothing against the diagonal. */
function settle(d: Float64Array, e: Float64Array, basis: Float64Array, n: number, at: number): void {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let end = at;
    while (end + 1 < n && Math.abs(e[end]) > Number.EPSILON * (Math.abs(d[end]) + Math.abs(d[end + 1])))
      end++;
    if (end === at) return;
    sweep(d, e, basis, n, at, end);
  }
}

/** One implicit QL step over positions `at` to `end`. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  basis: Float64Array,
  n: number,
  at: number,
  end: number,
): void {
  const half = (d[at + 1] - d[at]) / (2 * e[at]);
  const root = Math.hypot(half, 1);
  let g = d[end] - d[at] + e[at] / (half + (half >= 0 ? root : -root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = end - 1; i >= at; i--) {
    const [f, b] = [sine * e[i], cosine * e[i]];
    const length = Math.hypot(f, g);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] -= shift;
      e[end] = 0;
      return;
    }
    [sine, cosine] = [f / length, g / length];
    const rest = d[i + 1] - shift;
    const r = (d[i] - rest) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = rest + shift;
    g = cosine * r - b;
    rotate(basis, n, i, sine, cosine);
  }
  d[at] -= shift;
  e[at] = g;
  e[end] = 0;
}

function rotate(basis: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  for (let low = i * n, high = low + n; low < (i + 1) * n; low++, high++) {
    const [a, b] = [basis[low], basis[high]];
    basis[high] = sine * a + cosine * b;
    basis[low] = cosine * a - sine * b;
  }
}

/** The vector or its opposite: whichever has its largest component positive. */
function turned(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return largest < 0 ? vector.map(x => -x) : vector;
}
