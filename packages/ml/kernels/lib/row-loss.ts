// Losses by the score of a row, two rows at a time in double precision: each returns w loss(z, y) and stores w dloss/dz
// at r.
import { expPair, logPair } from './pair';

/** ln(1 + e^z) - y z; its slope is p - y. */
export function logisticPair(z: v128, y: v128, w: v128, r: usize): v128 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const e = expPair(f64x2.neg(f64x2.abs(z)));
  const t = f64x2.add(one, e);
  const p = f64x2.div(v128.bitselect(one, e, f64x2.ge(z, zero)), t);
  v128.store(r, f64x2.mul(w, f64x2.sub(p, y)));
  const hinge = f64x2.sub(f64x2.max(z, zero), f64x2.mul(y, z));
  return f64x2.mul(w, f64x2.add(logPair(t), hinge));
}

/** e^z - y z: Poisson's log-likelihood with a log link, turned round and without what z does not change. */
export function poissonPair(z: v128, y: v128, w: v128, r: usize): v128 {
  const mean = expPair(z);
  v128.store(r, f64x2.mul(w, f64x2.sub(mean, y)));
  return f64x2.mul(w, f64x2.sub(mean, f64x2.mul(y, z)));
}

/** z + y e^-z: the gamma's, likewise. */
export function gammaPair(z: v128, y: v128, w: v128, r: usize): v128 {
  const ratio = f64x2.mul(y, expPair(f64x2.neg(z)));
  v128.store(r, f64x2.mul(w, f64x2.sub(f64x2.splat(1), ratio)));
  return f64x2.mul(w, f64x2.add(ratio, z));
}
