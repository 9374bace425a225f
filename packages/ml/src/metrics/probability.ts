import { required } from '../errors.ts';
import { logLossOf } from '../numeric/logistic.ts';
import { meanOf } from './mean.ts';
import { ascending } from './order.ts';

/**
 * Mean of -ln of the probability given to what happened.
 *
 * @param weights by row; one each where absent
 */
export function logLoss(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return meanOf(probabilities.length, i => logLossOf(probabilities[i], target[i]), weights);
}

/**
 * The same for several classes.
 *
 * @param probabilities rows x classes, by row
 * @param target a class of each row, from 0 up
 */
export function multiclassLogLoss(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const classes = probabilities.length / target.length;
  return meanOf(target.length, i => logLossOf(probabilities[i * classes + target[i]], 1), weights);
}

/** -ln of the probability given to what happened, row by row. */
export function logLosses(probabilities: Float64Array, target: ArrayLike<number>): Float64Array {
  return probabilities.map((p, i) => logLossOf(p, target[i]));
}

/** Mean squared distance of the probability from what happened. */
export function brier(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return meanOf(probabilities.length, i => (probabilities[i] - target[i]) ** 2, weights);
}

export interface CalibrationBin {
  /** Mean probability told. */
  predicted: number;
  /** Share that happened, with its 95 % interval (Wilson). */
  observed: number;
  low: number;
  high: number;
  n: number;
}

/** Rows by probability in bins of equal size (of equal weight, where there are weights), the lowest first. */
export function calibrationTable(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): CalibrationBin[] {
  required(Number.isInteger(bins) && bins > 0, 'bins', 'a whole number from 1 up', bins);
  const weightOf = (row: number): number => (weights === undefined ? 1 : weights[row]);
  let [total, passed] = [0, 0];
  for (let row = 0; row < probabilities.length; row++) total += weightOf(row);
  const sums = Array.from({ length: bins }, () => ({ told: 0, positives: 0, n: 0 }));
  ascending(probabilities).forEach(row => {
    const weight = weightOf(row);
    passed += weight;
    const bin = sums[Math.min(bins, Math.max(1, Math.ceil((passed * bins) / total))) - 1];
    bin.told += weight * probabilities[row];
    bin.positives += weight * target[row];
    bin.n += weight;
  });
  return sums
    .filter(bin => bin.n > 0)
    .map(({ told, positives, n }) => ({
      ...{ predicted: told / n, observed: positives / n, n },
      ...wilson(positives, n),
    }));
}

/** Expected calibration error: mean distance of told from observed over bins of equal size, weighted by rows. */
export function calibrationError(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): number {
  const table = calibrationTable(probabilities, target, bins, weights);
  const total = table.reduce((sum, bin) => sum + bin.n, 0);
  return table.reduce((sum, bin) => sum + bin.n * Math.abs(bin.predicted - bin.observed), 0) / total;
}

/** The interval of a share of `k` in `n` (Wilson 1927), 95 % unless `z` says otherwise. */
export function wilson(k: number, n: number, z = 1.959963984540054): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const [p, zz] = [k / n, (z * z) / n];
  const centre = (p + zz / 2) / (1 + zz);
  const half = (z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n))) / (1 + zz);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
