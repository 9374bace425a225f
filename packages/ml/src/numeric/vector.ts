export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a + factor b, in a. */
export function add(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i] + factor * b[i];
}

/** x + t d, of its own. */
export function moved(x: Float64Array, d: Float64Array, t: number): Float64Array {
  return x.map((value, i) => value + t * d[i]);
}

/** The largest absolute value; 0 of nothing. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
