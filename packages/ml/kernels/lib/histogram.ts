import { scratch } from './thread';

/**
 * Histograms of packed cells. A cell counts two sums in 64 bits: the first in the upper 32 with its sign, the second,
 * which is not negative, in the lower. Whole numbers add up to the same in any order, so that neither threads nor blocks
 * change a result; the caller scales them so that no sum leaves its 32 bits.
 */

/** Rows that are gathered at a time: with the cells of 8 columns they stay in the first-level cache. */
const STAGED: i32 = 256;
/** Bytes of a gathered row and of a column's 256 cells, as shifts. */
const ROW_SHIFT: usize = 5;
const COLUMN_SHIFT: usize = 11;
const STAGED_CELLS: usize = 256 << ROW_SHIFT;

// @inline
function addTo(cells: usize, bins: usize, value: i64, column: usize): void {
  const cell = cells + (column << COLUMN_SHIFT) + ((<usize>load<u8>(bins + column)) << 3);
  store<i64>(cell, load<i64>(cell) + value);
}

/** Adds the values of `count` rows to the cells of 8 columns. */
function addEight(bins: usize, stride: usize, values: usize, count: i32, cells: usize): void {
  for (let i = 0; i < count; i++) {
    const value = load<i64>(values);
    addTo(cells, bins, value, 0);
    addTo(cells, bins, value, 1);
    addTo(cells, bins, value, 2);
    addTo(cells, bins, value, 3);
    addTo(cells, bins, value, 4);
    addTo(cells, bins, value, 5);
    addTo(cells, bins, value, 6);
    addTo(cells, bins, value, 7);
    bins += stride;
    values += 8;
  }
}

function addFour(bins: usize, stride: usize, values: usize, count: i32, cells: usize): void {
  for (let i = 0; i < count; i++) {
    const value = load<i64>(values);
    addTo(cells, bins, value, 0);
    addTo(cells, bins, value, 1);
    addTo(cells, bins, value, 2);
    addTo(cells, bins, value, 3);
    bins += stride;
    values += 8;
  }
}

/** Adds rows that lie together, eight columns at a time. */
function addRows(bins: usize, stride: usize, values: usize, count: i32, width: i32, cells: usize): void {
  let column = 0;
  for (; column + 8 <= width; column += 8)
    addEight(bins + <usize>column, stride, values, count, cells + ((<usize>column) << COLUMN_SHIFT));
  if (column < width)
    addFour(bins + <usize>column, stride, values, count, cells + ((<usize>column) << COLUMN_SHIFT));
}

/** Copies scattered rows and their values to where they lie together: so short a loop has many reads under way at once. */
// @inline
function gather(bins: usize, stride: usize, values: usize, order: usize, count: i32, out: usize): void {
  for (let i = <usize>0; i < <usize>count; i++) {
    const row = <usize>load<u32>(order + (i << 2));
    const source = bins + row * stride;
    const target = out + (i << ROW_SHIFT);
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    store<i64>(out + STAGED_CELLS + (i << 3), load<i64>(values + (row << 3)));
  }
}

/**
 * One histogram per block, of a stretch of a node's rows and one group of columns: block b takes group b % groups and
 * stretch b / groups, and leaves its width x 256 cells at out + b * width * 2048.
 *
 * @param bins bins by row, as in `BinnedTable`: `groups` groups of `width` columns, `stride` bytes a row
 * @param values i64 by row, packed
 * @param order u32: the node's rows are order[start] to order[start + count - 1]
 * @param stretch rows to a block
 * @param whole 1 where order[i] is i: nothing has to be gathered
 */
export function histogram(
  block: i32,
  lo: i32,
  hi: i32,
  bins: usize,
  rows: i32,
  stride: i32,
  width: i32,
  groups: i32,
  values: usize,
  order: usize,
  start: i32,
  count: i32,
  stretch: i32,
  whole: i32,
  out: usize,
): void {
  const group = bins + <usize>(block % groups) * <usize>rows * <usize>stride;
  const cells = out + ((<usize>block * <usize>width) << COLUMN_SHIFT);
  memory.fill(cells, 0, (<usize>width) << COLUMN_SHIFT);
  const first = (block / groups) * stretch;
  const end = start + min(first + stretch, count);
  const staged = scratch();
  for (let i = start + first; i < end; i += STAGED) {
    const size = min(STAGED, end - i);
    if (whole) {
      addRows(
        group + <usize>i * <usize>stride,
        <usize>stride,
        values + ((<usize>i) << 3),
        size,
        width,
        cells,
      );
    } else {
      gather(group, <usize>stride, values, order + ((<usize>i) << 2), size, staged);
      addRows(staged, (<usize>1) << ROW_SHIFT, staged + STAGED_CELLS, size, width, cells);
    }
  }
}
