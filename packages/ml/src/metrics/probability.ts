import { logLossOf } from '../numeric/logistic.ts';
import { required } from '../errors.ts';

/** Mean of -ln of the probability given to what happened. */
export function logLoss(probabilities: ArrayLike<number>, target: ArrayLike<number>): number {
  return mean(probabilities, (p, i) => logLossOf(p, target[i]));
}

/** -ln of the probability given to what happened, row by row. */
export function logLosses(probabilities: Float64Array, target: ArrayLike<number>): Float64Array {
  return probabilities.map((p, i) => logLossOf(p, target[i]));
}

/** Mean squared distance of the probability from what happened. */
export function brier(probabilities: ArrayLike<number>, target: ArrayLike<number>): number {
  return mean(probabilities, (p, i) => (p - target[i]) ** 2);
}

function mean(values: ArrayLike<number>, of: (value: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i], i);
  return sum / values.length;
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

/** Rows by probability in bins of equal size, the lowest first. */
export function calibrationTable(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] {
  required(Number.isInteger(bins) && bins > 0, 'bins', 'a whole number from 1 up', bins);
  const order = Uint32Array.from({ length: probabilities.length }, (_, i) => i).sort(
    (a, b) => probabilities[a] - probabilities[b],
  );
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.subarray(
      Math.floor((bin * order.length) / bins),
      Math.floor(((bin + 1) * order.length) / bins),
    );
    const predicted = rows.reduce((sum, row) => sum + probabilities[row], 0) / rows.length;
    const positives = rows.reduce((sum, row) => sum + target[row], 0);
    return {
      predicted,
      observed: positives / rows.length,
      ...wilson(positives, rows.length),
      n: rows.length,
    };
  }).filter(bin => bin.n > 0);
}

/** Expected calibration error: mean distance of told from observed over bins of equal size, weighted by rows. */
export function calibrationError(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
): number {
  const table = calibrationTable(probabilities, target, bins);
  return (
    table.reduce((sum, bin) => sum + bin.n * Math.abs(bin.predicted - bin.observed), 0) / probabilities.length
  );
}

/** The interval of a share of `k` in `n` (Wilson 1927), 95 % unless `z` says otherwise. */
export function wilson(k: number, n: number, z = 1.959963984540054): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const [p, zz] = [k / n, (z * z) / n];
  const centre = (p + zz / 2) / (1 + zz);
  const half = (z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n))) / (1 + zz);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
