import { scratch } from './thread';

/**
 * For each item j of `first + lo` to `first + hi`: the weights w >= 0, w_j = 0, that make 1/2 |x_j - X w|^2 + l1 sum w + l2/2 |w|^2
 * small (SLIM, Ning and Karypis 2011), by coordinate descent on X'X (Friedman, Hastie and Tibshirani 2010, section 2.2).
 *
 * @param gram X'X, f32, `stride` from row to row, a multiple of 4
 * @param weights row j holds the weights of item j; starts from what stands there
 */
export function slim(
  block: i32,
  lo: i32,
  hi: i32,
  gram: usize,
  items: i32,
  stride: i32,
  l1: f32,
  l2: f32,
  rounds: i32,
  tolerance: f32,
  weights: usize,
  first: i32,
): void {
  const bytes = (<usize>stride) << 2;
  const residual = scratch();
  for (let j = first + lo; j < first + hi; j++) {
    const own = weights + <usize>j * bytes;
    memory.copy(residual, gram + <usize>j * bytes, bytes);
    for (let round = 0; round < rounds; round++) {
      // all coordinates at first and at every fourth round, between them those that are not zero
      const moved = pass(residual, gram, items, bytes, j, l1, l2, own, (round & 3) == 0);
      if (moved < tolerance && (round & 3) == 0) break;
    }
  }
}

/** One round over the coordinates; the largest change of a weight. */
function pass(
  residual: usize,
  gram: usize,
  items: i32,
  bytes: usize,
  j: i32,
  l1: f32,
  l2: f32,
  weights: usize,
  all: bool,
): f32 {
  let moved: f32 = 0;
  for (let i = 0; i < items; i++) {
    const at = (<usize>i) << 2;
    const before = load<f32>(weights + at);
    if (i == j || (before == 0 && (!all || load<f32>(residual + at) <= l1))) continue;
    const curvature = load<f32>(gram + <usize>i * bytes + at);
    const after = max<f32>(0, load<f32>(residual + at) + curvature * before - l1) / (curvature + l2);
    if (after == before) continue;
    store<f32>(weights + at, after);
    subtract(residual, gram + <usize>i * bytes, after - before, bytes);
    moved = max<f32>(moved, abs<f32>(after - before));
  }
  return moved;
}

/** y -= factor x */
function subtract(y: usize, x: usize, factor: f32, bytes: usize): void {
  const by = f32x4.splat(factor);
  for (let c: usize = 0; c < bytes; c += 16)
    v128.store(y + c, f32x4.sub(v128.load(y + c), f32x4.mul(v128.load(x + c), by)));
}
