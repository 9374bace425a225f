import { auc } from '../../metrics/roc.ts';
import type { OutOfBag, TreeTask } from './models.ts';

/** Scores what trees say of rows that they did not see; nothing where there is no such row, or only one class of them. */
export function outOfBagOf(
  task: TreeTask,
  predictions: Float64Array,
  width: number,
  target: Float32Array,
  weights?: Float32Array,
): OutOfBag | undefined {
  const unseen = Array.from(target.keys()).filter(
    row => !Number.isNaN(predictions[row * width]) && (weights?.[row] ?? 1) > 0,
  );
  const told = unseen.map(row => predictions.subarray(row * width, (row + 1) * width));
  const happened = unseen.map(row => target[row]);
  const counts = unseen.map(row => weights?.[row] ?? 1);
  const score = { binary: areaUnder, multiclass: accuracy, regression: explained }[task](
    told,
    happened,
    counts,
  );
  return Number.isFinite(score) ? { score, rows: unseen.length, predictions } : undefined;
}

type Score = (
  told: readonly Float64Array[],
  happened: readonly number[],
  weights: readonly number[],
) => number;

const areaUnder: Score = (told, happened, weights) =>
  new Set(happened).size < 2
    ? NaN
    : auc(
        told.map(([p]) => p),
        happened,
        weights,
      );

const accuracy: Score = (told, happened, weights) => {
  let [right, total] = [0, 0];
  told.forEach((shares, i) => {
    const best = shares.reduce((most, share, k) => (share > shares[most] ? k : most), 0);
    if (best === happened[i]) right += weights[i];
    total += weights[i];
  });
  return right / total;
};

/** R squared: 1 less the share of the variance that is left. */
const explained: Score = (told, happened, weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = happened.reduce((sum, y, i) => sum + weights[i] * y, 0) / total;
  let [left, all] = [0, 0];
  told.forEach(([value], i) => {
    left += weights[i] * (happened[i] - value) ** 2;
    all += weights[i] * (happened[i] - mean) ** 2;
  });
  return 1 - left / all;
};
