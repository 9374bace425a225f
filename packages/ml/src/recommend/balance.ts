import type { SparseRows } from '../sparse.ts';

/**
 * Cuts rows into blocks of about equal work, for rows of very unequal length would leave one thread waiting for another.
 *
 * @param each work of a row besides that of its entries, in entries
 * @param most work of a block; a row is never divided
 * @returns block b is the rows from bounds[b] to bounds[b + 1]
 * @example
 * balanced(sparseOf(9, lists), 10, 2_000)
 */
export function balanced({ rows, offsets }: SparseRows, each: number, most: number): Uint32Array {
  const bounds = [0];
  let work = 0;
  for (let row = 0; row < rows; row++) {
    const own = each + offsets[row + 1] - offsets[row];
    if (work > 0 && work + own > most) {
      bounds.push(row);
      work = 0;
    }
    work += own;
  }
  if (rows > 0) bounds.push(rows);
  return Uint32Array.from(bounds);
}

/** The most entries of a row. */
export function longestRow({ rows, offsets }: SparseRows): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  return longest;
}
