/** Sum of the two lanes. */
// @inline
export function sumOfPair(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Two 32-bit floats of memory as doubles. */
// @inline
export function widened(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * e^x of two doubles to about one unit in the last place, from -708 to 708, clamped beyond. Range reduction by Cody and
 * Waite, rational approximation of Cephes' exp (Moshier 1989).
 */
export function expPair(value: v128): v128 {
  let x = f64x2.max(f64x2.min(value, f64x2.splat(708)), f64x2.splat(-708));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  x = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93145751953125e-1)));
  x = f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.42860682030941723212e-6)));
  const xx = f64x2.mul(x, x);
  let p = f64x2.mul(xx, f64x2.splat(1.26177193074810590878e-4));
  p = f64x2.mul(xx, f64x2.add(p, f64x2.splat(3.029944077074419613e-2)));
  p = f64x2.mul(x, f64x2.add(p, f64x2.splat(1)));
  let q = f64x2.mul(xx, f64x2.splat(3.00198505138664455042e-6));
  q = f64x2.mul(xx, f64x2.add(q, f64x2.splat(2.52448340349684104192e-3)));
  q = f64x2.mul(xx, f64x2.add(q, f64x2.splat(2.27265548208155028766e-1)));
  q = f64x2.add(q, f64x2.splat(2));
  const half = f64x2.div(p, f64x2.sub(q, p));
  const power = i64x2.shl(
    i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023)),
    52,
  );
  return f64x2.mul(f64x2.add(f64x2.add(half, half), f64x2.splat(1)), power);
}

/**
 * Natural logarithm of two normal positive doubles to about one unit in the last place: the method of fdlibm's log (Sun
 * 1993) with x = 2^k (1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1.
 */
export function logPair(x: v128): v128 {
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), f64x2.splat(1));
  const high = f64x2.gt(mantissa, f64x2.splat(1.4142135623730951));
  const exponent = i64x2.sub(i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023)), high);
  const narrow = i8x16.shuffle(exponent, exponent, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11);
  const k = f64x2.convert_low_i32x4_s(narrow);
  const m = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, high);
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = f64x2.mul(s, s);
  let r = f64x2.mul(z, f64x2.splat(1.479819860511658591e-1));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(1.531383769920937332e-1)));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(1.818357216161805012e-1)));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(2.222219843214978396e-1)));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(2.857142874366239149e-1)));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(3.999999999940941908e-1)));
  r = f64x2.mul(z, f64x2.add(r, f64x2.splat(6.66666666666673513e-1)));
  const square = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const low = f64x2.add(
    f64x2.mul(s, f64x2.add(square, r)),
    f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)),
  );
  const tail = f64x2.sub(f64x2.sub(square, low), f);
  return f64x2.sub(f64x2.mul(k, f64x2.splat(6.9314718036912381649e-1)), tail);
}
