import type { RankedLists, RecommendOptions } from './recommender.ts';

/** A list that grows: the best k so far. The plain twin of `insert` in kernels/lib/lists.ts. */
export interface OpenList {
  items: number[];
  scores: number[];
}

/** Puts an item where it belongs among the best k: by falling score, then by rising item. */
export function insert(list: OpenList, k: number, score: number, item: number): void {
  if (!(score > -Infinity) || score === 0) return;
  let at = list.items.length;
  while (
    at > 0 &&
    (score > list.scores[at - 1] || (score === list.scores[at - 1] && item < list.items[at - 1]))
  )
    at--;
  if (at >= k) return;
  list.items.splice(at, 0, item);
  list.scores.splice(at, 0, score);
  if (list.items.length > k) {
    list.items.pop();
    list.scores.pop();
  }
}

/** The best of one row of scores, without the items that are seen or not allowed. */
export function bestOf(
  scores: ArrayLike<number>,
  { k, allowed }: Pick<RecommendOptions, 'k' | 'allowed'>,
  seen: Iterable<number>,
): OpenList {
  const list: OpenList = { items: [], scores: [] };
  const hidden = new Set(seen);
  for (let item = 0; item < scores.length; item++) {
    // most items stop here: the list is full of better ones
    if (list.items.length === k && !(scores[item] > list.scores[k - 1])) continue;
    if (!hidden.has(item) && allowed?.[item] !== 0) insert(list, k, scores[item], item);
  }
  return list;
}

/** Lists end to end. */
export function listsOf(lists: readonly OpenList[]): RankedLists {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row] + list.items.length));
  return {
    rows: lists.length,
    offsets,
    items: Uint32Array.from(lists.flatMap(list => list.items)),
    scores: Float32Array.from(lists.flatMap(list => list.scores)),
  };
}
