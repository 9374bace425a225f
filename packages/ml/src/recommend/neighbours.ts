import { MlError } from '../errors.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import { transposed, type SparseRows } from '../sparse.ts';
import { balanced } from './balance.ts';
import { weightsOf, type ItemWeights } from './item-weights.ts';
import { packed } from './ranking.ts';
import type { RecommendFitOptions } from './recommender.ts';

/** How alike items are: sum over users of byItem x byUser, over (rowNorms x columnNorms + shrinkage). */
export interface Likeness {
  /** Items by user, rising within a row; what an entry counts when its item is looked up from. */
  byUser: SparseRows & { readonly values: Float32Array };
  /** In the order of `byUser`: what an entry counts for the item whose neighbours are sought. */
  forItem: Float32Array;
  rowNorms: Float32Array;
  columnNorms: Float32Array;
  shrinkage: number;
}

/** Entries that a block of items meets, roughly. */
const BLOCK_WORK = 100_000;
const BLOCKS_A_TURN = 256;

/** The k nearest neighbours of every item. */
export async function neighboursOf(
  likeness: Likeness,
  k: number,
  { threads, signal, onProgress }: RecommendFitOptions,
): Promise<ItemWeights> {
  const { byUser } = likeness;
  const meets = squaredLengths(byUser);
  return withTeam('recommend', { threads, signal, work: 4 * meets }, async team => {
    const items = byUser.width;
    const most = Math.min(k, Math.max(1, items - 1));
    const data = placedData(team, likeness, meets);
    team.scratch(12 * items + 16);
    const lists = { scores: team.f32(items * most), items: team.u32(items * most), counts: team.i32(items) };
    const to = [lists.scores, lists.items, lists.counts];
    for (let from = 0; from < data.blocks; from += BLOCKS_A_TURN) {
      await team.pause();
      const count = Math.min(BLOCKS_A_TURN, data.blocks - from);
      const bounds = data.bounds.byteOffset + from * 4;
      team.run(
        'neighbours',
        count,
        1,
        bounds,
        ...data.arrays,
        items,
        ...data.norms,
        likeness.shrinkage,
        most,
        ...to,
      );
      onProgress?.({ done: from + count, total: data.blocks, unit: 'blocks' });
    }
    return weightsOf(packed(lists, most));
  });
}

function placedData(
  team: Team,
  { byUser, forItem, rowNorms, columnNorms }: Likeness,
  meets: number,
): { bounds: Uint32Array; blocks: number; arrays: (Uint32Array | Float32Array)[]; norms: Float32Array[] } {
  const byItem = transposed({ ...byUser, values: forItem });
  // an entry of an item costs about as much as a user has items
  const perEntry = Math.max(1, meets / Math.max(1, byUser.indices.length));
  const bounds = team.copied(balanced(byItem, 16, BLOCK_WORK / perEntry));
  const values = byItem.values ?? new Float32Array(); // there are some, as they were given
  return {
    bounds,
    blocks: bounds.length - 1,
    arrays: [byItem.offsets, byItem.indices, values, byUser.offsets, byUser.indices, byUser.values].map(
      array => team.copied(array),
    ),
    norms: [team.copied(rowNorms), team.copied(columnNorms)],
  };
}

function squaredLengths({ rows, offsets }: SparseRows): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += (offsets[row + 1] - offsets[row]) ** 2;
  return sum;
}

/** Throws where an interaction is a dislike, which some methods have no room for. */
export function withoutDislikes<S extends SparseRows>(interactions: S, method: string): S {
  interactions.values?.forEach((value, at) => {
    if (value < 0)
      throw new MlError('ml.bad_value', `interaction ${at} is ${value}; ${method} takes values from 0 up`);
  });
  return interactions;
}

/** The power of each column's sum. */
export function columnSums(
  { width, indices }: SparseRows,
  values: ArrayLike<number>,
  power = 1,
): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < indices.length; at++) sums[indices[at]] += values[at] ** power;
  return sums;
}

/** The sum of each row's values. */
export function rowSums({ rows, offsets }: SparseRows, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]; at < offsets[row + 1]; at++) sums[row] += values[at];
  return sums;
}

/** For each entry, the row that it is of. */
export function rowOfEntries({ rows, offsets, indices }: SparseRows): Uint32Array {
  const row = new Uint32Array(indices.length);
  for (let i = 0; i < rows; i++) row.fill(i, offsets[i], offsets[i + 1]);
  return row;
}
