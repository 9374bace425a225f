import { MlError } from '../errors.ts';
import { descending } from './order.ts';

/**
 * Figures of the first k of each group, averaged over the groups that have anything relevant. `weights` by row; a
 * group counts as much as its rows do on average, so that those of a bootstrap by group fit.
 */
export interface GroupedRanking {
  /** Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), with gains 2^relevance - 1. */
  ndcg(k: number, weights?: ArrayLike<number>): number;
  /** Mean average precision: precision at each relevant row of the first k, over the most that k can hold. */
  map(k: number, weights?: ArrayLike<number>): number;
  /** Share of a group's relevant rows among its first k. */
  recall(k: number, weights?: ArrayLike<number>): number;
}

/**
 * Ranks the rows of each group by their scores, once; equal scores stay in their order.
 *
 * @param relevance by row, 0 for none
 * @param groups of each row: the query, the customer; any numbers, in any order
 * @example
 * groupedRanking(scores, clicked, customers).ndcg(10)
 */
export function groupedRanking(
  scores: ArrayLike<number>,
  relevance: ArrayLike<number>,
  groups: ArrayLike<number>,
): GroupedRanking {
  if (scores.length !== relevance.length || scores.length !== groups.length)
    throw new MlError(
      'ml.bad_table',
      `${scores.length} scores and ${groups.length} groups for ${relevance.length} rows`,
    );
  const lists = listsOf(scores, groups).filter(rows => rows.some(row => relevance[row] > 0));
  const over =
    (of: (sorted: readonly number[], k: number) => number) =>
    (k: number, weights?: ArrayLike<number>): number => {
      let [sum, total] = [0, 0];
      for (const rows of lists) {
        const weight = weights ? rows.reduce((w, row) => w + weights[row], 0) / rows.length : 1;
        if (weight === 0) continue;
        const value = of(
          rows.map(row => relevance[row]),
          k,
        );
        sum += weight * value;
        total += weight;
      }
      return sum / total;
    };
  return { ndcg: over(ndcgOf), map: over(averagePrecisionOf), recall: over(recallOf) };
}

/** The rows of each group, the best-scored first. */
function listsOf(scores: ArrayLike<number>, groups: ArrayLike<number>): number[][] {
  const lists = new Map<number, number[]>();
  for (const row of descending(scores)) {
    const list = lists.get(groups[row]);
    if (list) list.push(row);
    else lists.set(groups[row], [row]);
  }
  return [...lists.values()];
}

function ndcgOf(sorted: readonly number[], k: number): number {
  return (
    gain(sorted, k) /
    gain(
      sorted.toSorted((a, b) => b - a),
      k,
    )
  );
}

function gain(relevances: readonly number[], k: number): number {
  return relevances
    .slice(0, k)
    .reduce((sum, relevance, at) => sum + (2 ** relevance - 1) / Math.log2(at + 2), 0);
}

function averagePrecisionOf(sorted: readonly number[], k: number): number {
  let [hits, sum] = [0, 0];
  sorted.slice(0, k).forEach((relevance, at) => {
    if (relevance > 0) sum += ++hits / (at + 1);
  });
  return sum / Math.min(k, relevant(sorted));
}

function recallOf(sorted: readonly number[], k: number): number {
  return relevant(sorted.slice(0, k)) / relevant(sorted);
}

function relevant(relevances: readonly number[]): number {
  return relevances.filter(relevance => relevance > 0).length;
}
