import { activate, slope } from './activation';
import { moments, normalise, normaliseBack } from './batch-norm';
import { dropout, times } from './dropout';
import {
  ACTIVATION,
  ACTIVE,
  BATCH_MEAN,
  BATCH_VARIANCE,
  BIASES,
  DEPTH,
  EMBEDDINGS,
  GRADIENT,
  GRADIENT_NEXT,
  IN,
  IN_ROW,
  KEPT_SCALE,
  LAYERS,
  layerAt,
  MASK,
  MEANS,
  NORMAL,
  OUT,
  place,
  ROW,
  ROW_WEIGHTS,
  SCALES,
  SHIFTS,
  SUMS,
  THRESHOLD,
  TRANSPOSED,
  UNITS,
  VARIANCES,
  WEIGHTS,
  word,
  ZEROS,
} from './plan';
import { product, transpose } from './product';
import { multiplyAdd } from './simd';

/**
 * A tile's rows through all layers, from the inputs in scratch to the last layer's weighted sums.
 *
 * @param gradient where the batch's own means and variances are added, each times the weight of the tile; 0 outside
 *   training, where the tracked ones are used and nothing is left out
 * @param share one over the weight of the tile's rows
 * @param key of what is left out in this step
 * @param first position in the batch of the tile's first row
 */
export function forward(
  plan: usize,
  parameters: usize,
  scratch: usize,
  rows: i32,
  gradient: usize,
  share: f32,
  key: u32,
  first: i32,
): void {
  const layers = word(plan + LAYERS);
  for (let l = 0; l < layers; l++) {
    const layer = layerAt(plan, l);
    const row = place(layer + ROW);
    const units = word(layer + UNITS);
    const sums = scratch + place(layer + SUMS);
    product(
      scratch + place(layer + IN),
      place(layer + IN_ROW),
      4,
      rows,
      parameters + place(layer + WEIGHTS),
      row,
      word(layer + DEPTH),
      parameters + place(layer + BIASES),
      0,
      sums,
      row,
      <i32>(row >> 2),
    );
    if (word(layer + SCALES))
      normaliseLayer(layer, parameters, scratch, rows, scratch + place(plan + ROW_WEIGHTS), share, gradient);
    const active = scratch + place(layer + ACTIVE);
    activate(word(layer + ACTIVATION), sums, active, rows * <i32>(row >> 2));
    if ((<usize>units) << 2 != row) clearBeyond(active, row, rows, units);
    if (gradient && word(layer + THRESHOLD)) thin(layer, scratch, rows, key + <u32>l * 0x9e3779b9, first);
    else if (word(layer + THRESHOLD)) memory.copy(scratch + place(layer + OUT), active, <usize>rows * row);
  }
}

function normaliseLayer(
  layer: usize,
  parameters: usize,
  scratch: usize,
  rows: i32,
  weights: usize,
  share: f32,
  gradient: usize,
): void {
  const row = place(layer + ROW);
  const columns = <i32>(row >> 2);
  const sums = scratch + place(layer + SUMS);
  let mean = parameters + place(layer + MEANS);
  let variance = parameters + place(layer + VARIANCES);
  if (gradient) {
    mean = scratch + place(layer + BATCH_MEAN);
    variance = scratch + place(layer + BATCH_VARIANCE);
    moments(sums, row, rows, columns, weights, share, mean, variance);
    addScaled(gradient + place(layer + MEANS), mean, 1 / share, row);
    addScaled(gradient + place(layer + VARIANCES), variance, 1 / share, row);
  }
  normalise(
    sums,
    row,
    rows,
    columns,
    mean,
    variance,
    parameters + place(layer + SCALES),
    parameters + place(layer + SHIFTS),
    scratch + place(layer + NORMAL),
  );
}

function thin(layer: usize, scratch: usize, rows: i32, key: u32, first: i32): void {
  const mask = scratch + place(layer + MASK);
  const width = <i32>(place(layer + ROW) >> 2);
  dropout(
    key,
    first * width,
    mask,
    rows * width,
    load<u32>(layer + THRESHOLD),
    load<f32>(layer + KEPT_SCALE),
  );
  times(scratch + place(layer + ACTIVE), mask, scratch + place(layer + OUT), rows * width);
}

/**
 * From the gradient by the last layer's weighted sums, which lies in scratch, back through all layers.
 *
 * @param gradient where those by parameters are added; 0 where only those by inputs are asked for
 * @param inputs whether those by inputs are asked for
 * @returns where the gradient by inputs lies
 */
export function back(
  plan: usize,
  parameters: usize,
  scratch: usize,
  rows: i32,
  gradient: usize,
  share: f32,
  inputs: bool,
): usize {
  let d = scratch + place(plan + GRADIENT);
  let next = scratch + place(plan + GRADIENT_NEXT);
  for (let l = word(plan + LAYERS) - 1; l >= 0; l--) {
    const layer = layerAt(plan, l);
    const row = place(layer + ROW);
    const width = <i32>(row >> 2);
    if (gradient && word(layer + THRESHOLD)) times(d, scratch + place(layer + MASK), d, rows * width);
    slope(
      word(layer + ACTIVATION),
      scratch + place(layer + SUMS),
      scratch + place(layer + ACTIVE),
      d,
      rows * width,
    );
    if (word(layer + SCALES))
      normaliseLayerBack(
        layer,
        parameters,
        scratch,
        d,
        rows,
        scratch + place(plan + ROW_WEIGHTS),
        share,
        gradient,
      );
    if (gradient) weightsBack(layer, scratch, d, rows, gradient);
    if (l == 0 && !inputs) break;
    const from = place(layer + IN_ROW);
    product(
      d,
      row,
      4,
      rows,
      scratch + place(layer + TRANSPOSED),
      from,
      word(layer + UNITS),
      scratch + place(plan + ZEROS),
      0,
      next,
      from,
      <i32>(from >> 2),
    );
    const last = d;
    d = next;
    next = last;
  }
  return d;
}

function normaliseLayerBack(
  layer: usize,
  parameters: usize,
  scratch: usize,
  d: usize,
  rows: i32,
  weights: usize,
  share: f32,
  gradient: usize,
): void {
  const row = place(layer + ROW);
  const variance = gradient ? scratch + place(layer + BATCH_VARIANCE) : parameters + place(layer + VARIANCES);
  normaliseBack(
    d,
    row,
    rows,
    <i32>(row >> 2),
    weights,
    share,
    variance,
    parameters + place(layer + SCALES),
    scratch + place(layer + NORMAL),
    gradient ? gradient + place(layer + SCALES) : 0,
    gradient ? gradient + place(layer + SHIFTS) : 0,
  );
}

function weightsBack(layer: usize, scratch: usize, d: usize, rows: i32, gradient: usize): void {
  const row = place(layer + ROW);
  addRows(gradient + place(layer + BIASES), d, row, rows);
  const weights = gradient + place(layer + WEIGHTS);
  product(
    scratch + place(layer + IN),
    4,
    place(layer + IN_ROW),
    word(layer + DEPTH),
    d,
    row,
    rows,
    weights,
    row,
    weights,
    row,
    <i32>(row >> 2),
  );
}

/** The weights of each layer whose inputs' gradient is asked for, transposed, into scratch. */
export function transposeWeights(plan: usize, parameters: usize, scratch: usize, inputs: bool): void {
  for (let l = inputs ? 0 : 1; l < word(plan + LAYERS); l++) {
    const layer = layerAt(plan, l);
    transpose(
      parameters + place(layer + WEIGHTS),
      place(layer + ROW),
      word(layer + DEPTH),
      word(layer + UNITS),
      scratch + place(layer + TRANSPOSED),
      place(layer + IN_ROW),
    );
  }
}

/** Whether there is something to learn behind the inputs. */
// @inline
export function embeds(plan: usize): bool {
  return word(plan + EMBEDDINGS) > 0;
}

function addRows(to: usize, from: usize, row: usize, rows: i32): void {
  for (let at: usize = 0; at < row; at += 16) {
    let sum = v128.load(to + at);
    let source = from + at;
    for (let i = 0; i < rows; i++, source += row) sum = f32x4.add(sum, v128.load(source));
    v128.store(to + at, sum);
  }
}

function addScaled(to: usize, from: usize, factor: f32, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(to + at, multiplyAdd(v128.load(from + at), f32x4.splat(factor), v128.load(to + at)));
}

/** Zeros in what is beyond the last unit: an activation of nothing need not be nothing. */
function clearBeyond(values: usize, row: usize, rows: i32, units: i32): void {
  for (let i = 0; i < rows; i++, values += row)
    for (let at = (<usize>units) << 2; at < row; at += 4) store<f32>(values + at, 0);
}
