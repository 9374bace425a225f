import { MlError, required } from '../errors.ts';
import type { FitOptions, Model, Parameters } from '../estimator.ts';
import { checkedSparse, type SparseRows } from '../sparse.ts';

/**
 * What each user did: a row a user, an index an item, a value how strongly (1 where absent). An item may come several
 * times in a row. Methods that look at the order of things read `times`.
 */
export interface Interactions extends SparseRows {
  /** One beside each index, in any unit (milliseconds, days); the unit of a half-life is the same. */
  readonly times?: Float64Array | undefined;
}

/** Lists of items, the best first: row i holds `items` and `scores` from offsets[i] up to offsets[i + 1]. */
export interface RankedLists {
  readonly rows: number;
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

export interface RecommendOptions {
  /** Length of each list. A list is shorter where no more items are left of which the model knows anything. */
  k: number;
  /** Whether items of the history may come back; no where absent. */
  seen?: boolean;
  /** One byte an item; those with 0 (out of stock, of another shop) are left out. */
  allowed?: Uint8Array | undefined;
  /** Threads at most; the lists do not depend on it. */
  threads?: number | undefined;
}

/** What was learned of users and items. */
export interface Recommender extends Model {
  /** How many items it knows: histories are this wide. */
  readonly items: number;
  /**
   * A score of every item for every history, by row; more is better. They rank the items of one history and say nothing
   * across histories.
   *
   * @throws MlError `ml.bad_table` when histories are not as wide as the model has items
   */
  scores(histories: Interactions, options?: { threads?: number | undefined }): Float32Array;
  /**
   * The k items with the highest scores for each history; of equal scores the smaller item first. Whoever has no history
   * gets an empty list, except from popularity. The users need not be those that the model learned from.
   *
   * @throws MlError `ml.bad_parameter`, `ml.bad_table`
   */
  recommend(histories: Interactions, options: RecommendOptions): RankedLists;
}

/** A recommender that knows which items are alike. */
export interface SimilarItems {
  /** The k items most like this one, in one list. */
  similarItems(item: number, k: number): RankedLists;
}

/** What a fit of a recommender may be told: users are not rows with weights or groups. */
export type RecommendFitOptions = Omit<FitOptions, 'weights' | 'groups'>;

/**
 * A frozen method of recommending. It is an `Estimator` whose rows are users; there is no target beside the
 * interactions, which are what is to be told.
 */
export interface RecommenderEstimator<
  R extends Recommender = Recommender,
  O extends RecommendFitOptions = RecommendFitOptions,
> {
  readonly name: string;
  readonly parameters: Parameters;
  /** @throws MlError `ml.no_rows` without interactions, `ml.bad_table`, `ml.bad_value`, `ml.stopped` */
  fit(interactions: Interactions, options?: O): Promise<R>;
}

/** What can be learned from, or what is wrong with it. */
export function learnable(interactions: Interactions): Interactions {
  checkedHistories(interactions);
  if (interactions.rows === 0 || interactions.indices.length === 0)
    throw new MlError('ml.no_rows', 'there are no interactions to learn from');
  return interactions;
}

/** Histories as wide as a model has items, where that is known. */
export function checkedHistories(histories: Interactions, items = histories.width): Interactions {
  if (histories.width !== items)
    throw new MlError(
      'ml.bad_table',
      `the histories are of ${histories.width} items; the model has ${items}`,
    );
  checkedSparse(histories);
  const { times, indices } = histories;
  if (times === undefined) return histories;
  if (times.length !== indices.length)
    throw new MlError('ml.bad_table', `${times.length} times beside ${indices.length} interactions`);
  for (let at = 0; at < times.length; at++)
    if (!Number.isFinite(times[at]))
      throw new MlError('ml.bad_value', `the time of interaction ${at} is ${times[at]}; it must be finite`);
  return histories;
}

/** Throws `ml.bad_parameter` unless lists can be made as asked. */
export function checkedOptions({ k, allowed }: RecommendOptions, items: number): void {
  required(Number.isInteger(k) && k >= 1, 'k', 'a whole number from 1 up', k);
  required(
    allowed === undefined || allowed.length === items,
    'allowed',
    `${items} bytes, one an item`,
    `${allowed?.length} bytes`,
  );
}

/**
 * The same interactions with each item once in a row, its values summed, and items rising. What is so already is not
 * copied. Times are gone.
 */
export function merged(interactions: Interactions): SparseRows {
  const { rows, width, offsets, indices, values } = interactions;
  if (isMerged(interactions)) return { rows, width, offsets, indices, values };
  const out = {
    offsets: new Uint32Array(rows + 1),
    indices: indices.slice(),
    values: filledValues(interactions),
  };
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const sums = new Map<number, number>();
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      sums.set(indices[at], (sums.get(indices[at]) ?? 0) + (values?.[at] ?? 1));
    for (const item of Uint32Array.from(sums.keys()).sort()) {
      out.indices[end] = item;
      out.values[end++] = sums.get(item) ?? 0;
    }
    out.offsets[row + 1] = end;
  }
  return {
    ...{ rows, width, offsets: out.offsets },
    indices: out.indices.slice(0, end),
    values: out.values.slice(0, end),
  };
}

function isMerged({ rows, offsets, indices }: SparseRows): boolean {
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row] + 1; at < offsets[row + 1]; at++)
      if (indices[at] <= indices[at - 1]) return false;
  return true;
}

/** The values, or as many ones; a copy. */
export function filledValues({ indices, values }: SparseRows): Float32Array {
  return values?.slice() ?? new Float32Array(indices.length).fill(1);
}
