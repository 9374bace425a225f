import { multiplyAdd } from './simd';

/** Added to variances, so that a column of one value divides by more than nothing. */
const EPSILON: f32 = 1e-5;

/**
 * Mean and variance of each column over the rows, each row counting by its weight. Distances in bytes, columns in
 * multiples of four.
 *
 * @param weights one a row; `share` is one over their sum
 */
export function moments(
  z: usize,
  row: usize,
  rows: i32,
  columns: i32,
  weights: usize,
  share: f32,
  mean: usize,
  variance: usize,
): void {
  const scale = f32x4.splat(share);
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2;
    let sum = f32x4.splat(0);
    let source = z + at;
    for (let i = 0; i < rows; i++, source += row)
      sum = multiplyAdd(weight4(weights, i), v128.load(source), sum);
    const middle = f32x4.mul(sum, scale);
    let squares = f32x4.splat(0);
    source = z + at;
    for (let i = 0; i < rows; i++, source += row) {
      const away = f32x4.sub(v128.load(source), middle);
      squares = multiplyAdd(weight4(weights, i), f32x4.mul(away, away), squares);
    }
    v128.store(mean + at, middle);
    v128.store(variance + at, f32x4.mul(squares, scale));
  }
}

// @inline
function weight4(weights: usize, i: i32): v128 {
  return v128.load32_splat(weights + ((<usize>i) << 2));
}

/** xhat = (z - mean) / deviation, z = xhat scale + shift. */
export function normalise(
  z: usize,
  row: usize,
  rows: i32,
  columns: i32,
  mean: usize,
  variance: usize,
  scales: usize,
  shifts: usize,
  xhat: usize,
): void {
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2;
    const middle = v128.load(mean + at);
    const inverse = inverse4(v128.load(variance + at));
    const scale = v128.load(scales + at);
    const shift = v128.load(shifts + at);
    for (let i = 0, place = at; i < rows; i++, place += row) {
      const value = f32x4.mul(f32x4.sub(v128.load(z + place), middle), inverse);
      v128.store(xhat + place, value);
      v128.store(z + place, multiplyAdd(value, scale, shift));
    }
  }
}

// @inline
function inverse4(variance: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(EPSILON))));
}

/**
 * The gradient by z from that by what `normalise` made of it, in place (Ioffe and Szegedy 2015, section 3, with rows
 * that count by weight): with g = d scale and row i's share p_i of the weight,
 * d_i = (g_i - p_i sum g - p_i xhat_i sum(g xhat)) / deviation. Adds the gradients by scales and shifts.
 *
 * @param gradientScales where to add; 0 to add nowhere and to take mean and variance for given, as for a new row
 */
export function normaliseBack(
  d: usize,
  row: usize,
  rows: i32,
  columns: i32,
  weights: usize,
  share: f32,
  variance: usize,
  scales: usize,
  xhat: usize,
  gradientScales: usize,
  gradientShifts: usize,
): void {
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2;
    const factor = f32x4.mul(v128.load(scales + at), inverse4(v128.load(variance + at)));
    if (gradientScales == 0) {
      for (let i = 0, place = d + at; i < rows; i++, place += row)
        v128.store(place, f32x4.mul(v128.load(place), factor));
      continue;
    }
    let sum = f32x4.splat(0);
    let along = f32x4.splat(0);
    for (let i = 0, place = at; i < rows; i++, place += row) {
      const g = v128.load(d + place);
      sum = f32x4.add(sum, g);
      along = multiplyAdd(g, v128.load(xhat + place), along);
    }
    v128.store(gradientShifts + at, f32x4.add(v128.load(gradientShifts + at), sum));
    v128.store(gradientScales + at, f32x4.add(v128.load(gradientScales + at), along));
    for (let i = 0, place = at; i < rows; i++, place += row) {
      const part = f32x4.mul(weight4(weights, i), f32x4.splat(share));
      const common = multiplyAdd(v128.load(xhat + place), along, sum);
      v128.store(d + place, f32x4.mul(factor, f32x4.sub(v128.load(d + place), f32x4.mul(part, common))));
    }
  }
}
