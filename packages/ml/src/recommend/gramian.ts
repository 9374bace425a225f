import { MlError } from '../errors.ts';
import { inverse } from '../numeric/symmetric.ts';
import type { Team } from '../runtime/team.ts';
import { transposed, type SparseRows } from '../sparse.ts';
import { columnSums } from './neighbours.ts';
import { filledValues } from './recommender.ts';

/** Items that a dense method looks at, the most popular ones, and the interactions with them alone. */
export interface Popular {
  /** Rising; all items where there are not too many. */
  items: Uint32Array;
  /** Columns are positions in `items`. */
  data: SparseRows & { readonly values: Float32Array };
}

const SIDE = 64;

/** The interactions with the `most` most popular items; every one counts 1 unless `values` are to be kept. */
export function popularOf(all: SparseRows, most: number, values: boolean): Popular {
  const counts = columnSums(all, filledValues(all), 0);
  const order = Uint32Array.from(counts, (_, item) => item).sort((a, b) => counts[b] - counts[a] || a - b);
  const items = order.slice(0, most).sort();
  const place = new Int32Array(all.width).fill(-1);
  items.forEach((item, at) => (place[item] = at));
  const [offsets, indices, kept] = [
    new Uint32Array(all.rows + 1),
    new Uint32Array(all.indices.length),
    filledValues(all),
  ];
  let end = 0;
  for (let row = 0; row < all.rows; row++) {
    for (let at = all.offsets[row]; at < all.offsets[row + 1]; at++) {
      const to = place[all.indices[at]];
      if (to < 0) continue;
      indices[end] = to;
      kept[end++] = values ? (all.values?.[at] ?? 1) : 1;
    }
    offsets[row + 1] = end;
  }
  const shape = { rows: all.rows, width: items.length, offsets };
  return { items, data: { ...shape, indices: indices.slice(0, end), values: kept.slice(0, end) } };
}

/** X'X in rows of a multiple of 64, in memory of the team. */
export function gramianOf(team: Team, data: Popular['data']): { gram: Float64Array; stride: number } {
  const stride = Math.ceil(data.width / SIDE) * SIDE;
  const gram = team.f64(stride * stride);
  team.scoped(() => {
    const { offsets, indices, values = new Float32Array() } = transposed(data); // with values, as `data` has them
    const arrays = [offsets, indices, values, data.offsets, data.indices, data.values].map(array =>
      team.copied(array),
    );
    team.run('coOccurrences', data.width, 4, ...arrays, gram, stride);
  });
  return { gram, stride };
}

/**
 * Turns a symmetric positive definite matrix in memory of the team into minus its inverse; of both only the lower half
 * counts. Blocks are those of kernels/lib/sweep.ts.
 *
 * @param stride a multiple of 64: number of rows and of values in each
 * @throws MlError `ml.bad_value` when the matrix is not positive definite
 */
export async function sweep(team: Team, matrix: Float64Array, stride: number): Promise<void> {
  const blocks = stride / SIDE;
  const [v, w] = [team.f64(stride * SIDE), team.f64(stride * SIDE)];
  const pivotInverse = team.f64(SIDE * SIDE);
  for (let pivot = 0; pivot < blocks; pivot++) {
    await team.pause();
    pivotInverse.set(inverse(pivotBlock(matrix, stride, pivot), SIDE));
    for (const kernel of ['sweepPanel', 'sweepUpdate'])
      team.run(kernel, blocks, 1, matrix, stride, pivot, pivotInverse, v, w);
  }
}

function pivotBlock(matrix: Float64Array, stride: number, pivot: number): Float64Array {
  const block = new Float64Array(SIDE * SIDE);
  for (let r = 0; r < SIDE; r++) {
    const from = (pivot * SIDE + r) * stride + pivot * SIDE;
    block.set(matrix.subarray(from, from + SIDE), r * SIDE);
  }
  return block;
}

/** Throws `ml.too_large` where a dense method would need more than kernels can address. */
export function fitting(items: number, bytes: number): void {
  if (items * items * bytes > 3.5e9)
    throw new MlError('ml.too_large', `${items} items need ${items} x ${items} numbers; lower mostItems`);
}
