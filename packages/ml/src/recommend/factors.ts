import { MlError, required } from '../errors.ts';
import type { SavedReader, Saved } from '../saved.ts';
import { withTeam } from '../runtime/team.ts';
import { ordered, padded, placed, searchPlaced, withStride, type OrderedVectors } from './exact.ts';
import { bestOf, listsOf } from './lists.reference.ts';
import { product } from './factors.reference.ts';
import { scoresBy, type Scoring } from './ranking.ts';
import {
  checkedHistories,
  checkedOptions,
  type Interactions,
  type RankedLists,
  type RecommendOptions,
  type Recommender,
  type SimilarItems,
} from './recommender.ts';

/** A vector of each user and item; each is padded(factors) values long, zeros at the end. */
export interface Factors {
  factors: number;
  users: Float32Array;
  items: Float32Array;
}

/** Who the users of the histories are. */
export interface KnownUsers {
  /**
   * History i is of the user who was row users[i] when the model learned: that user's vector is used as it is. Where
   * absent, vectors are made from the histories alone (fold-in), as for users who are new or did more since.
   */
  users?: Uint32Array | undefined;
}

/** A recommender whose score is the inner product of a user's and an item's vector. */
export interface FactorRecommender extends Recommender, SimilarItems {
  readonly factors: number;
  /** users x factors, by row. */
  readonly userFactors: Float32Array;
  /** items x factors, by row. */
  readonly itemFactors: Float32Array;
  /** Vectors of users by their histories alone: rows x factors. */
  foldIn(histories: Interactions, options?: { threads?: number | undefined }): Float32Array;
  scores(histories: Interactions, options?: KnownUsers & { threads?: number | undefined }): Float32Array;
  recommend(histories: Interactions, options: RecommendOptions & KnownUsers): RankedLists;
}

/** What tells methods of factors apart once they have learned. */
export interface FactorMethod {
  kind: string;
  /** Vectors of rows x padded(factors). */
  foldIn(histories: Interactions, threads: number | undefined): Float32Array;
  save(arrays: Saved['arrays']): Saved;
}

/** Multiplications below which a plain search is done before a team could begin. */
const WORTH_A_TEAM = 500_000;

/** The model of these vectors. */
export function factorRecommender(learned: Factors, method: FactorMethod): FactorRecommender {
  const { factors } = learned;
  const rank = padded(factors);
  const items = learned.items.length / rank;
  let order: OrderedVectors | undefined;
  const vectorsOf = (
    histories: Interactions,
    users: Uint32Array | undefined,
    threads?: number,
  ): Float32Array => {
    checkedHistories(histories, items);
    return users ? known(learned.users, users, histories.rows, rank) : method.foldIn(histories, threads);
  };
  return {
    kind: method.kind,
    features: [],
    items,
    factors,
    userFactors: withoutPadding(learned.users, factors),
    itemFactors: withoutPadding(learned.items, factors),
    foldIn: (histories, { threads } = {}) =>
      withoutPadding(vectorsOf(histories, undefined, threads), factors),
    scores: (histories, { users, threads } = {}) =>
      scoresBy(scoringOf(vectorsOf(histories, users, threads), learned.items, rank), threads),
    recommend: (histories, options) => {
      checkedOptions(options, items);
      const vectors = vectorsOf(histories, options.users, options.threads);
      order ??= ordered(learned.items, rank);
      return ranked(vectors, order, histories, options);
    },
    similarItems: (item, k) => similar(learned.items, rank, item, k),
    save: () => method.save({ users: learned.users, items: learned.items }),
  };
}

function known(vectors: Float32Array, users: Uint32Array, rows: number, rank: number): Float32Array {
  if (users.length !== rows)
    throw new MlError('ml.bad_table', `${users.length} known users for ${rows} histories`);
  const out = new Float32Array(rows * rank);
  users.forEach((user, row) => {
    if ((user + 1) * rank > vectors.length)
      throw new MlError(
        'ml.bad_value',
        `user ${user} of history ${row} is not known; the model learned from ${vectors.length / rank}`,
      );
    out.set(vectors.subarray(user * rank, (user + 1) * rank), row * rank);
  });
  return out;
}

function scoringOf(users: Float32Array, vectors: Float32Array, rank: number): Scoring {
  const [rows, items] = [users.length / rank, vectors.length / rank];
  return {
    rows,
    items,
    work: users.length * items,
    plain: (row, out) => {
      for (let item = 0; item < items; item++)
        out[item] = product(users, row * rank, vectors, item * rank, rank);
    },
    kernels: team => {
      const [x, y] = [team.copied(users), team.copied(vectors)];
      return (lo, hi, out, width) =>
        team.run('scoreFactors', hi - lo, 4, x.byteOffset + lo * rank * 4, y, items, rank, out, width);
    },
  };
}

function ranked(
  queries: Float32Array,
  order: OrderedVectors,
  histories: Interactions,
  options: RecommendOptions,
): RankedLists {
  const { count } = order;
  const work = queries.length * count;
  if (work < WORTH_A_TEAM) return plainlyRanked(queries, order, histories, options);
  const exclude = options.seen ? undefined : histories;
  return withTeam('topk', { threads: options.threads, work }, team =>
    searchPlaced(team, placed(team, order), queries, { ...options, exclude }),
  );
}

function plainlyRanked(
  queries: Float32Array,
  { ids, vectors, count, rank }: OrderedVectors,
  { offsets, indices }: Interactions,
  options: RecommendOptions,
): RankedLists {
  const scores = new Float32Array(count);
  const lists = Array.from({ length: queries.length / rank }, (_, row) => {
    for (let at = 0; at < count; at++)
      scores[ids[at]] = product(queries, row * rank, vectors, at * rank, rank);
    return bestOf(scores, options, options.seen ? [] : indices.subarray(offsets[row], offsets[row + 1]));
  });
  return listsOf(lists);
}

/** By the cosine of the vectors. */
function similar(vectors: Float32Array, rank: number, item: number, k: number): RankedLists {
  const items = vectors.length / rank;
  required(Number.isInteger(k) && k >= 1, 'k', 'a whole number from 1 up', k);
  required(Number.isInteger(item) && item >= 0 && item < items, 'item', `one of ${items} items`, item);
  const length = (at: number): number => Math.sqrt(product(vectors, at * rank, vectors, at * rank, rank));
  const own = length(item);
  const cosines = Float32Array.from({ length: items }, (_, other) => {
    const lengths = own * length(other);
    return lengths === 0 ? 0 : product(vectors, item * rank, vectors, other * rank, rank) / lengths;
  });
  return listsOf([bestOf(cosines, { k }, [item])]);
}

function withoutPadding(vectors: Float32Array, factors: number): Float32Array {
  const rank = padded(factors);
  if (rank === factors) return vectors;
  const count = vectors.length / rank;
  const out = new Float32Array(count * factors);
  for (let i = 0; i < count; i++) out.set(vectors.subarray(i * rank, i * rank + factors), i * factors);
  return out;
}

/** The vectors that a model was saved with. */
export function readFactors(reader: SavedReader, factors: number): Factors {
  const [users, items] = [reader.typed('users', 'f32'), reader.typed('items', 'f32')];
  if (!Number.isInteger(factors) || factors < 1) throw reader.bad('factors');
  const rank = padded(factors);
  if (users.length % rank !== 0) throw reader.bad('users');
  if (items.length === 0 || items.length % rank !== 0) throw reader.bad('items');
  return { factors, users, items };
}

/** Factors of vectors without padding. */
export function factorsOf(factors: number, users: Float32Array, items: Float32Array): Factors {
  return { factors, users: withStride(users, factors), items: withStride(items, factors) };
}
