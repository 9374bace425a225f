import { exp4 } from './simd';

/** e^x, as `exp4`. */
// @inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** 1 / (1 + e^-x). */
// @inline
export function sigmoid1(x: f32): f32 {
  return 1.0 / (1.0 + exp1(-x));
}

/**
 * ln(1 + e) for e from 0 to 1, to 1e-7: twice the series of the inverse hyperbolic tangent of e / (2 + e), which is at
 * most 1/3.
 */
// @inline
export function log1p1(e: f32): f32 {
  const s = e / (2.0 + e);
  const q = s * s;
  const series =
    q *
    (<f32>0.33333333 + q * (<f32>0.2 + q * (<f32>0.14285714 + q * (<f32>0.11111111 + q * <f32>0.09090909))));
  return 2.0 * s * (1.0 + series);
}

/** ln x, for normal x above 0: x is a power of two times a number from 1 to 2. */
// @inline
export function log1(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  const power = <f32>((bits >> 23) - 127);
  const mantissa = reinterpret<f32>((bits & 0x007fffff) | 0x3f800000);
  return power * <f32>0.69314718 + log1p1(mantissa - 1);
}
