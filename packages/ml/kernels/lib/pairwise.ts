import { multiplyAdd, sumOf } from './simd';
import { exp1 } from './scalar';
import { randomBelow } from './random';

/** Draws until the item is not one of the user's; a user who has nearly all may be passed over. */
const MOST_DRAWS = 32;

/**
 * Steps of stochastic gradient ascent on ln sigmoid(x_u'y_i - x_u'y_j) - l2/2 of the vectors squared (Rendle,
 * Freudenthaler, Gantner and Schmidt-Thieme 2009), one for each of lo to hi: user u and item i of an interaction drawn
 * evenly, item j drawn evenly among those that u has not.
 *
 * @param indices items of each user, rising
 * @param state four words of the generator
 * @param fixed place of the coordinate of x that is always 1, so that that of y is the item's bias
 */
export function pairwiseSteps(
  block: i32,
  lo: i32,
  hi: i32,
  offsets: usize,
  indices: usize,
  userOf: usize,
  entries: u32,
  items: u32,
  x: usize,
  y: usize,
  rank: i32,
  fixed: i32,
  rate: f32,
  l2: f32,
  state: usize,
): void {
  const bytes = (<usize>rank) << 2;
  for (let step = lo; step < hi; step++) {
    const entry = randomBelow(state, entries);
    const user = load<u32>(userOf + ((<usize>entry) << 2));
    const row = offsets + ((<usize>user) << 2);
    const other = otherItem(indices, load<u32>(row), load<u32>(row, 4), items, state);
    if (other == items) continue;
    const own = x + <usize>user * bytes;
    const liked = y + <usize>load<u32>(indices + ((<usize>entry) << 2)) * bytes;
    moveAll(own, liked, y + <usize>other * bytes, bytes, rate, l2);
    store<f32>(own + ((<usize>fixed) << 2), 1);
  }
}

/**
 * Vectors of the users `lo` to `hi` by their histories alone: `rounds` steps for each entry, in which items stand still.
 * Each user's draws begin with the same `seed` words, so that a vector does not depend on who else is asked for.
 */
export function pairwiseUsers(
  block: i32,
  lo: i32,
  hi: i32,
  offsets: usize,
  indices: usize,
  items: u32,
  x: usize,
  y: usize,
  rank: i32,
  fixed: i32,
  rate: f32,
  l2: f32,
  rounds: i32,
  seed: usize,
  states: usize,
): void {
  const bytes = (<usize>rank) << 2;
  for (let user = lo; user < hi; user++) {
    const from = load<u32>(offsets + ((<usize>user) << 2));
    const to = load<u32>(offsets + ((<usize>user) << 2), 4);
    const own = x + <usize>user * bytes;
    const state = states + ((<usize>user) << 4);
    v128.store(state, v128.load(seed));
    for (let step: u32 = 0; step < (to - from) * <u32>rounds; step++) {
      const entry = from + randomBelow(state, to - from);
      const other = otherItem(indices, from, to, items, state);
      if (other == items) continue;
      const liked = y + <usize>load<u32>(indices + ((<usize>entry) << 2)) * bytes;
      moveUser(own, liked, y + <usize>other * bytes, bytes, rate, l2);
      store<f32>(own + ((<usize>fixed) << 2), 1);
    }
  }
}

/** An item that is not among the rising indices `from` to `to`; `items` where none was met. */
function otherItem(indices: usize, from: u32, to: u32, items: u32, state: usize): u32 {
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const item = randomBelow(state, items);
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (load<u32>(indices + ((<usize>middle) << 2)) < item) low = middle + 1;
      else high = middle;
    }
    if (low == to || load<u32>(indices + ((<usize>low) << 2)) != item) return item;
  }
  return items;
}

/** 1 - sigmoid(x'(y_i - y_j)): how wrong the order of the two is. */
// @inline
function wrongness(own: usize, liked: usize, other: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let c: usize = 0; c < bytes; c += 16)
    sum = multiplyAdd(v128.load(own + c), f32x4.sub(v128.load(liked + c), v128.load(other + c)), sum);
  return 1 / (1 + exp1(sumOf(sum)));
}

function moveAll(own: usize, liked: usize, other: usize, bytes: usize, rate: f32, l2: f32): void {
  const step = f32x4.splat(rate * wrongness(own, liked, other, bytes));
  const keep = f32x4.splat(1 - rate * l2);
  for (let c: usize = 0; c < bytes; c += 16) {
    const x = v128.load(own + c);
    const yi = v128.load(liked + c);
    const yj = v128.load(other + c);
    v128.store(own + c, multiplyAdd(step, f32x4.sub(yi, yj), f32x4.mul(keep, x)));
    v128.store(liked + c, multiplyAdd(step, x, f32x4.mul(keep, yi)));
    v128.store(other + c, f32x4.sub(f32x4.mul(keep, yj), f32x4.mul(step, x)));
  }
}

function moveUser(own: usize, liked: usize, other: usize, bytes: usize, rate: f32, l2: f32): void {
  const step = f32x4.splat(rate * wrongness(own, liked, other, bytes));
  const keep = f32x4.splat(1 - rate * l2);
  for (let c: usize = 0; c < bytes; c += 16)
    v128.store(
      own + c,
      multiplyAdd(
        step,
        f32x4.sub(v128.load(liked + c), v128.load(other + c)),
        f32x4.mul(keep, v128.load(own + c)),
      ),
    );
}
