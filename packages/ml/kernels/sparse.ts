// Linear learners that go over sparse rows one after the other: each row is predicted by what the rows before it taught,
// then teaches. They run on one thread, for the order of the rows is part of the result.
//
// Of rows `lo` to `hi`: `offsets` (u32) says where each begins in `indices` (u32) and `values` (f32; 0 where all are 1);
// `targets` (f32); `weights` (f32; 0 where all are 1). `own` (f64) is what belongs to no feature: [0] the sum of the
// losses of the predictions made on the way, [1] the sum of weights, [2] rows seen, then as each learner says. `p` (f32)
// are the parameters. Plain twins: src/linear/sparse/*.reference.ts.
import { exp1, log1p1 } from './lib/scalar';
import { sumOf } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

const LOSS: usize = 0;
const WEIGHT: usize = 8;
const ROWS: usize = 16;

// @inline
function at4(array: usize, position: u32): usize {
  return array + ((<usize>position) << 2);
}

/** The cell of two f32 that a feature has. */
// @inline
function cell(table: usize, feature: u32): usize {
  return table + ((<usize>feature) << 3);
}

// @inline
function count(own: usize, loss: f32, weight: f32): void {
  store<f64>(own, load<f64>(own, LOSS) + <f64>(loss * weight), LOSS);
  store<f64>(own, load<f64>(own, WEIGHT) + <f64>weight, WEIGHT);
  store<f64>(own, load<f64>(own, ROWS) + 1, ROWS);
}

// ---- four cells at a time

/** The cells of two features: [a0, a1, b0, b1]. */
// @inline
function twoCells(table: usize, a: u32, b: u32): v128 {
  return v128.load64_lane(cell(table, b), v128.load64_zero(cell(table, a)), 1);
}

/** The first numbers of four cells that came in two vectors. */
// @inline
function firsts(ab: v128, cd: v128): v128 {
  return i8x16.shuffle(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/** The second numbers. */
// @inline
function seconds(ab: v128, cd: v128): v128 {
  return i8x16.shuffle(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/** Puts the numbers of four cells back. */
// @inline
function storeCells(table: usize, i: usize, first: v128, second: v128): void {
  const ab = i8x16.shuffle(first, second, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(first, second, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store64_lane(cell(table, load<u32>(i)), ab, 0);
  v128.store64_lane(cell(table, load<u32>(i, 4)), ab, 1);
  v128.store64_lane(cell(table, load<u32>(i, 8)), cd, 0);
  v128.store64_lane(cell(table, load<u32>(i, 12)), cd, 1);
}

/** Whether two of four features are the same: then they must be changed one after the other. */
// @inline
function repeats(features: v128): bool {
  const by1 = i8x16.shuffle(features, features, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
  const by2 = i8x16.shuffle(features, features, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  return v128.any_true(v128.or(i32x4.eq(features, by1), i32x4.eq(features, by2)));
}

// ---- FTRL-Proximal. A cell is z and the root of n; `own` goes on with these of the intercept; `p`: 1/alpha, beta, l1, l2

/** -(z - sign(z) l1) / ((beta + root) / alpha + l2), or 0 where |z| <= l1. */
// @inline
function ftrlWeights(z: v128, root: v128, p: usize): v128 {
  const sign = v128.and(z, i32x4.splat(0x80000000));
  const over = f32x4.max(f32x4.sub(f32x4.abs(z), v128.load32_splat(p, 8)), f32x4.splat(0));
  const rate = f32x4.mul(f32x4.add(v128.load32_splat(p, 4), root), v128.load32_splat(p));
  const ratio = f32x4.div(v128.or(over, sign), f32x4.add(rate, v128.load32_splat(p, 12)));
  // with beta and l2 of 0, a feature that was never seen has 0 over 0
  return v128.and(f32x4.neg(ratio), f32x4.gt(over, f32x4.splat(0)));
}

// @inline
function ftrlWeight(z: f32, root: f32, alpha: f32, beta: f32, l1: f32, l2: f32): f32 {
  const over = abs(z) - l1;
  return over > 0 ? -copysign<f32>(over, z) / ((beta + root) * alpha + l2) : 0;
}

/** The sum of weight and value over a row; the weights stay in `w` for the update. */
function ftrlDot(indices: usize, values: usize, n: i32, table: usize, p: usize, w: usize): f32 {
  let sum = f32x4.splat(0);
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const i = at4(indices, k);
    const ab = twoCells(table, load<u32>(i), load<u32>(i, 4));
    const cd = twoCells(table, load<u32>(i, 8), load<u32>(i, 12));
    const weights = ftrlWeights(firsts(ab, cd), seconds(ab, cd), p);
    v128.store(at4(w, k), weights);
    sum = f32x4.add(sum, values ? f32x4.mul(weights, v128.load(at4(values, k))) : weights);
  }
  let z = sumOf(sum);
  for (; k < n; k++) {
    const own = cell(table, load<u32>(at4(indices, k)));
    const weight = ftrlWeight(
      load<f32>(own),
      load<f32>(own, 4),
      load<f32>(p),
      load<f32>(p, 4),
      load<f32>(p, 8),
      load<f32>(p, 12),
    );
    store<f32>(at4(w, k), weight);
    z += values ? weight * load<f32>(at4(values, k)) : weight;
  }
  return z;
}

/** n grows by c g^2; z by c g less (growth of the root of n) / alpha times the weight: c rows at once. */
function ftrlChange(own: usize, g: f32, c: f32, weight: f32, p: usize): void {
  const root = load<f32>(own, 4);
  const next = sqrt<f32>(root * root + c * g * g);
  store<f32>(own, load<f32>(own) + (c * g - (next - root) * load<f32>(p) * weight));
  store<f32>(own, next, 4);
}

// prettier-ignore
function ftrlUpdate(indices: usize, values: usize, n: i32, table: usize, p: usize, w: usize, d: f32, c: f32): void {
  const c4 = f32x4.splat(c);
  const d4 = f32x4.splat(d);
  const alpha = v128.load32_splat(p);
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const i = at4(indices, k);
    if (repeats(v128.load(i))) {
      ftrlOneByOne(i, values ? at4(values, k) : 0, 4, table, p, at4(w, k), d, c);
      continue;
    }
    const ab = twoCells(table, load<u32>(i), load<u32>(i, 4));
    const cd = twoCells(table, load<u32>(i, 8), load<u32>(i, 12));
    const g = values ? f32x4.mul(d4, v128.load(at4(values, k))) : d4;
    const root = seconds(ab, cd);
    const next = f32x4.sqrt(f32x4.add(f32x4.mul(root, root), f32x4.mul(c4, f32x4.mul(g, g))));
    const sigma = f32x4.mul(f32x4.sub(next, root), alpha);
    const change = f32x4.sub(f32x4.mul(c4, g), f32x4.mul(sigma, v128.load(at4(w, k))));
    storeCells(table, i, f32x4.add(firsts(ab, cd), change), next);
  }
  ftrlOneByOne(at4(indices, k), values ? at4(values, k) : 0, n - k, table, p, at4(w, k), d, c);
}

// prettier-ignore
function ftrlOneByOne(indices: usize, values: usize, n: i32, table: usize, p: usize, w: usize, d: f32, c: f32): void {
  for (let k = 0; k < n; k++)
    ftrlChange(cell(table, load<u32>(at4(indices, k))), values ? d * load<f32>(at4(values, k)) : d, c, load<f32>(at4(w, k)), p);
}

// prettier-ignore
export function ftrl(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, targets: usize, weights: usize, own: usize, p: usize, width: i32, rates: usize, table: usize): void {
  const w = scratch();
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const i = at4(indices, from);
    const x = values ? at4(values, from) : 0;
    const y = load<f32>(at4(targets, row));
    const c: f32 = weights ? load<f32>(at4(weights, row)) : 1;
    const bias = ftrlWeight(<f32>load<f64>(own, 24), <f32>load<f64>(own, 32), load<f32>(p), load<f32>(p, 4), 0, 0);
    const z = bias + ftrlDot(i, x, n, table, p, w);
    const d = slope(LOGISTIC, z, y, 0);
    count(own, lossOf(LOGISTIC, z, y, 0), c);
    ftrlUpdate(i, x, n, table, p, w, d, c);
    ftrlIntercept(own, d, c, bias, p);
  }
}

/** As `ftrlChange`, in double precision. */
// @inline
function ftrlIntercept(own: usize, d: f32, c: f32, bias: f32, p: usize): void {
  const g = <f64>d;
  const root = load<f64>(own, 32);
  const next = sqrt<f64>(root * root + <f64>c * g * g);
  store<f64>(own, load<f64>(own, 24) + (<f64>c * g - (next - root) * <f64>(load<f32>(p) * bias)), 24);
  store<f64>(own, next, 32);
}

// ---- losses of a score z and a target y

const LOGISTIC: i32 = 0;
const SQUARED: i32 = 1;
const HINGE: i32 = 2;

/** The slope of a loss at z. `delta` is where Huber's loss becomes straight. */
// @inline
function slope(loss: i32, z: f32, y: f32, delta: f32): f32 {
  if (loss == LOGISTIC) {
    const e = exp1(-abs(z));
    return (z >= 0 ? <f32>1 : e) / (1 + e) - y;
  }
  if (loss == SQUARED) return z - y;
  if (loss == HINGE) {
    const sign = <f32>2 * y - 1;
    return sign * z < 1 ? -sign : 0;
  }
  return min<f32>(max<f32>(z - y, -delta), delta);
}

// @inline
function lossOf(loss: i32, z: f32, y: f32, delta: f32): f32 {
  if (loss == LOGISTIC) return log1p1(exp1(-abs(z))) + max<f32>(z, 0) - y * z;
  const r = z - y;
  if (loss == SQUARED) return <f32>0.5 * r * r;
  if (loss == HINGE) return max<f32>(0, 1 - (<f32>2 * y - 1) * z);
  return abs(r) <= delta ? <f32>0.5 * r * r : delta * (abs(r) - <f32>0.5 * delta);
}

// ---- stochastic gradient descent. `own` goes on: [3] intercept, [4] its sum of squares, [5] scale, [6] sum of the l1
// penalties so far, [7] sum of the scales so far, [8] what the intercept's average is short of.
// `p`: loss, delta, eta, l1, l2; `rates` (f64) is eta at each row

/** Of a row whose values are all 1. Four sums, so that one addition need not wait for the other. */
// @inline
function sumOfWeights(indices: usize, n: i32, table: usize, shift: usize): f32 {
  let a: f32 = 0;
  let b: f32 = 0;
  let c: f32 = 0;
  let d: f32 = 0;
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const i = at4(indices, k);
    a += load<f32>(table + ((<usize>load<u32>(i)) << shift));
    b += load<f32>(table + ((<usize>load<u32>(i, 4)) << shift));
    c += load<f32>(table + ((<usize>load<u32>(i, 8)) << shift));
    d += load<f32>(table + ((<usize>load<u32>(i, 12)) << shift));
  }
  for (; k < n; k++) a += load<f32>(table + ((<usize>load<u32>(at4(indices, k))) << shift));
  return a + b + (c + d);
}

/** Sum of weight and value over a row; weights are 1 << `shift` bytes apart. */
// @inline
function dot(indices: usize, values: usize, n: i32, table: usize, shift: usize): f32 {
  if (values == 0) return sumOfWeights(indices, n, table, shift);
  let a: f32 = 0;
  let b: f32 = 0;
  let k = 0;
  for (; k + 2 <= n; k += 2) {
    const i = at4(indices, k);
    const u = load<f32>(table + ((<usize>load<u32>(i)) << shift));
    const v = load<f32>(table + ((<usize>load<u32>(i, 4)) << shift));
    a += values ? u * load<f32>(at4(values, k)) : u;
    b += values ? v * load<f32>(at4(values, k), 4) : v;
  }
  if (k < n) {
    const u = load<f32>(table + ((<usize>load<u32>(at4(indices, k))) << shift));
    a += values ? u * load<f32>(at4(values, k)) : u;
  }
  return a + b;
}

/** Keeps what the average of a weight is short of `steps` times the weight itself. */
// @inline
function remember(average: usize, feature: u32, steps: f64, change: f32): void {
  const at = average + ((<usize>feature) << 3);
  store<f64>(at, load<f64>(at) + steps * <f64>change);
}

/** w falls by eta / root of the sum of its squared slopes times the slope; then towards 0 by the penalties. */
// prettier-ignore
function adagradOneByOne(indices: usize, values: usize, n: i32, table: usize, average: usize, p: usize, d: f32, c: f32, steps: f64): void {
  const eta = load<f32>(p, 8);
  for (let k = 0; k < n; k++) {
    const feature = load<u32>(at4(indices, k));
    const at = cell(table, feature);
    const g = values ? d * load<f32>(at4(values, k)) : d;
    const squares = load<f32>(at, 4) + c * g * g;
    const rate = c * (eta / (sqrt<f32>(squares) + TINY));
    const before = load<f32>(at);
    const stepped = before - rate * g;
    const over = max<f32>(abs(stepped) - rate * load<f32>(p, 12), 0);
    const after = copysign<f32>(over, stepped) / (1 + rate * load<f32>(p, 16));
    store<f32>(at, after);
    store<f32>(at, squares, 4);
    if (average) remember(average, feature, steps, after - before);
  }
}

/** Keeps a slope of 0 from being divided by 0. */
const TINY: f32 = 1e-8;

// prettier-ignore
function adagradUpdate(indices: usize, values: usize, n: i32, table: usize, p: usize, d: f32, c: f32): void {
  const c4 = f32x4.splat(c);
  const d4 = f32x4.splat(d);
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const i = at4(indices, k);
    if (repeats(v128.load(i))) {
      adagradOneByOne(i, values ? at4(values, k) : 0, 4, table, 0, p, d, c, 0);
      continue;
    }
    const ab = twoCells(table, load<u32>(i), load<u32>(i, 4));
    const cd = twoCells(table, load<u32>(i, 8), load<u32>(i, 12));
    const g = values ? f32x4.mul(d4, v128.load(at4(values, k))) : d4;
    const squares = f32x4.add(seconds(ab, cd), f32x4.mul(f32x4.mul(c4, g), g));
    const rate = f32x4.mul(c4, f32x4.div(v128.load32_splat(p, 8), f32x4.add(f32x4.sqrt(squares), f32x4.splat(TINY))));
    const stepped = f32x4.sub(firsts(ab, cd), f32x4.mul(rate, g));
    storeCells(table, i, shrunk4(stepped, rate, p), squares);
  }
  adagradOneByOne(at4(indices, k), values ? at4(values, k) : 0, n - k, table, 0, p, d, c, 0);
}

/** The proximal step of both penalties: towards 0 by rate l1, then over 1 + rate l2. */
// @inline
function shrunk4(w: v128, rate: v128, p: usize): v128 {
  const sign = v128.and(w, i32x4.splat(0x80000000));
  const l1 = f32x4.mul(rate, v128.load32_splat(p, 12));
  const over = f32x4.max(f32x4.sub(f32x4.abs(w), l1), f32x4.splat(0));
  const by = f32x4.add(f32x4.splat(1), f32x4.mul(rate, v128.load32_splat(p, 16)));
  return f32x4.div(v128.or(over, sign), by);
}

// prettier-ignore
export function sgdAdagrad(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, targets: usize, weights: usize, own: usize, p: usize, width: i32, rates: usize, table: usize, average: usize): void {
  const loss = <i32>load<f32>(p);
  const delta = load<f32>(p, 4);
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const i = at4(indices, from);
    const x = values ? at4(values, from) : 0;
    const y = load<f32>(at4(targets, row));
    const c: f32 = weights ? load<f32>(at4(weights, row)) : 1;
    const z = <f32>load<f64>(own, 24) + dot(i, x, n, table, 3);
    const d = slope(loss, z, y, delta);
    const steps = load<f64>(own, ROWS);
    count(own, lossOf(loss, z, y, delta), c);
    if (average) adagradOneByOne(i, x, n, table, average, p, d, c, steps);
    else adagradUpdate(i, x, n, table, p, d, c);
    adagradIntercept(own, d, c, p, steps);
  }
}

// @inline
function adagradIntercept(own: usize, d: f32, c: f32, p: usize, steps: f64): void {
  const g = <f64>d;
  const squares = load<f64>(own, 32) + <f64>c * g * g;
  const change = (-(<f64>c) * <f64>load<f32>(p, 8) * g) / (sqrt<f64>(squares) + <f64>TINY);
  store<f64>(own, load<f64>(own, 24) + change, 24);
  store<f64>(own, squares, 32);
  store<f64>(own, load<f64>(own, 64) + steps * change, 64);
}

/** On sparse rows the intercept is moved by every row and so must be moved less, as scikit-learn does. */
const INTERCEPT: f64 = 0.01;
/** Weights are kept over `scale`, so that l2 costs one product a row; below this they are multiplied out. */
const LEAST_SCALE: f64 = 1e-4;

// prettier-ignore
export function sgdInverse(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, targets: usize, weights: usize, own: usize, p: usize, width: i32, rates: usize, table: usize, average: usize, penalties: usize): void {
  const loss = <i32>load<f32>(p);
  const delta = load<f32>(p, 4);
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const i = at4(indices, from);
    const x = values ? at4(values, from) : 0;
    const y = load<f32>(at4(targets, row));
    const c: f32 = weights ? load<f32>(at4(weights, row)) : 1;
    const z = <f32>(load<f64>(own, 24) + load<f64>(own, 40) * <f64>dot(i, x, n, table, 2));
    const d = slope(loss, z, y, delta);
    count(own, lossOf(loss, z, y, delta), c);
    const eta = load<f64>(rates + ((<usize>row) << 3));
    scaleBy(1 - eta * <f64>load<f32>(p, 16), table, own, width);
    if (d != 0) inverseUpdate(i, x, n, table, own, average, -eta * <f64>(c * d));
    if (penalties) inversePenalty(i, n, table, own, average, penalties, eta * <f64>load<f32>(p, 12));
    store<f64>(own, load<f64>(own, 56) + load<f64>(own, 40), 56);
  }
}

// @inline
function scaleBy(factor: f64, table: usize, own: usize, width: i32): void {
  // a step that would take everything away leaves a trace, so that an average can still be told
  const scale = load<f64>(own, 40) * max<f64>(factor, 1e-6);
  store<f64>(own, scale, 40);
  if (scale < LEAST_SCALE) multiplyOut(table, own, width);
}

function multiplyOut(table: usize, own: usize, width: i32): void {
  const scale = load<f64>(own, 40);
  for (let j = 0; j < width; j++) store<f32>(at4(table, j), <f32>(<f64>load<f32>(at4(table, j)) * scale));
  store<f64>(own, 1, 40);
  // the sum of scales times the weight must stay the same
  store<f64>(own, load<f64>(own, 56) / scale, 56);
}

// @inline
function addToAll(indices: usize, n: i32, table: usize, change: f32): void {
  for (let k = 0; k < n; k++) {
    const at = at4(table, load<u32>(at4(indices, k)));
    store<f32>(at, load<f32>(at) + change);
  }
}

// prettier-ignore
function inverseUpdate(indices: usize, values: usize, n: i32, table: usize, own: usize, average: usize, step: f64): void {
  const change = <f32>(step / load<f64>(own, 40));
  const scales = load<f64>(own, 56);
  if (values == 0 && average == 0) addToAll(indices, n, table, change);
  else for (let k = 0; k < n; k++) {
    const feature = load<u32>(at4(indices, k));
    const at = at4(table, feature);
    const by = values ? change * load<f32>(at4(values, k)) : change;
    store<f32>(at, load<f32>(at) + by);
    if (average) remember(average, feature, scales, by);
  }
  store<f64>(own, load<f64>(own, 24) + INTERCEPT * step, 24);
  store<f64>(own, load<f64>(own, 64) + (load<f64>(own, ROWS) - 1) * INTERCEPT * step, 64);
}

/** The cumulative l1 penalty (Tsuruoka 2009): a weight makes up for what it was spared since its feature last came. */
// prettier-ignore
function inversePenalty(indices: usize, n: i32, table: usize, own: usize, average: usize, penalties: usize, by: f64): void {
  const scale = <f32>load<f64>(own, 40);
  const total = load<f64>(own, 48) + by;
  store<f64>(own, total, 48);
  for (let k = 0; k < n; k++) {
    const feature = load<u32>(at4(indices, k));
    const at = at4(table, feature);
    const paid = load<f32>(at4(penalties, feature));
    const before = load<f32>(at);
    let after = before;
    if (before > 0) after = max<f32>(0, before - (<f32>total + paid) / scale);
    else if (before < 0) after = min<f32>(0, before + (<f32>total - paid) / scale);
    store<f32>(at, after);
    store<f32>(at4(penalties, feature), paid + scale * (after - before));
    if (average) remember(average, feature, load<f64>(own, 56), after - before);
  }
}

// ---- prediction

/** scores[row] = sum of weight and value, in double precision and in order. */
// prettier-ignore
export function sparseScores(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, table: usize, scores: usize): void {
  for (let row = lo; row < hi; row++) {
    const to = load<u32>(at4(offsets, row), 4);
    let z: f64 = 0;
    for (let k = load<u32>(at4(offsets, row)); k < to; k++) {
      const weight = <f64>load<f32>(at4(table, load<u32>(at4(indices, k))));
      z += values ? weight * <f64>load<f32>(at4(values, k)) : weight;
    }
    store<f64>(scores + ((<usize>row) << 3), z);
  }
}
