import { MlError } from '../errors.ts';

export { descending } from './order.ts';

/** What has been passed going down the ranking, once for each distinct score. */
export interface Step {
  score: number;
  truePositives: number;
  falsePositives: number;
}

/**
 * Calls back at the end of every run of equal scores; not where all of a run has no weight.
 *
 * @param weights by row; one each where absent
 */
export function descend(
  order: Uint32Array,
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  visit: (step: Step) => void,
): void {
  let [truePositives, falsePositives, told] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const weight = weights === undefined ? 1 : weights[row];
    if (target[row] > 0.5) truePositives += weight;
    else falsePositives += weight;
    const last = i + 1 === order.length || scores[order[i + 1]] !== scores[row];
    if (!last || truePositives + falsePositives === told) continue;
    told = truePositives + falsePositives;
    visit({ score: scores[row], truePositives, falsePositives });
  }
}

/** Throws unless there is one finite score a row and both classes are there. */
export function bothClasses(scores: ArrayLike<number>, target: ArrayLike<number>): void {
  if (scores.length !== target.length)
    throw new MlError('ml.bad_table', `${scores.length} scores for ${target.length} rows`);
  let positives = 0;
  for (let i = 0; i < target.length; i++) {
    if (Number.isNaN(scores[i])) throw new MlError('ml.bad_value', `the score of row ${i} is missing`);
    if (target[i] > 0.5) positives++;
  }
  if (positives === 0 || positives === target.length)
    throw new MlError(
      'ml.one_class',
      `all ${target.length} rows are of one class; both are needed to measure`,
    );
}
