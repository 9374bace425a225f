import { multiplyAdd, sumOf } from './simd';

/** Dense vectors of f32. Every length is in bytes and a multiple of 16. */

export function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let c: usize = 0; c < bytes; c += 16) sum = multiplyAdd(v128.load(a + c), v128.load(b + c), sum);
  return sumOf(sum);
}

/** y += factor * x */
export function add(y: usize, x: usize, factor: f32, bytes: usize): void {
  const by = f32x4.splat(factor);
  for (let c: usize = 0; c < bytes; c += 16)
    v128.store(y + c, f32x4.add(v128.load(y + c), f32x4.mul(v128.load(x + c), by)));
}

/** The sums of four vectors of lanes, as the lanes of one. */
// @inline
export function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  const cd = f32x4.add(
    i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  return f32x4.add(
    i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
}

/** Products of a vector with four rows that lie `bytes` apart; two columns of four at a time, so that few places are computed. */
// @inline
export function dots4(rows: usize, x: usize, bytes: usize): v128 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let rows1 = rows + bytes;
  let rows2 = rows1 + bytes;
  let rows3 = rows2 + bytes;
  const end = x + bytes;
  const paired = end - (bytes & 16);
  while (x < paired) {
    const value = v128.load(x);
    a = multiplyAdd(v128.load(rows), value, a);
    b = multiplyAdd(v128.load(rows1), value, b);
    c = multiplyAdd(v128.load(rows2), value, c);
    d = multiplyAdd(v128.load(rows3), value, d);
    const next = v128.load(x, 16);
    a = multiplyAdd(v128.load(rows, 16), next, a);
    b = multiplyAdd(v128.load(rows1, 16), next, b);
    c = multiplyAdd(v128.load(rows2, 16), next, c);
    d = multiplyAdd(v128.load(rows3, 16), next, d);
    x += 32;
    rows += 32;
    rows1 += 32;
    rows2 += 32;
    rows3 += 32;
  }
  if (x < end) {
    const value = v128.load(x);
    a = multiplyAdd(v128.load(rows), value, a);
    b = multiplyAdd(v128.load(rows1), value, b);
    c = multiplyAdd(v128.load(rows2), value, c);
    d = multiplyAdd(v128.load(rows3), value, d);
  }
  return sumsOf(a, b, c, d);
}

/** y += factor 0 * row 0 + … + factor 3 * row 3, of four rows that lie `bytes` apart. */
// @inline
export function add4(y: usize, rows: usize, factors: v128, bytes: usize): void {
  const a = i8x16.shuffle(factors, factors, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
  const b = i8x16.shuffle(factors, factors, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
  const c = i8x16.shuffle(factors, factors, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
  const d = i8x16.shuffle(factors, factors, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
  let rows1 = rows + bytes;
  let rows2 = rows1 + bytes;
  let rows3 = rows2 + bytes;
  const end = y + bytes;
  const paired = end - (bytes & 16);
  while (y < paired) {
    plusFour(y, rows, rows1, rows2, rows3, a, b, c, d);
    plusFour(y + 16, rows + 16, rows1 + 16, rows2 + 16, rows3 + 16, a, b, c, d);
    y += 32;
    rows += 32;
    rows1 += 32;
    rows2 += 32;
    rows3 += 32;
  }
  if (y < end) plusFour(y, rows, rows1, rows2, rows3, a, b, c, d);
}

// @inline
function plusFour(
  y: usize,
  rows: usize,
  rows1: usize,
  rows2: usize,
  rows3: usize,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
): void {
  const left = multiplyAdd(v128.load(rows1), b, f32x4.mul(v128.load(rows), a));
  const right = multiplyAdd(v128.load(rows3), d, f32x4.mul(v128.load(rows2), c));
  v128.store(y, f32x4.add(v128.load(y), f32x4.add(left, right)));
}

/** to = from. Faster than memory.copy for a few hundred bytes: that is a call out of WebAssembly. */
// @inline
export function copy(to: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
}

// @inline
export function clear(to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f32x4.splat(0));
}
