import { logarithm } from './logarithm';
import { exp4 } from './simd';
import { scratch } from './thread';

// What is kept of a group's rows in scratch, in order of their scores: arrays of f32, `room` bytes each.
const SCORES: usize = 0;
const GAINS: usize = 1;
const DISCOUNTS: usize = 2;
const SLOPES: usize = 3;
const CURVATURES: usize = 4;
const ORDER: usize = 5;

/** Rows `from` to `from + count` in falling order of their scores, equal ones as they were (Shell 1959, Knuth's gaps). */
function sortByScore(scores: usize, from: i32, count: i32, order: usize): void {
  for (let i = 0; i < count; i++) store<u32>(order + ((<usize>i) << 2), from + i);
  let gap = 1;
  while (gap < count / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3)
    for (let i = gap; i < count; i++) {
      const row = load<u32>(order + ((<usize>i) << 2));
      const score = load<f32>(scores + ((<usize>row) << 2));
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = load<u32>(order + ((<usize>(j - gap)) << 2));
        const its = load<f32>(scores + ((<usize>other) << 2));
        if (its > score || (its == score && other < row)) break;
        store<u32>(order + ((<usize>j) << 2), other);
      }
      store<u32>(order + ((<usize>j) << 2), row);
    }
}

/** Four numbers from a place on; beyond the group's last they count as nothing. */
// @inline
function within(place: i32, count: i32): v128 {
  const lanes = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(0), 1, 1), 2, 2), 3, 3);
  return i32x4.lt_s(i32x4.add(i32x4.splat(place), lanes), i32x4.splat(count));
}

// @inline
function total(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Pairs of the row at place `i` with all below it. Sum of the sizes of its pulls. */
function pairsOf(own: usize, room: usize, i: i32, count: i32, best: f32, spread: bool): f32 {
  const at = own + ((<usize>i) << 2);
  const score = f32x4.splat(load<f32>(at + SCORES * room));
  const gain = f32x4.splat(load<f32>(at + GAINS * room));
  const discount = f32x4.splat(load<f32>(at + DISCOUNTS * room));
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  let slope = zero;
  let curvature = zero;
  let pulls = zero;
  for (let j = i + 1; j < count; j += 4) {
    const other = own + ((<usize>j) << 2);
    const apart = f32x4.sub(score, v128.load(other + SCORES * room));
    const better = f32x4.sub(gain, v128.load(other + GAINS * room));
    const steps = f32x4.sub(discount, v128.load(other + DISCOUNTS * room));
    let change = f32x4.mul(f32x4.mul(f32x4.abs(better), steps), f32x4.splat(best));
    if (spread) change = f32x4.div(change, f32x4.add(f32x4.splat(0.01), f32x4.abs(apart)));
    change = v128.and(change, within(j, count));
    // 1 where the row above is the better one, -1 where the one below is
    const sign = v128.bitselect(f32x4.splat(-1), one, f32x4.lt(better, zero));
    const wrong = f32x4.div(one, f32x4.add(one, exp4(f32x4.mul(sign, apart))));
    const pull = f32x4.mul(wrong, change);
    const bend = f32x4.mul(pull, f32x4.sub(one, wrong));
    const signed = f32x4.mul(sign, pull);
    slope = f32x4.sub(slope, signed);
    curvature = f32x4.add(curvature, bend);
    pulls = f32x4.add(pulls, pull);
    v128.store(other + SLOPES * room, f32x4.add(v128.load(other + SLOPES * room), signed));
    v128.store(other + CURVATURES * room, f32x4.add(v128.load(other + CURVATURES * room), bend));
  }
  store<f32>(at + SLOPES * room, load<f32>(at + SLOPES * room) + total(slope));
  store<f32>(at + CURVATURES * room, load<f32>(at + CURVATURES * room) + total(curvature));
  return 2 * total(pulls);
}

/** Puts what the kernel needs of a group's rows in the order of their scores. */
function lay(
  own: usize,
  room: usize,
  scores: usize,
  gains: usize,
  discounts: usize,
  from: i32,
  count: i32,
): void {
  sortByScore(scores, from, count, own + ORDER * room);
  memory.copy(own + DISCOUNTS * room, discounts, (<usize>count) << 2);
  memory.fill(own + SLOPES * room, 0, 2 * room);
  for (let i = <usize>0; i < <usize>count; i++) {
    const row = (<usize>load<u32>(own + ORDER * room + (i << 2))) << 2;
    store<f32>(own + SCORES * room + (i << 2), load<f32>(scores + row));
    store<f32>(own + GAINS * room + (i << 2), load<f32>(gains + row));
  }
}

/**
 * LambdaMART (Burges 2010): for each pair of rows of a group, the slope of the pair's log loss times by how much nDCG
 * would change if the two swapped places; brought to like size from group to group, as LightGBM does. What is left is as in
 * losses.ts; `lo` to `hi` are groups.
 *
 * @param starts u32: group g has the rows starts[g] to starts[g + 1] - 1
 * @param gains f32 by row: 2^relevance - 1
 * @param best f32 by group: 1 / the largest DCG that it can have, 0 where nothing is relevant
 * @param discounts f32 by place: 1 / log2(2 + place)
 * @param top pairs count of which one is among so many first
 * @param room bytes of scratch for one number of each row of the largest group, and 16 more
 */
export function lambdas(
  block: i32,
  lo: i32,
  hi: i32,
  starts: usize,
  scores: usize,
  gains: usize,
  best: usize,
  discounts: usize,
  top: i32,
  room: usize,
  weights: usize,
  pairs: usize,
  sums: usize,
): void {
  const own = scratch();
  let slopes = 0.0;
  let curvatures = 0.0;
  for (let group = <usize>lo; group < <usize>hi; group++) {
    const from = load<i32>(starts + (group << 2));
    const count = load<i32>(starts + (group << 2), 4) - from;
    lay(own, room, scores, gains, discounts, from, count);
    const spread = load<f32>(own) != load<f32>(own + ((<usize>(count - 1)) << 2));
    let pulls: f32 = 0;
    for (let i = 0; i < min(top, count - 1); i++)
      pulls += pairsOf(own, room, i, count, load<f32>(best + (group << 2)), spread);
    const size = <f64>pulls;
    const scale = size > 0 ? <f32>(logarithm(1 + size) / 0.6931471805599453 / size) : 0;
    for (let i = <usize>0; i < <usize>count; i++) {
      const row = <usize>load<u32>(own + ORDER * room + (i << 2));
      const factor = weights ? scale * load<f32>(weights + (row << 2)) : scale;
      const slope = factor * load<f32>(own + SLOPES * room + (i << 2));
      const curvature = factor * load<f32>(own + CURVATURES * room + (i << 2));
      store<f32>(pairs + (row << 3), curvature);
      store<f32>(pairs + (row << 3), slope, 4);
      slopes += <f64>abs(slope);
      curvatures += <f64>curvature;
    }
  }
  store<f64>(sums + ((<usize>block) << 4), slopes);
  store<f64>(sums + ((<usize>block) << 4), curvatures, 8);
}
