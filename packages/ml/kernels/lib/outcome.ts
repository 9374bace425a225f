import { exp4 } from './simd';

export const BINARY = 0;
export const CLASSES = 1;
export const SQUARED = 2;
export const HUBER = 3;

/**
 * The weighted loss of `rows` rows of scores, summed in f64, and in `d` its gradient by each score times `scale`. Places
 * of d beyond the last output become zero.
 *
 * @param scores of `outputs` each, `row` bytes from one to the next, as in d
 * @param target f32: one class a row for CLASSES, one value an output for the others; `positions` of the rows in it
 * @param weights f32, one for each of these rows
 */
export function outcome(
  kind: i32,
  scores: usize,
  d: usize,
  rows: i32,
  row: usize,
  outputs: i32,
  target: usize,
  positions: usize,
  weights: usize,
  scale: f32,
  delta: f32,
): f64 {
  let loss: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const position = load<u32>(positions + ((<usize>i) << 2));
    const weight = load<f32>(weights + ((<usize>i) << 2));
    const own: f64 =
      kind == CLASSES
        ? classLoss(scores, d, row, outputs, load<f32>(target + ((<usize>position) << 2)), weight * scale)
        : valueLoss(
            kind,
            scores,
            d,
            row,
            outputs,
            target + ((<usize>position * <usize>outputs) << 2),
            weight * scale,
            delta,
          );
    loss += <f64>weight * own;
    scores += row;
    d += row;
  }
  return loss;
}

/** ln sum e^z - z of the class. */
function classLoss(scores: usize, d: usize, row: usize, outputs: i32, target: f32, scale: f32): f64 {
  let largest = load<f32>(scores);
  for (let k = 1; k < outputs; k++) largest = max(largest, load<f32>(scores + ((<usize>k) << 2)));
  for (let at: usize = 0; at < row; at += 16)
    v128.store(d + at, exp4(f32x4.sub(v128.load(scores + at), f32x4.splat(largest))));
  let sum: f32 = 0;
  for (let k = 0; k < outputs; k++) sum += load<f32>(d + ((<usize>k) << 2));
  const factor = scale / sum;
  for (let k = 0; k < outputs; k++)
    store<f32>(d + ((<usize>k) << 2), load<f32>(d + ((<usize>k) << 2)) * factor);
  clear(d, outputs, row);
  const own = (<usize>(<i32>target)) << 2;
  store<f32>(d + own, load<f32>(d + own) - scale);
  return <f64>logarithm(sum) + <f64>(largest - load<f32>(scores + own));
}

function valueLoss(
  kind: i32,
  scores: usize,
  d: usize,
  row: usize,
  outputs: i32,
  target: usize,
  scale: f32,
  delta: f32,
): f64 {
  let loss: f64 = 0;
  for (let k = 0; k < outputs; k++) {
    const at = (<usize>k) << 2;
    const z = load<f32>(scores + at);
    const y = load<f32>(target + at);
    if (kind == BINARY) {
      const e = f32x4.extract_lane(exp4(f32x4.splat(-abs(z))), 0);
      loss += <f64>(logarithm(1 + e) + max<f32>(z, 0) - y * z);
      store<f32>(d + at, scale * ((z >= 0 ? 1 : e) / (1 + e) - y));
    } else {
      const away = z - y;
      const limit: f32 = kind == HUBER ? delta : Infinity;
      const far = abs(away) > limit;
      loss += <f64>(far ? delta * (abs(away) - 0.5 * delta) : 0.5 * away * away);
      store<f32>(d + at, scale * (far ? copysign<f32>(delta, away) : away));
    }
  }
  clear(d, outputs, row);
  return loss;
}

/** Zeros from the last output to the end of the row. */
// @inline
function clear(d: usize, outputs: i32, row: usize): void {
  for (let at = (<usize>outputs) << 2; at < row; at += 4) store<f32>(d + at, 0);
}

/** ln x for x from 1 up, to 1e-7: x = 2^n m, and twice the series of the inverse hyperbolic tangent of (m-1)/(m+1). */
function logarithm(x: f32): f32 {
  // n for which m lies between the square roots of 1/2 and 2
  const n = (reinterpret<i32>(x) - 0x3f3504f3) >> 23;
  const m = reinterpret<f32>(reinterpret<i32>(x) - (n << 23));
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const series = q * (<f32>0.33333333 + q * (<f32>0.2 + q * (<f32>0.14285714 + q * <f32>0.11111111)));
  return <f32>n * <f32>0.6931472 + 2 * s * (1 + series);
}
