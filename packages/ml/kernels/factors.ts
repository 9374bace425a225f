// Factorisation machines of second order (Rendle 2010) by AdaGrad over sparse rows, one after the other. Arguments as in
// sparse.ts. A feature's cell in `table` (f32) is `lanes` factors, then its weight, whether it was made, two empty
// places; then as many sums of squared slopes. lanes is a multiple of 4; those beyond the number of factors stay 0.
// `own` goes on: [3] intercept, [4] its squares. `p`: lanes, factors, eta, l2, l2 of factors, spread, squared loss or not,
// seed. `names` (u32; 0 where index and feature are one) tells which feature an index stands for.
import { exp1, log1p1 } from './lib/scalar';
import { sumOf } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

// @inline
function at4(array: usize, position: u32): usize {
  return array + ((<usize>position) << 2);
}

/** The last step of MurmurHash3: every bit of the result depends on every bit of x. */
// @inline
function mixed(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x85ebca6b;
  x = (x ^ (x >>> 13)) * 0xc2b2ae35;
  return x ^ (x >>> 16);
}

/** First factors of a feature: even on -spread..spread, from the seed, the feature and the factor alone. */
function make(cell: usize, feature: u32, lanes: i32, p: usize): void {
  const factors = <i32>load<f32>(p, 4);
  const spread = load<f32>(p, 20);
  const from = mixed(feature ^ mixed(<u32>load<f32>(p, 28)));
  for (let f = 0; f < factors; f++) {
    const bits = mixed(from + <u32>f * 0x9e3779b9) >>> 8;
    store<f32>(at4(cell, f), spread * (<f32>bits * <f32>1.1920929e-7 - 1));
  }
  store<f32>(at4(cell, lanes), 1, 4);
}

/**
 * The score without the intercept: w x + 1/2 sum over factors of (sum of v x)^2 - sum of (v x)^2. The sums of v x stay
 * in `sums`.
 */
function score(indices: usize, values: usize, n: i32, table: usize, lanes: i32, sums: usize): f32 {
  const bytes = cellBytes(lanes);
  memory.fill(sums, 0, (<usize>lanes) << 2);
  let linear: f32 = 0;
  let squares = f32x4.splat(0);
  for (let k = 0; k < n; k++) {
    const cell = table + <usize>load<u32>(at4(indices, k)) * bytes;
    const x: f32 = values ? load<f32>(at4(values, k)) : 1;
    linear += x * load<f32>(at4(cell, lanes));
    for (let c: usize = 0; c < (<usize>lanes) << 2; c += 16) {
      const vx = f32x4.mul(v128.load(cell + c), f32x4.splat(x));
      v128.store(sums + c, f32x4.add(v128.load(sums + c), vx));
      squares = f32x4.add(squares, f32x4.mul(vx, vx));
    }
  }
  let pairs = f32x4.splat(0);
  for (let c: usize = 0; c < (<usize>lanes) << 2; c += 16)
    pairs = f32x4.add(pairs, f32x4.mul(v128.load(sums + c), v128.load(sums + c)));
  return linear + <f32>0.5 * sumOf(f32x4.sub(pairs, squares));
}

// @inline
function cellBytes(lanes: i32): usize {
  return (<usize>(lanes + 4)) << 3;
}

/** Keeps a slope of 0 from being divided by 0. */
const TINY: f32 = 1e-8;

/** One AdaGrad step of four numbers whose sums of squares lie `apart` bytes on; then towards 0 by l2. */
// @inline
function adagrad(at: usize, apart: usize, g: v128, c: v128, eta: v128, l2: v128): void {
  const squares = f32x4.add(v128.load(at + apart), f32x4.mul(f32x4.mul(c, g), g));
  const rate = f32x4.mul(c, f32x4.div(eta, f32x4.add(f32x4.sqrt(squares), f32x4.splat(TINY))));
  const stepped = f32x4.sub(v128.load(at), f32x4.mul(rate, g));
  v128.store(at + apart, squares);
  v128.store(at, f32x4.div(stepped, f32x4.add(f32x4.splat(1), f32x4.mul(rate, l2))));
}

/** The slope of a factor is d x (sum of v x - v x). */
// prettier-ignore
function update(indices: usize, values: usize, n: i32, table: usize, lanes: i32, p: usize, sums: usize, d: f32, c: f32): void {
  const bytes = cellBytes(lanes);
  const apart = bytes >> 1;
  const c4 = f32x4.splat(c);
  const eta = v128.load32_splat(p, 8);
  for (let k = 0; k < n; k++) {
    const cell = table + (<usize>load<u32>(at4(indices, k))) * bytes;
    const x: f32 = values ? load<f32>(at4(values, k)) : 1;
    const x4 = f32x4.splat(x);
    const dx = f32x4.splat(d * x);
    for (let f: usize = 0; f < (<usize>lanes) << 2; f += 16) {
      const others = f32x4.sub(v128.load(sums + f), f32x4.mul(x4, v128.load(cell + f)));
      adagrad(cell + f, apart, f32x4.mul(dx, others), c4, eta, v128.load32_splat(p, 16));
    }
    const weight = at4(cell, lanes);
    const squares = load<f32>(weight + apart) + c * (d * x) * (d * x);
    const rate = c * (load<f32>(p, 8) / (sqrt<f32>(squares) + TINY));
    store<f32>(weight + apart, squares);
    store<f32>(weight, (load<f32>(weight) - rate * d * x) / (1 + rate * load<f32>(p, 12)));
  }
}

// @inline
function updateIntercept(own: usize, d: f32, c: f32, p: usize): void {
  const g = <f64>d;
  const squares = load<f64>(own, 32) + <f64>c * g * g;
  store<f64>(own, squares, 32);
  const step = (<f64>c * <f64>load<f32>(p, 8) * g) / (sqrt<f64>(squares) + <f64>TINY);
  store<f64>(own, load<f64>(own, 24) - step, 24);
}

// @inline
function count(own: usize, loss: f32, weight: f32): void {
  store<f64>(own, load<f64>(own) + <f64>(loss * weight));
  store<f64>(own, load<f64>(own, 8) + <f64>weight, 8);
  store<f64>(own, load<f64>(own, 16) + 1, 16);
}

// prettier-ignore
function makeNew(indices: usize, n: i32, table: usize, lanes: i32, p: usize, names: usize): void {
  for (let k = 0; k < n; k++) {
    const index = load<u32>(at4(indices, k));
    const cell = table + (<usize>index) * cellBytes(lanes);
    if (load<f32>(at4(cell, lanes), 4) == 0) make(cell, names ? load<u32>(at4(names, index)) : index, lanes, p);
  }
}

// prettier-ignore
export function factors(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, targets: usize, weights: usize, own: usize, p: usize, width: i32, rates: usize, table: usize, names: usize): void {
  const sums = scratch();
  const lanes = <i32>load<f32>(p);
  const squared = load<f32>(p, 24) != 0;
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const i = at4(indices, from);
    const x = values ? at4(values, from) : 0;
    const y = load<f32>(at4(targets, row));
    const c: f32 = weights ? load<f32>(at4(weights, row)) : 1;
    makeNew(i, n, table, lanes, p, names);
    const z = <f32>load<f64>(own, 24) + score(i, x, n, table, lanes, sums);
    const e = exp1(-abs(z));
    const d = squared ? z - y : (z >= 0 ? <f32>1 : e) / (1 + e) - y;
    count(own, squared ? <f32>0.5 * d * d : log1p1(e) + max<f32>(z, 0) - y * z, c);
    update(i, x, n, table, lanes, p, sums, d, c);
    updateIntercept(own, d, c, p);
  }
}

/** scores (f64) of rows, without the intercept. */
// prettier-ignore
export function factorScores(block: i32, lo: i32, hi: i32, offsets: usize, indices: usize, values: usize, lanes: i32, table: usize, scores: usize): void {
  for (let row = lo; row < hi; row++) {
    const from = load<u32>(at4(offsets, row));
    const n = <i32>(load<u32>(at4(offsets, row), 4) - from);
    const z = score(at4(indices, from), values ? at4(values, from) : 0, n, table, lanes, scratch());
    store<f64>(scores + ((<usize>row) << 3), <f64>z);
  }
}
