import { exp4, sigmoid4 } from './simd';

/**
 * Slopes and curvatures of losses by score, four rows at a time: each kernel leaves curvature and slope of row i as two
 * f32 at `pairs` + 8 i, and the sums of their sizes over its block, as two f64, at `sums` + 16 block. Rows up to the next
 * multiple of four are written too. `weights` is 0 where every row counts once.
 */

// @inline
function sumOfSizes(v: v128): f64 {
  const sizes = f32x4.abs(v);
  const low = f64x2.promote_low_f32x4(sizes);
  const high = f64x2.promote_low_f32x4(
    i8x16.shuffle(sizes, sizes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Leaves four curvatures and slopes in pairs. */
// @inline
function storePairs(at: usize, curvature: v128, slope: v128): void {
  v128.store(at, v128.shuffle<i32>(curvature, slope, 0, 4, 1, 5));
  v128.store(at, v128.shuffle<i32>(curvature, slope, 2, 6, 3, 7), 16);
}

/** Which loss `fourRows` is to compute. */
const LOGISTIC: i32 = 0;
const SQUARED: i32 = 1;
const POISSON: i32 = 2;
const QUANTILE: i32 = 3;

// @inline
function gradients(
  loss: i32,
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
): void {
  const one = f32x4.splat(1);
  let slopes = 0.0;
  let curvatures = 0.0;
  for (let i = <usize>lo; i < <usize>hi; i += 4) {
    const at = i << 2;
    const score = v128.load(scores + at);
    const y = v128.load(target + at);
    let slope = f32x4.sub(score, y);
    let curvature = one;
    if (loss == LOGISTIC) {
      const p = sigmoid4(score);
      slope = f32x4.sub(p, y);
      curvature = f32x4.mul(p, f32x4.sub(one, p));
    } else if (loss == POISSON) {
      const mean = exp4(score);
      slope = f32x4.sub(mean, y);
      curvature = f32x4.mul(mean, f32x4.splat(parameter));
    } else if (loss == QUANTILE) {
      const above = f32x4.ge(score, y);
      slope = v128.bitselect(f32x4.splat(1 - parameter), f32x4.splat(-parameter), above);
    }
    if (weights) {
      const weight = v128.load(weights + at);
      slope = f32x4.mul(slope, weight);
      curvature = f32x4.mul(curvature, weight);
    }
    slopes += sumOfSizes(slope);
    curvatures += sumOfSizes(curvature);
    storePairs(pairs + (i << 3), curvature, slope);
  }
  store<f64>(sums + ((<usize>block) << 4), slopes);
  store<f64>(sums + ((<usize>block) << 4), curvatures, 8);
}

/** Log loss of a target of 0 and 1, or a share between; the score is in log-odds. */
export function logisticGradients(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
): void {
  gradients(LOGISTIC, block, lo, hi, scores, target, weights, pairs, sums, parameter);
}

/** Half the squared distance. */
export function squaredGradients(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
): void {
  gradients(SQUARED, block, lo, hi, scores, target, weights, pairs, sums, parameter);
}

/** Poisson's deviance of a count; the score is the logarithm of the mean. `parameter` makes the curvature larger. */
export function poissonGradients(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
): void {
  gradients(POISSON, block, lo, hi, scores, target, weights, pairs, sums, parameter);
}

/** Pinball loss of the quantile `parameter`. */
export function quantileGradients(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
): void {
  gradients(QUANTILE, block, lo, hi, scores, target, weights, pairs, sums, parameter);
}

/**
 * Probabilities of `classes` classes from their scores; both by class, `pitch` rows each (a multiple of four).
 */
export function softmax(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  classes: i32,
  pitch: i32,
  probabilities: usize,
): void {
  const step = (<usize>pitch) << 2;
  for (let i = <usize>lo; i < <usize>hi; i += 4) {
    const from = scores + (i << 2);
    const to = probabilities + (i << 2);
    let most = v128.load(from);
    for (let k: usize = 1; k < <usize>classes; k++) most = f32x4.max(most, v128.load(from + k * step));
    let total = f32x4.splat(0);
    for (let k: usize = 0; k < <usize>classes; k++) {
      const e = exp4(f32x4.sub(v128.load(from + k * step), most));
      total = f32x4.add(total, e);
      v128.store(to + k * step, e);
    }
    for (let k: usize = 0; k < <usize>classes; k++)
      v128.store(to + k * step, f32x4.div(v128.load(to + k * step), total));
  }
}

/** Log loss of one class among several, `parameter`; the curvature is `scale` p (1 - p). */
export function softmaxGradients(
  block: i32,
  lo: i32,
  hi: i32,
  probabilities: usize,
  target: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
  parameter: f32,
  scale: f32,
): void {
  const one = f32x4.splat(1);
  let slopes = 0.0;
  let curvatures = 0.0;
  for (let i = <usize>lo; i < <usize>hi; i += 4) {
    const at = i << 2;
    const p = v128.load(probabilities + at);
    const is = v128.and(f32x4.eq(v128.load(target + at), f32x4.splat(parameter)), one);
    let slope = f32x4.sub(p, is);
    let curvature = f32x4.mul(f32x4.splat(scale), f32x4.mul(p, f32x4.sub(one, p)));
    if (weights) {
      const weight = v128.load(weights + at);
      slope = f32x4.mul(slope, weight);
      curvature = f32x4.mul(curvature, weight);
    }
    slopes += sumOfSizes(slope);
    curvatures += sumOfSizes(curvature);
    storePairs(pairs + (i << 3), curvature, slope);
  }
  store<f64>(sums + ((<usize>block) << 4), slopes);
  store<f64>(sums + ((<usize>block) << 4), curvatures, 8);
}

/** Pairs of f32 to the packed whole numbers that histograms add up, in place. */
export function pack(block: i32, lo: i32, hi: i32, pairs: usize, slopeScale: f32, curvatureScale: f32): void {
  const scale = f32x4.replace_lane(
    f32x4.replace_lane(f32x4.splat(curvatureScale), 1, slopeScale),
    3,
    slopeScale,
  );
  for (let at = pairs + ((<usize>lo) << 3); at < pairs + ((<usize>hi) << 3); at += 16)
    v128.store(at, i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at), scale))));
}
