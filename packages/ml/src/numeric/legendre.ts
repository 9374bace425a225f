/** Points in 0..1 and their weights, which sum to 1. */
export interface Quadrature {
  at: Float64Array;
  weight: Float64Array;
}

const known = new Map<number, Quadrature>();

/**
 * Gauss-Legendre quadrature over 0..1: n points that integrate every polynomial up to degree 2n - 1 exactly. Roots of the
 * Legendre polynomial by Newton's method from their asymptotic places (Press et al., Numerical Recipes, 4.6).
 *
 * @example
 * const { at, weight } = legendre(2);
 * at.reduce((sum, t, k) => sum + weight[k] * t ** 3, 0); // 0.25
 */
export function legendre(n: number): Quadrature {
  const before = known.get(n);
  if (before) return before;
  const at = new Float64Array(n);
  const weight = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const { root, slope } = rootOf(n, Math.cos((Math.PI * (k + 0.75)) / (n + 0.5)));
    at[k] = (1 - root) / 2;
    weight[k] = 1 / ((1 - root * root) * slope * slope);
  }
  known.set(n, { at, weight });
  return { at, weight };
}

/** The root of the n-th Legendre polynomial near `start`, and the polynomial's slope there. */
function rootOf(n: number, start: number): { root: number; slope: number } {
  let [root, slope] = [start, 1];
  for (let step = 0; step < 20; step++) {
    let [last, value] = [0, 1];
    for (let j = 0; j < n; j++) [last, value] = [value, ((2 * j + 1) * root * value - j * last) / (j + 1)];
    slope = (n * (root * value - last)) / (root * root - 1);
    root -= value / slope;
    if (Math.abs(value / slope) < 1e-15) break;
  }
  return { root, slope };
}
