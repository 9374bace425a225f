import { multiplyAdd, sigmoid4 } from './simd';

export const IDENTITY = 0;
export const RELU = 1;
export const SIGMOID = 2;
export const TANH = 3;
export const GELU = 4;

const ROOT_2_OVER_PI: f32 = 0.7978845608;
const CUBIC: f32 = 0.044715;

/**
 * a = f(z) for `count` values, four at a time; z and a may be the same, but for GELU, whose slope needs z again.
 */
export function activate(kind: i32, z: usize, a: usize, count: i32): void {
  const end = z + ((<usize>count) << 2);
  if (kind == RELU) {
    const zero = f32x4.splat(0);
    for (; z < end; z += 16, a += 16) v128.store(a, f32x4.max(zero, v128.load(z)));
  } else if (kind == SIGMOID) {
    for (; z < end; z += 16, a += 16) v128.store(a, sigmoid4(v128.load(z)));
  } else if (kind == TANH) {
    for (; z < end; z += 16, a += 16) v128.store(a, tanh4(v128.load(z)));
  } else if (kind == GELU) {
    for (; z < end; z += 16, a += 16) v128.store(a, gelu4(v128.load(z)));
  }
}

/** d = d f'(z) for `count` values, from z or from a = f(z), whichever says it sooner. */
export function slope(kind: i32, z: usize, a: usize, d: usize, count: i32): void {
  const end = d + ((<usize>count) << 2);
  const one = f32x4.splat(1);
  if (kind == RELU) {
    const zero = f32x4.splat(0);
    for (; d < end; d += 16, a += 16) v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(a), zero)));
  } else if (kind == SIGMOID) {
    for (; d < end; d += 16, a += 16) {
      const y = v128.load(a);
      v128.store(d, f32x4.mul(v128.load(d), f32x4.mul(y, f32x4.sub(one, y))));
    }
  } else if (kind == TANH) {
    for (; d < end; d += 16, a += 16) {
      const y = v128.load(a);
      v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(y, y))));
    }
  } else if (kind == GELU) {
    for (; d < end; d += 16, z += 16) v128.store(d, f32x4.mul(v128.load(d), geluSlope4(v128.load(z))));
  }
}

/** Around 0 by its series, where the difference of exponentials has no digits left. */
// @inline
function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const far = f32x4.sub(f32x4.mul(f32x4.splat(2), sigmoid4(f32x4.add(x, x))), one);
  const square = f32x4.mul(x, x);
  let near = multiplyAdd(f32x4.splat(0.13333334), square, f32x4.splat(-0.33333334));
  near = multiplyAdd(f32x4.mul(near, square), x, x);
  return v128.bitselect(near, far, f32x4.lt(f32x4.abs(x), f32x4.splat(0.06)));
}

/** x / 2 (1 + tanh u) = x / (1 + e^(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3). */
// @inline
function gelu4(x: v128): v128 {
  return f32x4.mul(x, sigmoid4(inner4(x)));
}

/** 2u. */
// @inline
function inner4(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const factor = multiplyAdd(
    f32x4.splat(2 * ROOT_2_OVER_PI * CUBIC),
    square,
    f32x4.splat(2 * ROOT_2_OVER_PI),
  );
  return f32x4.mul(x, factor);
}

/** s + x s (1 - s) (2u)', s = sigmoid(2u). */
// @inline
function geluSlope4(x: v128): v128 {
  const s = sigmoid4(inner4(x));
  const rise = multiplyAdd(
    f32x4.splat(6 * ROOT_2_OVER_PI * CUBIC),
    f32x4.mul(x, x),
    f32x4.splat(2 * ROOT_2_OVER_PI),
  );
  const bend = f32x4.mul(f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)), f32x4.mul(x, rise));
  return f32x4.add(s, bend);
}
