import { multiplyAdd, sumOf } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

/** Rows that are staged at a time: their columns stay in the second cache while every pair of them is multiplied. */
const STAGE: i32 = 512;
const COLUMN: usize = 2048;

/**
 * Products of every pair of columns less their origins, over the rows lo to hi, in single precision over a stage and in
 * double over stages. Scratch: 2048 bytes a column (a multiple of three of them).
 *
 * @param columns pointers (u32) to `count` columns of f32
 * @param origins f32 x count: taken from each value
 * @param weights f32 a row, or 0; every product counts as often
 * @param out f64 a block x count x count: the half j <= i of each product, then f64 x count: the sums
 */
export function products(
  block: i32,
  lo: i32,
  hi: i32,
  columns: usize,
  count: i32,
  origins: usize,
  weights: usize,
  out: usize,
): void {
  const size = (<usize>count) << 3;
  const own = out + <usize>block * size * <usize>(count + 1);
  memory.fill(own, 0, size * <usize>(count + 1));
  const padded = ((count + 2) / 3) * 3;
  const staged = scratch();
  for (let from = lo; from < hi; from += STAGE) {
    stage(
      columns,
      count,
      padded,
      origins,
      weights,
      from,
      min(hi, from + STAGE),
      staged,
      own + size * <usize>count,
    );
    for (let i = 0; i < padded; i += 3)
      for (let j = 0; j <= i; j += 3)
        nine(staged, i, j, count, weights == 0 ? staged : staged + <usize>padded * COLUMN, own);
  }
}

/**
 * Copies rows of every column, less its origin, zeros after the last; adds up each. Where rows have weights, a second copy
 * has each value times its weight.
 */
function stage(
  columns: usize,
  count: i32,
  padded: i32,
  origins: usize,
  weights: usize,
  from: i32,
  to: i32,
  staged: usize,
  sums: usize,
): void {
  const weighted = staged + <usize>padded * COLUMN;
  const rows = to - from;
  for (let j = 0; j < padded; j++) {
    const target = staged + <usize>j * COLUMN;
    const twin = weighted + <usize>j * COLUMN;
    memory.fill(target, 0, COLUMN);
    if (weights != 0) memory.fill(twin, 0, COLUMN);
    if (j >= count) continue;
    const source = <usize>load<u32>(columns + ((<usize>j) << 2)) + ((<usize>from) << 2);
    const origin = load<f32>(origins + ((<usize>j) << 2));
    copyLess(source, origin, rows, target);
    if (weights != 0) copyTimes(target, weights + ((<usize>from) << 2), rows, twin);
    const sum = sums + ((<usize>j) << 3);
    store<f64>(sum, load<f64>(sum) + total(weights == 0 ? target : twin));
  }
}

function copyLess(source: usize, origin: f32, rows: i32, target: usize): void {
  const less = f32x4.splat(origin);
  let i = 0;
  for (; i + 4 <= rows; i += 4)
    v128.store(target + ((<usize>i) << 2), f32x4.sub(v128.load(source + ((<usize>i) << 2)), less));
  for (; i < rows; i++)
    store<f32>(target + ((<usize>i) << 2), load<f32>(source + ((<usize>i) << 2)) - origin);
}

function copyTimes(source: usize, weights: usize, rows: i32, target: usize): void {
  for (let i = 0; i < rows; i++) {
    const at = (<usize>i) << 2;
    store<f32>(target + at, load<f32>(source + at) * load<f32>(weights + at));
  }
}

function total(column: usize): f64 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < COLUMN; at += 16) sum = f32x4.add(sum, v128.load(column + at));
  return <f64>sumOf(sum);
}

/** Products of three columns from i with three from j, over a stage; nine sums stay in registers. */
function nine(staged: usize, i: i32, j: i32, count: i32, weighted: usize, out: usize): void {
  let a = weighted + <usize>i * COLUMN;
  let b = staged + <usize>j * COLUMN;
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  const end = a + COLUMN;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 2048);
    const b2 = v128.load(b, 4096);
    const a0 = v128.load(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    s02 = multiplyAdd(a0, b2, s02);
    const a1 = v128.load(a, 2048);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    s12 = multiplyAdd(a1, b2, s12);
    const a2 = v128.load(a, 4096);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    s22 = multiplyAdd(a2, b2, s22);
    a += 16;
    b += 16;
  }
  three(out, i, j, count, sumOf(s00), sumOf(s01), sumOf(s02));
  three(out, i + 1, j, count, sumOf(s10), sumOf(s11), sumOf(s12));
  three(out, i + 2, j, count, sumOf(s20), sumOf(s21), sumOf(s22));
}

/** Adds to row i of the products, columns j to j + 2, as far as there are such. */
// @inline
function three(out: usize, i: i32, j: i32, count: i32, x: f32, y: f32, z: f32): void {
  if (i >= count) return;
  const at = out + ((<usize>i * <usize>count + <usize>j) << 3);
  store<f64>(at, load<f64>(at) + <f64>x);
  if (j + 1 < count) store<f64>(at, load<f64>(at, 8) + <f64>y, 8);
  if (j + 2 < count) store<f64>(at, load<f64>(at, 16) + <f64>z, 16);
}

/**
 * A'A V over rows of A: of each row a, y = a V, then a y' is added up. Scratch: 4 places bytes.
 *
 * @param rows f32, by row, `stride` from one to the next
 * @param basis V: columns x places f32, where `places` is a multiple of 4
 * @param out f64 a block x columns x places
 */
export function timesTwice(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  columns: i32,
  weights: usize,
  basis: usize,
  places: i32,
  out: usize,
): void {
  const width = (<usize>places) << 2;
  const own = out + <usize>block * <usize>columns * width * 2;
  memory.fill(own, 0, <usize>columns * width * 2);
  const y = scratch();
  for (let i = lo; i < hi; i++) {
    const row = rows + ((<usize>i * <usize>stride) << 2);
    memory.fill(y, 0, width);
    for (let j: usize = 0; j < <usize>columns; j++)
      addScaled(y, load<f32>(row + (j << 2)), basis + j * width, width);
    const weight: f32 = weights == 0 ? 1 : load<f32>(weights + ((<usize>i) << 2));
    for (let j: usize = 0; j < <usize>columns; j++)
      addWide(own + j * width * 2, weight * load<f32>(row + (j << 2)), y, width);
  }
}

// @inline
function addScaled(to: usize, factor: f32, from: usize, bytes: usize): void {
  const times = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(to + at, multiplyAdd(times, v128.load(from + at), v128.load(to + at)));
}

/** Adds f32 values, times a factor, to f64 values. */
// @inline
function addWide(to: usize, factor: f32, from: usize, bytes: usize): void {
  const times = f64x2.splat(<f64>factor);
  for (let at: usize = 0; at < bytes; at += 8) {
    const value = f64x2.promote_low_f32x4(v128.load64_zero(from + at));
    v128.store(to + 2 * at, f64x2.add(v128.load(to + 2 * at), f64x2.mul(times, value)));
  }
}

/**
 * Sparse rows times a matrix.
 *
 * @param values f32 beside each index, or 0 where all are 1
 * @param matrix f32: `places` values for each index, a multiple of 4
 * @param out f32 a row x places
 */
export function sparseTimes(
  block: i32,
  lo: i32,
  hi: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  matrix: usize,
  places: i32,
  out: usize,
): void {
  const width = (<usize>places) << 2;
  for (let i = lo; i < hi; i++) {
    const row = out + <usize>i * width;
    memory.fill(row, 0, width);
    const end = (<usize>load<u32>(offsets + ((<usize>i) << 2), 4)) << 2;
    for (let at = (<usize>load<u32>(offsets + ((<usize>i) << 2))) << 2; at < end; at += 4) {
      const value: f32 = values == 0 ? 1 : load<f32>(values + at);
      addScaled(row, value, matrix + <usize>load<u32>(indices + at) * width, width);
    }
  }
}
