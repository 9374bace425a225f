const { fround } = Math;

/**
 * Inner product of two vectors of f32, to the last bit as the kernels do it: four sums side by side, then the first and
 * the third, the second and the fourth, and both.
 *
 * @param rank a multiple of 4
 */
export function product(a: Float32Array, from: number, b: Float32Array, at: number, rank: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < rank; j += 4) {
    s0 = fround(s0 + fround(a[from + j] * b[at + j]));
    s1 = fround(s1 + fround(a[from + j + 1] * b[at + j + 1]));
    s2 = fround(s2 + fround(a[from + j + 2] * b[at + j + 2]));
    s3 = fround(s3 + fround(a[from + j + 3] * b[at + j + 3]));
  }
  return fround(fround(s0 + s2) + fround(s1 + s3));
}
