import { expPair, logPair, sumOfPair, widened } from './pair';
import { scratch } from './thread';

// A mixture of normal distributions, in double precision. Of each component c: constants[c], the logarithm of its share
// and of its density's height; means[c * width + j]; factors, by which what a row lies off the mean becomes
// uncorrelated: a lower triangle by row (width x width), or 1 / deviation of each column (width) where it is diagonal.
// `width` is the number of columns, made even; what is added is zero.

/** x - mean of each column, to `out`. */
// @inline
function deviations(row: usize, mean: usize, width: i32, out: usize): void {
  for (let j = 0; j < width; j += 2) {
    v128.store(out, f64x2.sub(widened(row), v128.load(mean)));
    row += 8;
    mean += 16;
    out += 16;
  }
}

/** Squared length of factor x deviation: Mahalanobis' distance. */
function distanceFull(off: usize, factor: usize, width: i32): f64 {
  let sum: f64 = 0;
  for (let r = 0; r < width; r++) {
    let line = f64x2.splat(0);
    for (let j = 0; j <= r; j += 2) {
      const at = (<usize>j) << 3;
      line = f64x2.add(line, f64x2.mul(v128.load(factor + at), v128.load(off + at)));
    }
    const length = sumOfPair(line);
    sum += length * length;
    factor += (<usize>width) << 3;
  }
  return sum;
}

function distanceDiagonal(off: usize, factor: usize, width: i32): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < (<usize>width) << 3; at += 16) {
    const scaled = f64x2.mul(v128.load(factor + at), v128.load(off + at));
    sum = f64x2.add(sum, f64x2.mul(scaled, scaled));
  }
  return sumOfPair(sum);
}

/** Turns logarithms of densities into shares that sum to 1, and returns the logarithm of their sum. */
function shared(logs: usize, count: i32): f64 {
  let most: f64 = -Infinity;
  for (let c = 0; c < count; c++) most = max(most, load<f64>(logs + ((<usize>c) << 3)));
  let sums = f64x2.splat(0);
  const end = (<usize>count) << 3;
  // an odd count has one more place, of which nothing is left after e^x
  if (count & 1) store<f64>(logs + end, -Infinity);
  for (let at: usize = 0; at < end; at += 16) {
    const density = expPair(f64x2.sub(v128.load(logs + at), f64x2.splat(most)));
    v128.store(logs + at, density);
    sums = f64x2.add(sums, density);
  }
  const sum = sumOfPair(sums);
  for (let at: usize = 0; at < end; at += 16)
    v128.store(logs + at, f64x2.div(v128.load(logs + at), f64x2.splat(sum)));
  return most + f64x2.extract_lane(logPair(f64x2.splat(sum)), 0);
}

/** share; share x deviation; and share x deviation x deviation', its lower triangle or its diagonal. */
function addMoments(off: usize, share: f64, width: i32, full: i32, sums: usize): void {
  store<f64>(sums, load<f64>(sums) + share);
  const times = f64x2.splat(share);
  const size = (<usize>width) << 3;
  let square = sums + 16 + size;
  for (let at: usize = 0; at < size; at += 16) {
    const part = f64x2.mul(times, v128.load(off + at));
    v128.store(sums + 16 + at, f64x2.add(v128.load(sums + 16 + at), part));
    if (!full)
      v128.store(square + at, f64x2.add(v128.load(square + at), f64x2.mul(part, v128.load(off + at))));
  }
  if (!full) return;
  for (let r: usize = 0; r < size; r += 8) {
    const part = f64x2.splat(share * load<f64>(off + r));
    for (let at: usize = 0; at <= r; at += 16)
      v128.store(square + at, f64x2.add(v128.load(square + at), f64x2.mul(part, v128.load(off + at))));
    square += size;
  }
}

/**
 * One round of expectation maximisation, or only its first half. Scratch: 8 (count x width + count + 1) bytes.
 *
 * @param full 1 for triangles, 0 for diagonals
 * @param moments f64 a block x component x (2 + width + width^2, or 2 + 2 width): about the means that came in, see
 *   `addMoments`; 0 where they are not asked for
 * @param shares f64 a row x component: probability that the component made the row; 0 where not asked for
 * @param likelihoods f64 a block: sum of the logarithms of the densities, weighted
 */
export function mixtureStep(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  width: i32,
  weights: usize,
  count: i32,
  full: i32,
  constants: usize,
  means: usize,
  factors: usize,
  moments: usize,
  shares: usize,
  likelihoods: usize,
): void {
  const line = (<usize>width) << 3;
  const factor = full ? line * <usize>width : line;
  const offs = scratch();
  const logs = offs + <usize>count * line;
  const size = 16 + line + factor;
  const own = moments + <usize>block * <usize>count * size;
  if (moments) memory.fill(own, 0, <usize>count * size);
  let likelihood: f64 = 0;
  for (let i = lo; i < hi; i++) {
    const row = rows + ((<usize>i * <usize>stride) << 2);
    for (let c: usize = 0; c < <usize>count; c++) {
      const off = offs + c * line;
      deviations(row, means + c * line, width, off);
      const apart = full
        ? distanceFull(off, factors + c * factor, width)
        : distanceDiagonal(off, factors + c * factor, width);
      store<f64>(logs + (c << 3), load<f64>(constants + (c << 3)) - 0.5 * apart);
    }
    const weight: f64 = weights == 0 ? 1 : <f64>load<f32>(weights + ((<usize>i) << 2));
    likelihood += weight * shared(logs, count);
    for (let c: usize = 0; c < <usize>count; c++) {
      const share = load<f64>(logs + (c << 3));
      if (shares) store<f64>(shares + ((<usize>i * <usize>count + c) << 3), share);
      if (moments && weight * share > 1e-15)
        addMoments(offs + c * line, weight * share, width, full, own + c * size);
    }
  }
  store<f64>(likelihoods + ((<usize>block) << 3), likelihood);
}
