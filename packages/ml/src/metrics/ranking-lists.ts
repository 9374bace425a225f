import { MlError, required } from '../errors.ts';
import type { RankedLists } from '../recommend/recommender.ts';
import type { SparseRows } from '../sparse.ts';

/** What was recommended to each user, measured against what the user then did. */
export interface ListMetrics {
  /** Users with something to be found: the mean is over them. */
  users: number;
  /** Discounted gain over that of the best list, with relevance 0 or 1 and the discount 1 / log2(rank + 1). */
  ndcg: number;
  /** Average precision at each hit, over the most hits that are possible in k places. */
  map: number;
  /** Share of what was to be found that was. */
  recall: number;
  /** Hits over k, also where a list is shorter. */
  precision: number;
  /** Share of users with a hit. */
  hitRate: number;
  /** 1 over the rank of the first hit; 0 without one. */
  mrr: number;
}

/** Of one user; in the order of the users that have something to be found. */
export type PerUser = Readonly<Record<Exclude<keyof ListMetrics, 'users'>, Float64Array>> & {
  /** Their rows. */
  readonly rows: Uint32Array;
};

/**
 * Metrics of lists at k, user by user. Users for whom nothing was to be found are left out.
 *
 * @param lists as `recommend` gives them; only the first k of each count
 * @param truth what each user did afterwards: every index is relevant, whatever its value
 * @throws MlError `ml.bad_table` when they are not of the same users, `ml.bad_parameter`
 */
export function listMetricsByUser(lists: RankedLists, truth: SparseRows, k: number): PerUser {
  required(Number.isInteger(k) && k >= 1, 'k', 'a whole number from 1 up', k);
  if (lists.rows !== truth.rows)
    throw new MlError('ml.bad_table', `${lists.rows} lists for ${truth.rows} users`);
  const rows = Uint32Array.from({ length: truth.rows }, (_, row) => row).filter(
    row => truth.offsets[row + 1] > truth.offsets[row],
  );
  const of = (): Float64Array => new Float64Array(rows.length);
  const found = { rows, ndcg: of(), map: of(), recall: of(), precision: of(), hitRate: of(), mrr: of() };
  rows.forEach((row, at) => {
    const relevant = new Set(truth.indices.subarray(truth.offsets[row], truth.offsets[row + 1]));
    const items = lists.items.subarray(
      lists.offsets[row],
      Math.min(lists.offsets[row + 1], lists.offsets[row] + k),
    );
    const one = ofOne(items, relevant, k);
    for (const [name, value] of Object.entries(one)) found[name as keyof typeof one][at] = value; // its own keys
  });
  return found;
}

/**
 * The means of `listMetricsByUser`.
 *
 * @example
 * listMetrics(model.recommend(histories, { k: 10 }), later, 10).ndcg // 0.475
 */
export function listMetrics(lists: RankedLists, truth: SparseRows, k: number): ListMetrics {
  const { rows, ...values } = listMetricsByUser(lists, truth, k);
  const mean = (each: Float64Array): number => each.reduce((sum, value) => sum + value, 0) / each.length;
  if (rows.length === 0) throw new MlError('ml.no_rows', 'no user has anything to be found');
  return {
    users: rows.length,
    ndcg: mean(values.ndcg),
    map: mean(values.map),
    recall: mean(values.recall),
    precision: mean(values.precision),
    hitRate: mean(values.hitRate),
    mrr: mean(values.mrr),
  };
}

function ofOne(items: Uint32Array, relevant: ReadonlySet<number>, k: number): Omit<ListMetrics, 'users'> {
  let [hits, gain, precisions, first] = [0, 0, 0, 0];
  items.forEach((item, place) => {
    if (!relevant.has(item)) return;
    hits++;
    gain += discount(place);
    precisions += hits / (place + 1);
    if (first === 0) first = place + 1;
  });
  const most = Math.min(k, relevant.size);
  let best = 0;
  for (let place = 0; place < most; place++) best += discount(place);
  return {
    ndcg: gain / best,
    map: precisions / most,
    recall: hits / relevant.size,
    precision: hits / k,
    hitRate: Math.min(1, hits),
    mrr: first === 0 ? 0 : 1 / first,
  };
}

/** @param place from 0 */
function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}

/** Share of all items that come in the first k of any list. */
export function coverage(lists: RankedLists, items: number, k: number): number {
  const seen = new Set<number>();
  eachOf(lists, k, item => seen.add(item));
  return seen.size / items;
}

/**
 * How little known the recommended items are: the mean of -log2 of the share of users that had each (bits). An item that
 * nobody had counts as one that one user had.
 *
 * @param history what users did before
 */
export function novelty(lists: RankedLists, history: SparseRows, k: number): number {
  const users = new Float64Array(history.width);
  for (const item of history.indices) users[item]++;
  let [sum, count] = [0, 0];
  eachOf(lists, k, item => {
    sum -= Math.log2(Math.max(1, users[item]) / history.rows);
    count++;
  });
  return count === 0 ? 0 : sum / count;
}

function eachOf({ rows, offsets, items }: RankedLists, k: number, visit: (item: number) => void): void {
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]; at < Math.min(offsets[row + 1], offsets[row] + k); at++) visit(items[at]);
}
