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

/** Products of a vector with four rows that lie `bytes` apart. */
// @inline
export function dots4(rows: usize, x: usize, bytes: usize): v128 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const rows1 = rows + bytes;
  const rows2 = rows1 + bytes;
  const rows3 = rows2 + bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = v128.load(x + at);
    a = multiplyAdd(v128.load(rows + at), value, a);
    b = multiplyAdd(v128.load(rows1 + at), value, b);
    c = multiplyAdd(v128.load(rows2 + at), value, c);
    d = multiplyAdd(v128.load(rows3 + at), value, d);
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
  const rows1 = rows + bytes;
  const rows2 = rows1 + bytes;
  const rows3 = rows2 + bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const left = multiplyAdd(v128.load(rows1 + at), b, f32x4.mul(v128.load(rows + at), a));
    const right = multiplyAdd(v128.load(rows3 + at), d, f32x4.mul(v128.load(rows2 + at), c));
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.add(left, right)));
  }
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
