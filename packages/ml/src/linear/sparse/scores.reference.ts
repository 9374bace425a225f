import type { SparseRows } from '../../sparse.ts';

/** Plain twin of `sparseScores`: sums of weight and value in double precision, in the order of the entries. */
export function dots(rows: SparseRows, weights: Float32Array, scores: Float64Array): void {
  const { offsets, indices, values } = rows;
  for (let row = 0; row < rows.rows; row++) {
    let z = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      z += values ? weights[indices[at]] * values[at] : weights[indices[at]];
    scores[row] = z;
  }
}
