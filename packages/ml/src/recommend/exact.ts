import { MlError, required } from '../errors.ts';
import { Team } from '../runtime/team.ts';
import type { SparseRows } from '../sparse.ts';
import { packed } from './ranking.ts';
import type { RankedLists, RecommendOptions } from './recommender.ts';

/** Vectors in the order in which they are searched. */
export interface OrderedVectors {
  /** Values from vector to vector: a multiple of 4, zeros at the end. */
  readonly rank: number;
  readonly count: number;
  /** What the vector at each place is called: its position among those that were given. */
  readonly ids: Uint32Array;
  /** Euclidean, falling. */
  readonly lengths: Float32Array;
  readonly vectors: Float32Array;
}

export interface IndexSearch extends Pick<RecommendOptions, 'k' | 'allowed'> {
  /** Items that a query leaves out: row i belongs to query i. */
  exclude?: SparseRows | undefined;
}

/** Items as vectors, to be found by inner product with a query: a user's factors. */
export interface ItemIndex {
  /** How many vectors it holds. */
  readonly size: number;
  /** Length of each vector. */
  readonly factors: number;
  /**
   * The k items with the largest inner product with each query.
   *
   * @param queries any number of vectors end to end
   * @throws MlError `ml.bad_table` when they are not of whole vectors, `ml.bad_parameter`, `ml.bad_value`
   */
  search(queries: Float32Array, options: IndexSearch): RankedLists;
}

/** The next multiple of 4. */
export function padded(factors: number): number {
  return (factors + 3) & ~3;
}

/** Vectors of any length in rows of a multiple of 4, zeros at the end. Not copied where they are so already. */
export function withStride(vectors: Float32Array, factors: number): Float32Array {
  const rank = padded(factors);
  if (rank === factors) return vectors;
  const count = vectors.length / factors;
  const out = new Float32Array(count * rank);
  for (let i = 0; i < count; i++) out.set(vectors.subarray(i * factors, (i + 1) * factors), i * rank);
  return out;
}

/** Vectors by falling length: of equal ones the first first. */
export function ordered(vectors: Float32Array, rank: number): OrderedVectors {
  const count = vectors.length / rank;
  const norms = Float32Array.from({ length: count }, (_, i) => lengthOf(vectors, i * rank, rank));
  const ids = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => norms[b] - norms[a] || a - b);
  const out = new Float32Array(vectors.length);
  ids.forEach((id, place) => out.set(vectors.subarray(id * rank, (id + 1) * rank), place * rank));
  return { rank, count, ids, lengths: Float32Array.from(ids, id => norms[id]), vectors: out };
}

function lengthOf(vectors: Float32Array, at: number, rank: number): number {
  let sum = 0;
  for (let j = at; j < at + rank; j++) sum += vectors[j] * vectors[j];
  return Math.sqrt(sum);
}

/** Ordered vectors in the memory of a team of 'topk'. */
export function placed(team: Team, { ids, lengths, vectors, ...shape }: OrderedVectors): OrderedVectors {
  return { ...shape, ids: team.copied(ids), lengths: team.copied(lengths), vectors: team.copied(vectors) };
}

/** Searches vectors that are in the memory of the team. */
export function searchPlaced(
  team: Team,
  { ids, lengths, vectors, count, rank }: OrderedVectors,
  queries: Float32Array,
  options: IndexSearch,
): RankedLists {
  return team.scoped(() => {
    const search = searchArguments(team, queries, rank, count, options);
    const data = [search.queries, vectors, ids, lengths, count, rank];
    team.run(
      'exactTop',
      search.rows,
      grainOf(search.rows),
      ...data,
      ...search.filters,
      search.k,
      ...search.to,
    );
    return packed(search.lists, search.k);
  });
}

/** What every search needs in the memory of its team: queries, who is left out, and room for the lists. */
export function searchArguments(
  team: Team,
  queries: Float32Array,
  rank: number,
  count: number,
  { k: wanted, exclude, allowed }: IndexSearch,
): {
  rows: number;
  k: number;
  queries: Float32Array;
  filters: (number | Uint32Array | Uint8Array)[];
  lists: { scores: Float32Array; items: Uint32Array; counts: Int32Array };
  to: (Float32Array | Uint32Array | Int32Array)[];
} {
  const rows = queries.length / rank;
  const k = Math.min(wanted, count);
  const lists = { scores: team.f32(rows * k), items: team.u32(rows * k), counts: team.i32(rows) };
  const hidden = exclude ? [team.copied(exclude.offsets), team.copied(risingRows(exclude))] : [0, 0];
  return {
    rows,
    k,
    queries: team.copied(queries),
    filters: [...hidden, allowed ? team.copied(allowed) : 0],
    lists,
    to: [lists.scores, lists.items, lists.counts],
  };
}

/** Queries to a block: several, which share what is read of the vectors; but not so many that a thread has none. */
function grainOf(rows: number): number {
  return Math.min(8, Math.ceil(rows / 8));
}

/** The indices of each row, rising; not copied where they rise already. */
function risingRows({ rows, offsets, indices }: SparseRows): Uint32Array {
  let rising = true;
  for (let row = 0; row < rows && rising; row++)
    for (let at = offsets[row] + 1; at < offsets[row + 1]; at++)
      if (indices[at] < indices[at - 1]) rising = false;
  if (rising) return indices;
  const out = indices.slice();
  for (let row = 0; row < rows; row++) out.subarray(offsets[row], offsets[row + 1]).sort();
  return out;
}

/** Queries with the stride of an index, or what is wrong with them. */
export function checkedQueries(
  queries: Float32Array,
  index: Pick<ItemIndex, 'factors' | 'size'>,
  { k, exclude, allowed }: IndexSearch,
): Float32Array {
  const { factors, size } = index;
  required(Number.isInteger(k) && k >= 1, 'k', 'a whole number from 1 up', k);
  required(!allowed || allowed.length === size, 'allowed', `${size} bytes, one an item`, allowed?.length);
  if (queries.length % factors !== 0)
    throw new MlError('ml.bad_table', `${queries.length} values are no whole queries of ${factors}`);
  const at = queries.findIndex(value => !Number.isFinite(value));
  if (at >= 0)
    throw new MlError('ml.bad_value', `value ${at} of the queries is ${queries[at]}; it must be finite`);
  const rows = queries.length / factors;
  if (exclude && (exclude.rows !== rows || exclude.width !== size))
    throw new MlError(
      'ml.bad_table',
      `${exclude.rows} rows of ${exclude.width} items to exclude for ${rows} queries of ${size} items`,
    );
  return withStride(queries, factors);
}

/** Vectors for an index, or what is wrong with them. */
export function checkedVectors(vectors: Float32Array, factors: number): Float32Array {
  required(Number.isInteger(factors) && factors >= 1, 'factors', 'a whole number from 1 up', factors);
  if (vectors.length % factors !== 0)
    throw new MlError('ml.bad_table', `${vectors.length} values are no whole vectors of ${factors}`);
  const at = vectors.findIndex(value => !Number.isFinite(value));
  if (at >= 0)
    throw new MlError('ml.bad_value', `value ${at} of the vectors is ${vectors[at]}; it must be finite`);
  return withStride(vectors, factors);
}

/**
 * An index that keeps its vectors where kernels work, so that a search costs only the search: for serving one person at
 * a time. It answers on the caller's thread. Its memory goes when the index does.
 *
 * @param vectors items x factors, by row
 * @throws MlError `ml.bad_table`, `ml.bad_value`, `ml.too_large`
 * @example
 * const index = exactIndex(model.itemFactors, model.factors);
 * index.search(model.foldIn(history), { k: 20, exclude: history }).items; // Uint32Array of 20 items, the best first
 */
export function exactIndex(vectors: Float32Array, factors: number): ItemIndex {
  const strided = checkedVectors(vectors, factors);
  const team = new Team('topk', { threads: 1 });
  const placedVectors = placed(team, ordered(strided, padded(factors)));
  const shape = { size: placedVectors.count, factors };
  return {
    ...shape,
    search: (queries, options) =>
      searchPlaced(team, placedVectors, checkedQueries(queries, shape, options), options),
  };
}
