/** Ranked lists of at most k items: scores fall, and of equal scores the smaller item comes first. */

/** Whether (score, item) comes before (otherScore, otherItem). */
// @inline
function before(score: f32, item: u32, otherScore: f32, otherItem: u32): bool {
  return score > otherScore || (score == otherScore && item < otherItem);
}

/**
 * Puts an item into a list that holds `count` of at most k; the last falls out of a full one. A score of exactly 0 says
 * that nothing is known of the item: it is left out, as is NaN and minus infinity.
 *
 * @returns how many the list holds now
 */
export function insert(scores: usize, items: usize, count: i32, k: i32, score: f32, item: u32): i32 {
  if (!(score > -Infinity) || score == 0) return count;
  let at = count;
  if (count == k) {
    at = k - 1;
    const last = (<usize>at) << 2;
    if (!before(score, item, load<f32>(scores + last), load<u32>(items + last))) return count;
  }
  while (at > 0) {
    const previous = (<usize>(at - 1)) << 2;
    if (!before(score, item, load<f32>(scores + previous), load<u32>(items + previous))) break;
    store<f32>(scores + previous + 4, load<f32>(scores + previous));
    store<u32>(items + previous + 4, load<u32>(items + previous));
    at--;
  }
  store<f32>(scores + ((<usize>at) << 2), score);
  store<u32>(items + ((<usize>at) << 2), item);
  return count == k ? k : count + 1;
}

/** What a score must reach to enter the list: the last one's, once it is full. */
// @inline
export function threshold(scores: usize, count: i32, k: i32): f32 {
  return count < k ? -Infinity : load<f32>(scores + ((<usize>(k - 1)) << 2));
}

/**
 * The best k of each of the rows `lo` to `hi` of a matrix of scores. Where `seen` is not 0, items of the same row of it
 * are left out; where `allowed` is not 0, items whose byte is 0 are.
 *
 * @param scores f32, `width` from row to row, a multiple of 4; overwritten where items are left out
 * @param first position of row 0 among the rows of `seenOffsets`
 * @param lists k scores and k items a row, and how many of them are filled
 */
export function selectTop(
  block: i32,
  lo: i32,
  hi: i32,
  scores: usize,
  items: i32,
  width: i32,
  first: i32,
  seenOffsets: usize,
  seen: usize,
  allowed: usize,
  k: i32,
  listScores: usize,
  listItems: usize,
  counts: usize,
): void {
  for (let row = lo; row < hi; row++) {
    const own = scores + ((<usize>row * <usize>width) << 2);
    if (seen != 0) hide(own, seenOffsets + ((<usize>(first + row)) << 2), seen);
    if (allowed != 0) hideForbidden(own, allowed, items);
    const to = (<usize>row * <usize>k) << 2;
    store<i32>(counts + ((<usize>row) << 2), best(own, items, k, listScores + to, listItems + to));
  }
}

function hide(scores: usize, offsets: usize, seen: usize): void {
  for (let at = load<u32>(offsets); at < load<u32>(offsets, 4); at++)
    store<f32>(scores + ((<usize>load<u32>(seen + ((<usize>at) << 2))) << 2), -Infinity);
}

function hideForbidden(scores: usize, allowed: usize, items: i32): void {
  for (let item = 0; item < items; item++)
    if (load<u8>(allowed + <usize>item) == 0) store<f32>(scores + ((<usize>item) << 2), -Infinity);
}

function best(scores: usize, items: i32, k: i32, listScores: usize, listItems: usize): i32 {
  let count = 0;
  let least: f32 = -Infinity;
  const whole = items & ~3;
  for (let item = 0; item < whole; item += 4) {
    const at = scores + ((<usize>item) << 2);
    if (!v128.any_true(f32x4.ge(v128.load(at), f32x4.splat(least)))) continue;
    for (let lane = 0; lane < 4; lane++)
      count = insert(listScores, listItems, count, k, load<f32>(at + ((<usize>lane) << 2)), item + lane);
    least = threshold(listScores, count, k);
  }
  for (let item = whole; item < items; item++)
    count = insert(listScores, listItems, count, k, load<f32>(scores + ((<usize>item) << 2)), item);
  return count;
}
