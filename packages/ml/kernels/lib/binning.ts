/** Whether an edge lies below the value: how far the search goes on. */
// @inline
function step(edges: usize, at: usize, offset: usize, value: f32, bytes: usize): usize {
  return <usize>(load<f32>(edges + at + offset) < value) * bytes;
}

/**
 * Bin of each value of a column of numbers: 1 + how many edges lie below it; 0 where it is missing.
 *
 * @param values f32 by row
 * @param edges 256 f32, ascending, the last of them infinite
 * @param out u8 by row
 */
export function binNumbers(block: i32, lo: i32, hi: i32, values: usize, edges: usize, out: usize): void {
  for (let i = <usize>lo; i < <usize>hi; i++) {
    const value = load<f32>(values + (i << 2));
    // a search by halves without a branch: nothing can be foretold of where a value lies
    let at: usize = step(edges, 0, 127 * 4, value, 512);
    at += step(edges, at, 63 * 4, value, 256);
    at += step(edges, at, 31 * 4, value, 128);
    at += step(edges, at, 15 * 4, value, 64);
    at += step(edges, at, 7 * 4, value, 32);
    at += step(edges, at, 3 * 4, value, 16);
    at += step(edges, at, 1 * 4, value, 8);
    at += step(edges, at, 0, value, 4);
    store<u8>(out + i, value == value ? (at >> 2) + 1 : 0);
  }
}

/**
 * Bin of each value of a column of categories; 0 where it is missing or no category.
 *
 * @param codes u8: bin of each of `count` categories
 */
export function binCodes(
  block: i32,
  lo: i32,
  hi: i32,
  values: usize,
  codes: usize,
  count: i32,
  out: usize,
): void {
  for (let i = <usize>lo; i < <usize>hi; i++) {
    const value = load<f32>(values + (i << 2));
    const known = value >= 0 && value < <f32>count;
    store<u8>(out + i, known ? load<u8>(codes + <usize>value) : 0);
  }
}

/** Bins by column to bins by row in groups of `width` columns: see `BinnedTable`. */
export function binsToRows(
  block: i32,
  lo: i32,
  hi: i32,
  byColumn: usize,
  rows: i32,
  columns: i32,
  width: i32,
  stride: i32,
  byRow: usize,
): void {
  // 64 rows at a time: what is written stays in the cache while the columns are walked
  for (let from = lo; from < hi; from += 64) {
    const to = <usize>min(from + 64, hi);
    for (let j = 0; j < columns; j++) {
      const group = j / width;
      const source = byColumn + <usize>j * <usize>rows;
      let target =
        byRow + (<usize>group * <usize>rows + <usize>from) * <usize>stride + <usize>(j - group * width);
      for (let i = <usize>from; i < to; i++) {
        store<u8>(target, load<u8>(source + i));
        target += <usize>stride;
      }
    }
  }
}
