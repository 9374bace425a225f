import { multiplyAdd, sumOf } from './simd';

// Rows lie by row with `stride` f32 values each, a multiple of 4, zeros after the last column. Centres lie twice:
// `centres` by row as the rows do, and `turned` by column, value j of centre c at [j * places + c], where `places` is a
// multiple of 4 and what fills the places after the last centre is farther from every row than a centre.

/** The nearest centre of the row that `nearestOf` was last asked for, and the squared distances of it and the second. */
export let nearest: i32 = 0;
export let best: f32 = 0;
export let second: f32 = 0;

/** (centre - value)^2 more in each lane. */
// @inline
function plusSquare(sum: v128, centres: v128, value: usize): v128 {
  const apart = f32x4.sub(centres, v128.load32_splat(value));
  return multiplyAdd(apart, apart, sum);
}

/** Squared distances of four rows from all centres: that of the r-th from centre c goes to out[r * places + c]. */
export function distancesOfFour(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  columns: i32,
  turned: usize,
  places: usize,
  out: usize,
): void {
  const width = places << 2;
  const end = (<usize>columns) << 2;
  let at: usize = 0;
  for (; at + 32 <= width; at += 32) eightCentres(a, b, c, d, end, turned + at, width, out + at);
  if (at < width) fourCentres(a, b, c, d, end, turned + at, width, out + at);
}

/** Eight sums stay in registers while the columns are walked. */
function eightCentres(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  end: usize,
  turned: usize,
  width: usize,
  out: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  for (let j: usize = 0; j < end; j += 4) {
    const low = v128.load(turned);
    const high = v128.load(turned, 16);
    a0 = plusSquare(a0, low, a + j);
    a1 = plusSquare(a1, high, a + j);
    b0 = plusSquare(b0, low, b + j);
    b1 = plusSquare(b1, high, b + j);
    c0 = plusSquare(c0, low, c + j);
    c1 = plusSquare(c1, high, c + j);
    d0 = plusSquare(d0, low, d + j);
    d1 = plusSquare(d1, high, d + j);
    turned += width;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out + width, b0);
  v128.store(out + width, b1, 16);
  v128.store(out + 2 * width, c0);
  v128.store(out + 2 * width, c1, 16);
  v128.store(out + 3 * width, d0);
  v128.store(out + 3 * width, d1, 16);
}

/** The last four, where the places are no multiple of eight. */
function fourCentres(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  end: usize,
  turned: usize,
  width: usize,
  out: usize,
): void {
  let sumA = f32x4.splat(0);
  let sumB = f32x4.splat(0);
  let sumC = f32x4.splat(0);
  let sumD = f32x4.splat(0);
  for (let j: usize = 0; j < end; j += 4) {
    const centres = v128.load(turned);
    sumA = plusSquare(sumA, centres, a + j);
    sumB = plusSquare(sumB, centres, b + j);
    sumC = plusSquare(sumC, centres, c + j);
    sumD = plusSquare(sumD, centres, d + j);
    turned += width;
  }
  v128.store(out, sumA);
  v128.store(out + width, sumB);
  v128.store(out + 2 * width, sumC);
  v128.store(out + 3 * width, sumD);
}

/** Sets `nearest`, `best` and `second` from a row's distances; of centres as near, the first. */
export function nearestOf(distances: usize, places: usize): void {
  let least = f32x4.splat(Infinity);
  let next = f32x4.splat(Infinity);
  let where = i32x4.splat(0);
  let here = i32x4(0, 1, 2, 3);
  for (let at: usize = 0; at < places << 2; at += 16) {
    const found = v128.load(distances + at);
    const isNearer = f32x4.lt(found, least);
    next = f32x4.min(next, f32x4.max(least, found));
    least = f32x4.min(least, found);
    where = v128.bitselect(here, where, isNearer);
    here = i32x4.add(here, i32x4.splat(4));
  }
  best = Infinity;
  second = Infinity;
  nearest = 0x7fffffff;
  lane(f32x4.extract_lane(least, 0), f32x4.extract_lane(next, 0), i32x4.extract_lane(where, 0));
  lane(f32x4.extract_lane(least, 1), f32x4.extract_lane(next, 1), i32x4.extract_lane(where, 1));
  lane(f32x4.extract_lane(least, 2), f32x4.extract_lane(next, 2), i32x4.extract_lane(where, 2));
  lane(f32x4.extract_lane(least, 3), f32x4.extract_lane(next, 3), i32x4.extract_lane(where, 3));
}

/** One lane's two least distances among those of the lanes before. */
// @inline
function lane(least: f32, next: f32, where: i32): void {
  const isNearer = least < best || (least == best && where < nearest);
  second = min(min(second, next), max(best, least));
  if (isNearer) {
    best = least;
    nearest = where;
  }
}

/** Squared distance of two rows. */
// @inline
export function squaredDistance(a: usize, b: usize, stride: i32): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < (<usize>stride) << 2; at += 16) {
    const apart = f32x4.sub(v128.load(a + at), v128.load(b + at));
    sum = multiplyAdd(apart, apart, sum);
  }
  return sumOf(sum);
}

/** Adds a row, times a factor, to sums in f64: `stride` of them, then of the factor, then of the row's sign (+1, -1). */
export function addRow(row: usize, stride: i32, factor: f64, count: f64, sums: usize): void {
  const times = f64x2.splat(factor);
  for (let j = 0; j < stride; j += 2) {
    const value = f64x2.mul(times, f64x2.promote_low_f32x4(v128.load64_zero(row)));
    v128.store(sums, f64x2.add(v128.load(sums), value));
    row += 8;
    sums += 16;
  }
  store<f64>(sums, load<f64>(sums) + factor);
  store<f64>(sums, load<f64>(sums, 8) + count, 8);
}
