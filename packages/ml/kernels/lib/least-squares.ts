import { add, add4, clear, copy, dot, dots4 } from './dense';
import { multiplyAdd } from './simd';
import { scratch } from './thread';

/** Rows of factors that are gathered at a time: 512 of 64 factors are 128 kB, half of a second-level cache. */
const GATHERED: i32 = 512;

/**
 * Y'Y of the rows `lo` to `hi` of Y: rank x rank to the place of the block.
 *
 * @param rank f32 values from row to row, a multiple of 4; `partials` has 8 values to spare
 */
export function gram(block: i32, lo: i32, hi: i32, y: usize, rank: i32, partials: usize): void {
  const bytes = (<usize>rank) << 2;
  const out = partials + <usize>block * <usize>rank * bytes;
  for (let i = 0; i < rank; i += 4) for (let j = 0; j <= i; j += 4) gramTile(lo, hi, y, bytes, out, i, j);
}

/** Four by four values of the lower half, and their mirror image. */
function gramTile(lo: i32, hi: i32, y: usize, bytes: usize, out: usize, i: i32, j: i32): void {
  const left = (<usize>i) << 2;
  const right = (<usize>j) << 2;
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const end = y + <usize>hi * bytes;
  for (let row = y + <usize>lo * bytes; row < end; row += bytes) {
    const values = v128.load(row + right);
    a = multiplyAdd(v128.load32_splat(row + left), values, a);
    b = multiplyAdd(v128.load32_splat(row + left, 4), values, b);
    c = multiplyAdd(v128.load32_splat(row + left, 8), values, c);
    d = multiplyAdd(v128.load32_splat(row + left, 12), values, d);
  }
  const tile = out + <usize>i * bytes + right;
  v128.store(tile, a);
  v128.store(tile + bytes, b);
  v128.store(tile + 2 * bytes, c);
  v128.store(tile + 3 * bytes, d);
  for (let r = 0; r < 4; r++)
    for (let s = 0; s < 4; s++)
      store<f32>(
        out + <usize>(j + s) * bytes + ((<usize>(i + r)) << 2),
        load<f32>(tile + <usize>r * bytes + ((<usize>s) << 2)),
      );
}

/** Where a thread keeps what it needs for one row; `solve` lays it out. */
let weights: usize = 0;
let wanted: usize = 0;
let rows: usize = 0;
let penalty: f32 = 0;

/**
 * For each user of the blocks `lo` to `hi`: some steps of conjugate gradients (Takács, Pilászy and Tikk 2011) from where
 * x stands towards the minimum of sum_i c_i (p_i - x'y_i)^2 + penalty |x|^2 over all items i (Hu, Koren and Volinsky
 * 2008, equation 3), where c is 1 + strength and p is 1 for what was done, c is 1 and p is 0 elsewhere. A negative
 * strength is a dislike: p is 0 with the confidence 1 + |strength|.
 *
 * @param bounds block b solves for the users bounds[b] to bounds[b + 1]
 * @param strengths f32, alpha x the value of each entry
 * @param gramian Y'Y, rank x rank
 * @param penalties of each user
 * @param longest the largest number of items of a user
 */
export function solve(
  block: i32,
  lo: i32,
  hi: i32,
  bounds: usize,
  offsets: usize,
  indices: usize,
  strengths: usize,
  x: usize,
  y: usize,
  gramian: usize,
  penalties: usize,
  rank: i32,
  steps: i32,
  longest: i32,
): void {
  const bytes = (<usize>rank) << 2;
  weights = scratch() + 3 * bytes;
  wanted = weights + (((<usize>longest + 4) & ~3) << 2);
  rows = wanted + (((<usize>longest + 4) & ~3) << 2);
  const from = load<u32>(bounds + ((<usize>lo) << 2));
  const to = load<u32>(bounds + ((<usize>hi) << 2));
  for (let user = from; user < to; user++) {
    const start = load<u32>(offsets + ((<usize>user) << 2));
    const count = load<u32>(offsets + ((<usize>user) << 2), 4) - start;
    const own = x + <usize>user * bytes;
    if (count == 0) clear(own, bytes);
    else {
      confidences(strengths + ((<usize>start) << 2), count);
      penalty = load<f32>(penalties + ((<usize>user) << 2));
      descend(own, indices + ((<usize>start) << 2), count, y, gramian, rank, steps);
    }
  }
}

/** c - 1 and c p of each entry; zeros fill the last four. */
function confidences(strengths: usize, count: i32): void {
  for (let i = 0; i < ((count + 3) & ~3); i++) {
    const at = (<usize>i) << 2;
    const strength = i < count ? load<f32>(strengths + at) : 0;
    store<f32>(weights + at, abs<f32>(strength));
    store<f32>(wanted + at, i < count && strength >= 0 ? strength + 1 : 0);
  }
}

function descend(
  x: usize,
  indices: usize,
  count: i32,
  y: usize,
  gramian: usize,
  rank: i32,
  steps: i32,
): void {
  const bytes = (<usize>rank) << 2;
  const residual = scratch();
  const direction = residual + bytes;
  const image = direction + bytes;
  product(gramian, x, image, rank);
  addEntries(x, image, indices, count, y, bytes, true, true);
  for (let c: usize = 0; c < bytes; c += 16) v128.store(residual + c, f32x4.neg(v128.load(image + c)));
  copy(direction, residual, bytes);
  let left = dot(residual, residual, bytes);
  for (let step = 0; step < steps && left >= 1e-20; step++) {
    product(gramian, direction, image, rank);
    addEntries(direction, image, indices, count, y, bytes, false, count > GATHERED);
    const length = left / dot(direction, image, bytes);
    add(x, direction, length, bytes);
    add(residual, image, -length, bytes);
    const next = dot(residual, residual, bytes);
    const turn = f32x4.splat(next / left);
    for (let c: usize = 0; c < bytes; c += 16)
      v128.store(direction + c, multiplyAdd(v128.load(direction + c), turn, v128.load(residual + c)));
    left = next;
  }
}

/** out = (gramian + penalty x identity) v */
function product(gramian: usize, v: usize, out: usize, rank: i32): void {
  const bytes = (<usize>rank) << 2;
  for (let c: usize = 0; c < bytes; c += 16)
    v128.store(out + c, f32x4.mul(v128.load(v + c), f32x4.splat(penalty)));
  for (let j: usize = 0; j < bytes; j += 16) add4(out, gramian + (j >> 2) * bytes, v128.load(v + j), bytes);
}

/** out += sum over the entries of ((c - 1) v'y - c p) y; without c p unless `target`. */
function addEntries(
  v: usize,
  out: usize,
  indices: usize,
  count: i32,
  y: usize,
  bytes: usize,
  target: bool,
  gathers: bool,
): void {
  for (let from = 0; from < count; from += GATHERED) {
    const size = min(GATHERED, count - from);
    if (gathers) gather(indices + ((<usize>from) << 2), size, y, bytes);
    for (let i = 0; i < size; i += 4) {
      const at = (<usize>(from + i)) << 2;
      const own = rows + <usize>i * bytes;
      let factors = f32x4.mul(v128.load(weights + at), dots4(own, v, bytes));
      if (target) factors = f32x4.sub(factors, v128.load(wanted + at));
      add4(out, own, factors, bytes);
    }
  }
}

/** Copies scattered rows beside each other; zeros fill the last four. */
function gather(indices: usize, count: i32, y: usize, bytes: usize): void {
  for (let i = 0; i < count; i++)
    copy(rows + <usize>i * bytes, y + <usize>load<u32>(indices + ((<usize>i) << 2)) * bytes, bytes);
  for (let i = count; i < ((count + 3) & ~3); i++) clear(rows + <usize>i * bytes, bytes);
}

/**
 * The part of the loss that is due to entries, for each block: sum of c (p - s)^2 - s^2 with s = x'y. What the other
 * cells add is sum over users of x'Y'Y x.
 */
export function entryLoss(
  block: i32,
  lo: i32,
  hi: i32,
  offsets: usize,
  indices: usize,
  strengths: usize,
  x: usize,
  y: usize,
  rank: i32,
  losses: usize,
): void {
  const bytes = (<usize>rank) << 2;
  let sum: f64 = 0;
  for (let user = lo; user < hi; user++) {
    const end = load<u32>(offsets + ((<usize>user) << 2), 4);
    for (let at = load<u32>(offsets + ((<usize>user) << 2)); at < end; at++) {
      const strength = load<f32>(strengths + ((<usize>at) << 2));
      const item = load<u32>(indices + ((<usize>at) << 2));
      const score = <f64>dot(x + <usize>user * bytes, y + <usize>item * bytes, bytes);
      const apart = (strength >= 0 ? 1 : 0) - score;
      sum += (1 + abs<f64>(strength)) * apart * apart - score * score;
    }
  }
  store<f64>(losses + ((<usize>block) << 3), sum);
}
