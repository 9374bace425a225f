/**
 * Parts the rows of a node by the bins of one column, in the order they were in. Block b leaves its left rows at
 * left[lo...] and its right rows at right[lo...], to be put together by `place`.
 *
 * @param order u32 rows of the node
 * @param bins u8 by row: the bins of the column
 * @param goesLeft u8 by bin
 * @param counts i32 by block: how many went left
 */
export function partition(
  block: i32,
  lo: i32,
  hi: i32,
  order: usize,
  bins: usize,
  goesLeft: usize,
  left: usize,
  right: usize,
  counts: usize,
): void {
  const first = left + ((<usize>lo) << 2);
  let toLeft = first;
  let toRight = right + ((<usize>lo) << 2);
  const end = order + ((<usize>hi) << 2);
  for (let at = order + ((<usize>lo) << 2); at < end; at += 4) {
    const row = load<u32>(at);
    const goes = <usize>load<u8>(goesLeft + <usize>load<u8>(bins + <usize>row));
    // both are written, one is kept: a branch would be foretold wrongly half of the time
    store<u32>(toLeft, row);
    store<u32>(toRight, row);
    toLeft += goes << 2;
    toRight += (1 - goes) << 2;
  }
  store<i32>(counts + ((<usize>block) << 2), <i32>((toLeft - first) >> 2));
}

/**
 * Puts the blocks of `partition` together: all left rows, then all right ones.
 *
 * @param before i32 by block: how many rows of earlier blocks went left
 * @param lefts how many went left in all
 */
export function place(
  block: i32,
  lo: i32,
  hi: i32,
  order: usize,
  left: usize,
  right: usize,
  counts: usize,
  before: usize,
  lefts: i32,
): void {
  const own = load<i32>(counts + ((<usize>block) << 2));
  const leftBefore = load<i32>(before + ((<usize>block) << 2));
  const source = (<usize>lo) << 2;
  memory.copy(order + ((<usize>leftBefore) << 2), left + source, (<usize>own) << 2);
  const rightAt = lefts + lo - leftBefore;
  memory.copy(order + ((<usize>rightAt) << 2), right + source, (<usize>(hi - lo - own)) << 2);
}

/** Sum, by block, of the values at the rows of an order. */
export function sumAt(block: i32, lo: i32, hi: i32, order: usize, values: usize, sums: usize): void {
  let sum = 0.0;
  for (let i = <usize>lo; i < <usize>hi; i++)
    sum += <f64>load<f32>(values + ((<usize>load<u32>(order + (i << 2))) << 2));
  store<f64>(sums + ((<usize>block) << 3), sum);
}

/** 1 for each row that a draw of its own, told by the seed and the row, lets in; `below` of 2^32 are. */
export function draw(block: i32, lo: i32, hi: i32, seed: u32, below: u32, flags: usize): void {
  for (let i = lo; i < hi; i++) {
    // the mixing of splitmix32, over the row instead of a count
    let x = (<u32>i + seed) * 0x9e3779b9;
    x = (x ^ (x >> 16)) * 0x85ebca6b;
    x = (x ^ (x >> 13)) * 0xc2b2ae35;
    store<u8>(flags + <usize>i, <u8>((x ^ (x >> 16)) < below));
  }
}
