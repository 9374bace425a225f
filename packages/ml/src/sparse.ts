import { MlError } from './errors.ts';

/**
 * Rows of which most values are zero, in compressed form: row i holds `indices` and `values` from offsets[i] up to
 * offsets[i + 1]. Features hashed into buckets, words of texts, or what each user bought.
 */
export interface SparseRows {
  readonly rows: number;
  /** Indices are below it. */
  readonly width: number;
  /** rows + 1 of them; from 0, never falling. */
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  /** One beside each index; all are 1 where absent. */
  readonly values?: Float32Array | undefined;
}

/** The same rows, or `ml.bad_table` with what is wrong with them. */
export function checkedSparse(sparse: SparseRows): SparseRows {
  const { rows, width, offsets, indices, values } = sparse;
  if (offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== indices.length)
    throw new MlError(
      'ml.bad_table',
      `${offsets.length} offsets do not divide ${indices.length} entries into ${rows} rows`,
    );
  if (values !== undefined && values.length !== indices.length)
    throw new MlError('ml.bad_table', `${values.length} values beside ${indices.length} indices`);
  for (let row = 0; row < rows; row++)
    if (offsets[row + 1] < offsets[row])
      throw new MlError('ml.bad_table', `row ${row} ends before it begins`);
  checkIndices(indices, width);
  const at = values?.findIndex(value => !Number.isFinite(value)) ?? -1;
  if (at >= 0) throw new MlError('ml.bad_value', `entry ${at} is ${values?.[at]}; it must be finite`);
  return sparse;
}

/** Looks at the largest first: a log has many millions of indices, and rarely one that is wrong. */
function checkIndices(indices: Uint32Array, width: number): void {
  let most = 0;
  for (let at = 0; at < indices.length; at++) if (indices[at] > most) most = indices[at];
  if (indices.length === 0 || most < width) return;
  const at = indices.findIndex(index => index >= width);
  throw new MlError('ml.bad_table', `entry ${at} has the index ${indices[at]}; the rows are ${width} wide`);
}

/**
 * Rows from lists of [index, value].
 *
 * @example
 * sparseOf(8, [[[3, 1]], [], [[0, 2], [7, 1]]]).offsets // Uint32Array [0, 1, 1, 3]
 */
export function sparseOf(
  width: number,
  lists: readonly (readonly (readonly [index: number, value: number])[])[],
): SparseRows {
  const entries = lists.flat();
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row] + list.length));
  return checkedSparse({
    rows: lists.length,
    width,
    offsets,
    indices: Uint32Array.from(entries, ([index]) => index),
    values: Float32Array.from(entries, ([, value]) => value),
  });
}

/** The rows at these positions, copied, in that order; a position may repeat. */
export function sparseRowsAt(sparse: SparseRows, positions: ArrayLike<number>): SparseRows {
  const offsets = new Uint32Array(positions.length + 1);
  for (let i = 0; i < positions.length; i++)
    offsets[i + 1] = offsets[i] + sparse.offsets[positions[i] + 1] - sparse.offsets[positions[i]];
  const indices = new Uint32Array(offsets[positions.length]);
  const values = sparse.values && new Float32Array(indices.length);
  for (let i = 0; i < positions.length; i++) {
    const [from, to] = [sparse.offsets[positions[i]], sparse.offsets[positions[i] + 1]];
    indices.set(sparse.indices.subarray(from, to), offsets[i]);
    if (values && sparse.values) values.set(sparse.values.subarray(from, to), offsets[i]);
  }
  return { rows: positions.length, width: sparse.width, offsets, indices, values };
}

/** Columns as rows: entry (i, j) becomes (j, i). Within a row of the result, indices rise. */
export function transposed(sparse: SparseRows): SparseRows {
  const offsets = new Uint32Array(sparse.width + 1);
  for (const index of sparse.indices) offsets[index + 1] = offsets[index + 1] + 1;
  for (let j = 0; j < sparse.width; j++) offsets[j + 1] = offsets[j + 1] + offsets[j];
  const next = offsets.slice();
  const indices = new Uint32Array(sparse.indices.length);
  const values = sparse.values && new Float32Array(indices.length);
  for (let row = 0; row < sparse.rows; row++)
    for (let at = sparse.offsets[row]; at < sparse.offsets[row + 1]; at++) {
      const to = next[sparse.indices[at]]++;
      indices[to] = row;
      if (values && sparse.values) values[to] = sparse.values[at];
    }
  return { rows: sparse.width, width: sparse.rows, offsets, indices, values };
}
