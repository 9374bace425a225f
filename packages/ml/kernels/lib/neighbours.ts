import { insert } from './lists';
import { scratch } from './thread';

/**
 * The k items most like each item of the blocks `lo` to `hi`: sum over users of the values of both, over
 * (rowNorm x columnNorm + shrinkage). An item is no neighbour of its own.
 *
 * @param bounds block b is the items bounds[b] to bounds[b + 1]
 * @param itemOffsets with users and itemValues: who did something with an item
 * @param userOffsets with items and userValues: the same interactions by user
 * @param width number of items
 */
export function neighbours(
  block: i32,
  lo: i32,
  hi: i32,
  bounds: usize,
  itemOffsets: usize,
  users: usize,
  itemValues: usize,
  userOffsets: usize,
  items: usize,
  userValues: usize,
  width: i32,
  rowNorms: usize,
  columnNorms: usize,
  shrinkage: f32,
  k: i32,
  listScores: usize,
  listItems: usize,
  counts: usize,
): void {
  const sums = scratch();
  const marks = sums + ((<usize>width) << 2);
  const touched = marks + ((<usize>width) << 2);
  memory.fill(sums, 0, (<usize>width) << 3);
  const from = load<u32>(bounds + ((<usize>lo) << 2));
  const to = load<u32>(bounds + ((<usize>hi) << 2));
  for (let item = from; item < to; item++) {
    const row = itemOffsets + ((<usize>item) << 2);
    let met: usize = 0;
    for (let at = load<u32>(row); at < load<u32>(row, 4); at++) {
      const user = load<u32>(users + ((<usize>at) << 2));
      const value = load<f32>(itemValues + ((<usize>at) << 2));
      met = addUser(
        value,
        userOffsets + ((<usize>user) << 2),
        items,
        userValues,
        item + 1,
        sums,
        marks,
        touched,
        met,
      );
    }
    const norm = load<f32>(rowNorms + ((<usize>item) << 2));
    const place = (<usize>item * <usize>k) << 2;
    let count = 0;
    for (let i: usize = 0; i < met; i++) {
      const other = load<u32>(touched + (i << 2));
      const at = (<usize>other) << 2;
      const likeness = load<f32>(sums + at) / (norm * load<f32>(columnNorms + at) + shrinkage);
      store<f32>(sums + at, 0);
      if (other != item) count = insert(listScores + place, listItems + place, count, k, likeness, other);
    }
    store<i32>(counts + ((<usize>item) << 2), count);
  }
}

/** Adds what one user did; `touched` lists the items that were met, `met` of them so far. */
function addUser(
  value: f32,
  row: usize,
  items: usize,
  userValues: usize,
  mark: u32,
  sums: usize,
  marks: usize,
  touched: usize,
  met: usize,
): usize {
  for (let at = load<u32>(row); at < load<u32>(row, 4); at++) {
    const other = load<u32>(items + ((<usize>at) << 2));
    const to = (<usize>other) << 2;
    store<f32>(sums + to, load<f32>(sums + to) + value * load<f32>(userValues + ((<usize>at) << 2)));
    if (load<u32>(marks + to) != mark) {
      store<u32>(marks + to, mark);
      store<u32>(touched + (met++ << 2), other);
    }
  }
  return met;
}

/** Rows `lo` to `hi` of X'X in double precision, `stride` from row to row. */
export function coOccurrences(
  block: i32,
  lo: i32,
  hi: i32,
  itemOffsets: usize,
  users: usize,
  itemValues: usize,
  userOffsets: usize,
  items: usize,
  userValues: usize,
  out: usize,
  stride: i32,
): void {
  for (let item = lo; item < hi; item++) {
    const sums = out + ((<usize>item * <usize>stride) << 3);
    const row = itemOffsets + ((<usize>item) << 2);
    for (let at = load<u32>(row); at < load<u32>(row, 4); at++) {
      const user = userOffsets + ((<usize>load<u32>(users + ((<usize>at) << 2))) << 2);
      const value = <f64>load<f32>(itemValues + ((<usize>at) << 2));
      for (let e = load<u32>(user); e < load<u32>(user, 4); e++) {
        const to = sums + ((<usize>load<u32>(items + ((<usize>e) << 2))) << 3);
        store<f64>(to, load<f64>(to) + value * <f64>load<f32>(userValues + ((<usize>e) << 2)));
      }
    }
  }
}
