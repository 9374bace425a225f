// Softmax regression by stochastic gradient descent over sparse rows, one after the other. Arguments as in sparse.ts;
// here `table` (f32) has `lanes` weights for each feature, one a class, and lanes is a multiple of 4; `squares` (f32) has
// one number for each feature. `own` goes on: [3] the squares of the intercepts, [4] and on: the intercepts, with -1e30
// in lanes that are no class, so that these get neither probability nor slope. `p`: lanes, eta, l1, l2, adaptive.
import { log1 } from './lib/scalar';
import { exp4, sumOf } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

// @inline
function at4(array: usize, position: u32): usize {
  return array + ((<usize>position) << 2);
}

// @inline
function times(w: usize, x: v128, sum: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(w), x), sum);
}

/** z[c..c + 16] += sum of value and weight: four vectors stay in registers while the entries pass. */
function add16(indices: usize, values: usize, n: i32, table: usize, bytes: usize, z: usize): void {
  let s0 = v128.load(z);
  let s1 = v128.load(z, 16);
  let s2 = v128.load(z, 32);
  let s3 = v128.load(z, 48);
  for (let k = 0; k < n; k++) {
    const w = table + <usize>load<u32>(at4(indices, k)) * bytes;
    const x = values ? v128.load32_splat(at4(values, k)) : f32x4.splat(1);
    s0 = times(w, x, s0);
    s1 = times(w + 16, x, s1);
    s2 = times(w + 32, x, s2);
    s3 = times(w + 48, x, s3);
  }
  v128.store(z, s0);
  v128.store(z, s1, 16);
  v128.store(z, s2, 32);
  v128.store(z, s3, 48);
}

function add4(indices: usize, values: usize, n: i32, table: usize, bytes: usize, z: usize): void {
  let sum = v128.load(z);
  for (let k = 0; k < n; k++) {
    const w = table + <usize>load<u32>(at4(indices, k)) * bytes;
    sum = times(w, values ? v128.load32_splat(at4(values, k)) : f32x4.splat(1), sum);
  }
  v128.store(z, sum);
}

function addScores(indices: usize, values: usize, n: i32, table: usize, lanes: i32, z: usize): void {
  const bytes = (<usize>lanes) << 2;
  let c: usize = 0;
  for (; c + 64 <= bytes; c += 64) add16(indices, values, n, table + c, bytes, z + c);
  for (; c < bytes; c += 16) add4(indices, values, n, table + c, bytes, z + c);
}

/** z becomes probabilities. Returns ln of the sum of e^z. */
function toProbabilities(z: usize, lanes: i32): f32 {
  const end = z + ((<usize>lanes) << 2);
  let most4 = f32x4.splat(-1e30);
  for (let q = z; q < end; q += 16) most4 = f32x4.max(most4, v128.load(q));
  const most = max(
    max(f32x4.extract_lane(most4, 0), f32x4.extract_lane(most4, 1)),
    max(f32x4.extract_lane(most4, 2), f32x4.extract_lane(most4, 3)),
  );
  let sum4 = f32x4.splat(0);
  for (let q = z; q < end; q += 16) {
    const apart = f32x4.sub(v128.load(q), f32x4.splat(most));
    // what is no class stays exactly without probability, where the exponential only comes near 0
    const e = v128.and(exp4(apart), f32x4.gt(apart, f32x4.splat(-1e29)));
    v128.store(q, e);
    sum4 = f32x4.add(sum4, e);
  }
  const sum = sumOf(sum4);
  const by = f32x4.splat(1 / sum);
  for (let q = z; q < end; q += 16) v128.store(q, f32x4.mul(v128.load(q), by));
  return most + log1(sum);
}

// @inline
function squaresOf(d: usize, lanes: i32): f32 {
  let sum = f32x4.splat(0);
  for (let c: usize = 0; c < (<usize>lanes) << 2; c += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(d + c), v128.load(d + c)));
  return sumOf(sum);
}

/** w -= step d; then towards 0 by both penalties: by l1, and over 1 + l2. */
// prettier-ignore
function change(w: usize, d: usize, lanes: i32, step: f32, l1: f32, l2: f32): void {
  const by = f32x4.splat(step);
  const kept = f32x4.splat(1 / (1 + l2));
  const bytes = (<usize>lanes) << 2;
  if (l1 == 0) {
    for (let c: usize = 0; c < bytes; c += 16)
      v128.store(w + c, f32x4.mul(kept, f32x4.sub(v128.load(w + c), f32x4.mul(by, v128.load(d + c)))));
    return;
  }
  for (let c: usize = 0; c < bytes; c += 16) {
    const stepped = f32x4.sub(v128.load(w + c), f32x4.mul(by, v128.load(d + c)));
    const over = f32x4.max(f32x4.sub(f32x4.abs(stepped), f32x4.splat(l1)), f32x4.splat(0));
    v128.store(w + c, f32x4.mul(kept, v128.or(over, v128.and(stepped, i32x4.splat(0x80000000)))));
  }
}

/** Keeps a slope of 0 from being divided by 0. */
const TINY: f32 = 1e-8;

/** Each feature's rate follows from the sum of its squared slopes over all classes (AdaGrad by rows of weights). */
// prettier-ignore
function update(indices: usize, values: usize, n: i32, table: usize, squares: usize, d: usize, p: usize, c: f32, eta: f32): void {
  const lanes = <i32>load<f32>(p);
  const norm = c * squaresOf(d, lanes);
  for (let k = 0; k < n; k++) {
    const feature = load<u32>(at4(indices, k));
    const x = values ? load<f32>(at4(values, k)) : 1;
    let rate = c * eta;
    if (squares) {
      const sum = load<f32>(at4(squares, feature)) + x * x * norm;
      store<f32>(at4(squares, feature), sum);
      rate /= sqrt<f32>(sum) + TINY;
    }
    const w = table + (<usize>feature) * ((<usize>lanes) << 2);
    change(w, d, lanes, rate * x, rate * load<f32>(p, 8), rate * load<f32>(p, 12));
  }
}

// @inline
function updateIntercepts(own: usize, d: usize, p: usize, c: f32, eta: f32): void {
  const lanes = <i32>load<f32>(p);
  let rate = <f64>(c * eta);
  if (load<f32>(p, 16) != 0) {
    const sum = load<f64>(own, 24) + <f64>(c * squaresOf(d, lanes));
    store<f64>(own, sum, 24);
    rate /= sqrt<f64>(sum) + <f64>TINY;
  }
  for (let lane = 0; lane < lanes; lane++) {
    const at = own + 32 + ((<usize>lane) << 3);
    store<f64>(at, load<f64>(at) - rate * <f64>load<f32>(at4(d, lane)));
  }
}

// @inline
function fillIntercepts(own: usize, z: usize, lanes: i32): void {
  for (let lane = 0; lane < lanes; lane++)
    store<f32>(at4(z, lane), <f32>load<f64>(own + 32 + ((<usize>lane) << 3)));
}

// @inline
function count(own: usize, loss: f32, weight: f32): void {
  store<f64>(own, load<f64>(own) + <f64>(loss * weight));
  store<f64>(own, load<f64>(own, 8) + <f64>weight, 8);
  store<f64>(own, load<f64>(own, 16) + 1, 16);
}

// prettier-ignore
export function softmax(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, targets: usize, weights: usize, own: usize, p: usize, width: i32, rates: usize, table: usize, squares: usize): void {
  const z = scratch();
  const lanes = <i32>load<f32>(p);
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const i = at4(indices, from);
    const x = values ? at4(values, from) : 0;
    const y = at4(z, <u32>load<f32>(at4(targets, row)));
    const c: f32 = weights ? load<f32>(at4(weights, row)) : 1;
    fillIntercepts(own, z, lanes);
    addScores(i, x, n, table, lanes, z);
    const score = load<f32>(y);
    count(own, toProbabilities(z, lanes) - score, c);
    store<f32>(y, load<f32>(y) - 1);
    const eta = rates ? <f32>load<f64>(rates + ((<usize>row) << 3)) : load<f32>(p, 4);
    update(i, x, n, table, squares, z, p, c, eta);
    updateIntercepts(own, z, p, c, eta);
  }
}

/** Probabilities of rows: out (f32) has `lanes` for each. */
// prettier-ignore
export function softmaxPredict(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, own: usize, lanes: i32, table: usize, out: usize): void {
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const z = out + <usize>row * ((<usize>lanes) << 2);
    fillIntercepts(own, z, lanes);
    addScores(at4(indices, from), values ? at4(values, from) : 0, n, table, lanes, z);
    toProbabilities(z, lanes);
  }
}
