import { gather, embedBack, positionOf } from './lib/inputs';
import { outcome } from './lib/outcome';
import { back, embeds, forward, transposeWeights } from './lib/passes';
import {
  DELTA,
  GRADIENT,
  INPUT,
  INPUT_ROW,
  LAYERS,
  layerAt,
  LOSS,
  OUTPUTS,
  PATH_END,
  PATH_SUM,
  place,
  ROW,
  ROW_WEIGHTS,
  SUMS,
  TILE,
  word,
} from './lib/plan';
import { multiplyAdd } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { adam, descend, track } from './lib/update';

/**
 * Loss and gradient of the rows `lo` to `hi` of a batch: a slice of it. Slices write into places of their own.
 *
 * @param gradients `size` numbers for each slice, overwritten
 * @param losses f64, one for each slice
 * @param positions u32, of the rows of the batch
 * @param numbers rows of f32; `codes` rows of u32; `target` rows of f32; `weights` f32, or 0 where all are 1
 * @param scale one over the weight of the batch
 * @param key of what is left out in this step
 */
export function trainRows(
  block: i32,
  lo: i32,
  hi: i32,
  plan: usize,
  parameters: usize,
  gradients: usize,
  size: i32,
  losses: usize,
  positions: usize,
  numbers: usize,
  codes: usize,
  target: usize,
  weights: usize,
  scale: f32,
  key: u32,
): void {
  const own = scratch();
  const gradient = gradients + ((<usize>block * <usize>size) << 2);
  memory.fill(gradient, 0, (<usize>size) << 2);
  transposeWeights(plan, parameters, own, embeds(plan));
  let loss: f64 = 0;
  const tile = word(plan + TILE);
  for (let from = lo; from < hi; from += tile) {
    const rows = min(tile, hi - from);
    const at = positions + ((<usize>from) << 2);
    gather(plan, parameters, own, rows, at, 0, numbers, codes);
    const share: f32 = 1 / gatherWeights(own + place(plan + ROW_WEIGHTS), rows, at, weights);
    forward(plan, parameters, own, rows, gradient, share, key, from);
    loss += judged(plan, own, rows, at, target, scale);
    const d = back(plan, parameters, own, rows, gradient, share, embeds(plan));
    if (embeds(plan)) embedBack(plan, gradient, d, rows, at, codes);
  }
  store<f64>(losses + ((<usize>block) << 3), loss);
}

/** The weighted loss of rows, as the network is when it is used; arguments as those of `trainRows`. */
export function lossRows(
  block: i32,
  lo: i32,
  hi: i32,
  plan: usize,
  parameters: usize,
  losses: usize,
  positions: usize,
  numbers: usize,
  codes: usize,
  target: usize,
  weights: usize,
): void {
  const own = scratch();
  let loss: f64 = 0;
  const tile = word(plan + TILE);
  for (let from = lo; from < hi; from += tile) {
    const rows = min(tile, hi - from);
    const at = positions + ((<usize>from) << 2);
    gather(plan, parameters, own, rows, at, 0, numbers, codes);
    gatherWeights(own + place(plan + ROW_WEIGHTS), rows, at, weights);
    forward(plan, parameters, own, rows, 0, 1, 0, 0);
    loss += judged(plan, own, rows, at, target, 1);
  }
  store<f64>(losses + ((<usize>block) << 3), loss);
}

/** The last layer's weighted sums for each row, as many as there are outputs, to `out` (f32). */
export function scoreRows(
  block: i32,
  lo: i32,
  hi: i32,
  plan: usize,
  parameters: usize,
  numbers: usize,
  codes: usize,
  out: usize,
): void {
  const own = scratch();
  const outputs = word(plan + OUTPUTS);
  const last = layerAt(plan, word(plan + LAYERS) - 1);
  const tile = word(plan + TILE);
  for (let from = lo; from < hi; from += tile) {
    const rows = min(tile, hi - from);
    gather(plan, parameters, own, rows, 0, from, numbers, codes);
    forward(plan, parameters, own, rows, 0, 1, 0, 0);
    let sums = own + place(last + SUMS);
    let to = out + ((<usize>from * <usize>outputs) << 2);
    for (let i = 0; i < rows; i++, sums += place(last + ROW))
      for (let k = 0; k < outputs; k++, to += 4) store<f32>(to, load<f32>(sums + ((<usize>k) << 2)));
  }
}

/**
 * By how much each input moved the first output away from that of `base`: integrated gradients (Sundararajan, Taly and
 * Yan 2017) along the straight line from it.
 *
 * @param base one row of inputs, with those of the embeddings
 * @param points f32: where on the line (0 to 1), and the weight, of each of `count` points of a quadrature
 * @param out rows of inputs, as wide as the network's are in scratch
 */
export function attributeRows(
  block: i32,
  lo: i32,
  hi: i32,
  plan: usize,
  parameters: usize,
  numbers: usize,
  codes: usize,
  base: usize,
  points: usize,
  count: i32,
  out: usize,
): void {
  const own = scratch();
  const row = place(plan + INPUT_ROW);
  const last = place(layerAt(plan, word(plan + LAYERS) - 1) + ROW);
  const input = own + place(plan + INPUT);
  const end = own + place(plan + PATH_END);
  const sum = own + place(plan + PATH_SUM);
  const tile = word(plan + TILE);
  transposeWeights(plan, parameters, own, true);
  for (let from = lo; from < hi; from += tile) {
    const rows = min(tile, hi - from);
    const bytes = <usize>rows * row;
    gather(plan, parameters, own, rows, 0, from, numbers, codes);
    memory.copy(end, input, bytes);
    memory.fill(sum, 0, bytes);
    for (let k = 0; k < count; k++) {
      between(base, end, row, bytes, load<f32>(points + ((<usize>k) << 3)), input);
      forward(plan, parameters, own, rows, 0, 1, 0, 0);
      unit(own + place(plan + GRADIENT), last, rows);
      const d = back(plan, parameters, own, rows, 0, 1, true);
      addScaled(sum, d, load<f32>(points + ((<usize>k) << 3) + 4), bytes);
    }
    along(base, end, row, bytes, sum, out + <usize>from * row);
  }
}

/** Loss of a tile, and its gradient into scratch. */
function judged(plan: usize, own: usize, rows: i32, positions: usize, target: usize, scale: f32): f64 {
  const last = layerAt(plan, word(plan + LAYERS) - 1);
  return outcome(
    word(plan + LOSS),
    own + place(last + SUMS),
    own + place(plan + GRADIENT),
    rows,
    place(last + ROW),
    word(plan + OUTPUTS),
    target,
    positions,
    own + place(plan + ROW_WEIGHTS),
    scale,
    load<f32>(plan + DELTA),
  );
}

/** The weights of a tile's rows into scratch, and their sum. */
function gatherWeights(to: usize, rows: i32, positions: usize, weights: usize): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < rows; i++) {
    const weight: f32 = weights ? load<f32>(weights + ((<usize>positionOf(positions, 0, i)) << 2)) : 1;
    store<f32>(to + ((<usize>i) << 2), weight);
    sum += weight;
  }
  return sum;
}

/** base + t (end - base), row by row. */
function between(base: usize, end: usize, row: usize, bytes: usize, t: f32, to: usize): void {
  for (let at: usize = 0; at < bytes; at += row)
    for (let j: usize = 0; j < row; j += 16) {
      const from = v128.load(base + j);
      v128.store(to + at + j, multiplyAdd(f32x4.sub(v128.load(end + at + j), from), f32x4.splat(t), from));
    }
}

/** out = (end - base) sum, row by row. */
function along(base: usize, end: usize, row: usize, bytes: usize, sum: usize, out: usize): void {
  for (let at: usize = 0; at < bytes; at += row)
    for (let j: usize = 0; j < row; j += 16)
      v128.store(
        out + at + j,
        f32x4.mul(v128.load(sum + at + j), f32x4.sub(v128.load(end + at + j), v128.load(base + j))),
      );
}

function addScaled(to: usize, from: usize, factor: f32, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(to + at, multiplyAdd(v128.load(from + at), f32x4.splat(factor), v128.load(to + at)));
}

/** 1 for the first output of each row, 0 for the others. */
function unit(d: usize, row: usize, rows: i32): void {
  memory.fill(d, 0, <usize>rows * row);
  for (let i = 0; i < rows; i++, d += row) store<f32>(d, 1);
}
