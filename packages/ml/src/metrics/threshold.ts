import { bothClasses, descend, descending } from './ranking.ts';

export interface Decision {
  threshold: number;
  precision: number;
  recall: number;
  f1: number;
  /** Rows at or above the threshold, or their weight. */
  chosen: number;
}

/** What choosing every row at or above a threshold does. Precision is 0 when nobody is chosen. */
export function decisionAt(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  threshold: number,
  weights?: ArrayLike<number>,
): Decision {
  let [chosen, hits, positives] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    const positive = target[i] > 0.5;
    const weight = weights === undefined ? 1 : weights[i];
    if (positive) positives += weight;
    if (scores[i] < threshold) continue;
    chosen += weight;
    if (positive) hits += weight;
  }
  return decision(threshold, chosen, hits, positives);
}

function decision(threshold: number, chosen: number, hits: number, positives: number): Decision {
  return {
    threshold,
    chosen,
    precision: chosen === 0 ? 0 : hits / chosen,
    recall: positives === 0 ? 0 : hits / positives,
    f1: chosen + positives === 0 ? 0 : (2 * hits) / (chosen + positives),
  };
}

/** The threshold of the highest F1. Choose it on other rows than those that it is judged on. */
export function bestF1(
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Decision {
  bothClasses(scores, target);
  let positives = 0;
  for (let i = 0; i < target.length; i++)
    if (target[i] > 0.5) positives += weights === undefined ? 1 : weights[i];
  let best = decision(Infinity, 0, 0, positives);
  descend(descending(scores), scores, target, weights, ({ score, truePositives, falsePositives }) => {
    const here = decision(score, truePositives + falsePositives, truePositives, positives);
    if (here.f1 > best.f1) best = here;
  });
  return best;
}
