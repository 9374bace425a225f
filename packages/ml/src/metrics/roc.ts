import { bothClasses, descend, descending } from './ranking.ts';

/**
 * Area under the ROC curve: how likely a positive is to score above a negative, half for equal scores.
 *
 * @throws MlError `ml.one_class`, `ml.bad_value` for a missing score
 * @example
 * auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // 0.75
 */
export function auc(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return ranked(scores, target)(weights);
}

/** Ranks once; the answer gives the AUC under any weights of the rows. NaN where the weights leave one class. */
export function ranked(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
): (weights?: ArrayLike<number>) => number {
  bothClasses(scores, target);
  const order = descending(scores);
  return weights => {
    let [area, tp, fp] = [0, 0, 0];
    descend(order, scores, target, weights, ({ truePositives, falsePositives }) => {
      area += ((falsePositives - fp) * (truePositives + tp)) / 2;
      [tp, fp] = [truePositives, falsePositives];
    });
    return area / (tp * fp);
  };
}

/**
 * The curve from (0, 0) to (1, 1), thinned to about `points`.
 *
 * @param weights by row; one each where absent
 */
export function rocCurve(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  points = 200,
  weights?: ArrayLike<number>,
): RocPoint[] {
  bothClasses(scores, target);
  const steps: RocPoint[] = [{ fpr: 0, tpr: 0, threshold: Infinity }];
  descend(descending(scores), scores, target, weights, step =>
    steps.push({ fpr: step.falsePositives, tpr: step.truePositives, threshold: step.score }),
  );
  const { fpr: negatives = 1, tpr: positives = 1 } = steps.at(-1) ?? {};
  const curve = steps.map(s => ({ fpr: s.fpr / negatives, tpr: s.tpr / positives, threshold: s.threshold }));
  return thinned(curve, points);
}

export interface RocPoint {
  fpr: number;
  tpr: number;
  threshold: number;
}

export interface PrecisionRecallPoint {
  precision: number;
  recall: number;
  threshold: number;
}

/** Precision and recall at each threshold, the highest first, thinned to about `points`. */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  points = 200,
  weights?: ArrayLike<number>,
): PrecisionRecallPoint[] {
  bothClasses(scores, target);
  const curve: PrecisionRecallPoint[] = [];
  descend(descending(scores), scores, target, weights, ({ score, truePositives: tp, falsePositives: fp }) => {
    curve.push({ precision: tp / (tp + fp), recall: tp, threshold: score });
  });
  const positives = curve.at(-1)?.recall ?? 1;
  return thinned(
    curve.map(point => ({ ...point, recall: point.recall / positives })),
    points,
  );
}

/** Mean precision over the positives, as the recall grows (scikit-learn's average_precision_score). */
export function averagePrecision(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return rankedPrecision(scores, target)(weights);
}

/** As `ranked`, for the average precision. */
export function rankedPrecision(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
): (weights?: ArrayLike<number>) => number {
  bothClasses(scores, target);
  const order = descending(scores);
  return weights => {
    let [sum, positives] = [0, 0];
    descend(order, scores, target, weights, ({ truePositives: tp, falsePositives: fp }) => {
      if (tp > positives) sum += (tp / (tp + fp)) * (tp - positives);
      positives = tp;
    });
    return sum / positives;
  };
}

/** About `points` of a curve, its ends among them. */
function thinned<T>(curve: readonly T[], points: number): T[] {
  const every = Math.max(1, Math.floor(curve.length / points));
  return curve.filter((_, i) => i % every === 0 || i === curve.length - 1);
}
