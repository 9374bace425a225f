import { required } from '../errors.ts';
import { bothClasses, descend, descending } from './ranking.ts';

/**
 * Share of all positives found among the best-scored share of the rows, at each of `shares`. Rows of equal score at the
 * edge count in proportion, so that their order in the data does not matter.
 *
 * @param weights by row; one each where absent
 */
export function gainAt(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  shares: readonly number[],
  weights?: ArrayLike<number>,
): number[] {
  return rankedGain(scores, target, shares)(weights);
}

/** As `ranked`, for the gain. */
export function rankedGain(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  shares: readonly number[],
): (weights?: ArrayLike<number>) => number[] {
  bothClasses(scores, target);
  shares.forEach(share => required(share >= 0 && share <= 1, 'share', 'from 0 to 1', share));
  const order = descending(scores);
  return weights => {
    const curve = [{ rows: 0, hits: 0 }];
    descend(order, scores, target, weights, ({ truePositives, falsePositives }) =>
      curve.push({ rows: truePositives + falsePositives, hits: truePositives }),
    );
    const { rows = 0, hits: positives = 1 } = curve.at(-1) ?? {};
    return shares.map(share => hitsAt(curve, share * rows) / positives);
  };
}

/** On the straight line between the two steps around this number of rows. */
function hitsAt(curve: readonly { rows: number; hits: number }[], rows: number): number {
  const after = curve.findIndex(step => step.rows >= rows - 1e-9);
  const [a, b] = [curve[after - 1], curve[after]];
  if (b === undefined) return curve.at(-1)?.hits ?? 0;
  if (a === undefined) return b.hits;
  return a.hits + ((b.hits - a.hits) * (rows - a.rows)) / (b.rows - a.rows);
}

/** Rate of positives among the best-scored share over the rate among all; at 0.1, the top-decile lift. */
export function liftAt(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  share: number,
  weights?: ArrayLike<number>,
): number {
  required(share > 0 && share <= 1, 'share', 'above 0, to 1', share);
  return (gainAt(scores, target, [share], weights)[0] ?? 0) / share;
}
