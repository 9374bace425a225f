import { MlError } from '../errors.ts';
import type { Saved } from '../saved.ts';

/** Log-odds of a model in, probability out, learned on rows that the model was not fitted to. Never decreasing. */
export interface Calibrator {
  readonly kind: string;
  apply(logOdds: number): number;
  /**
   * Where the probability lies when the log-odds have this standard deviation, `z` deviations to either side. What the
   * calibration rows leave open is in it too, so that it has a width where the deviation is 0.
   */
  interval(logOdds: number, deviation: number, z: number): { low: number; high: number };
  save(): Saved;
}

export interface CalibrationRows {
  logOdds: Float64Array;
  /** 0 or 1. */
  target: Float32Array;
  /** One each where absent. */
  weights?: Float32Array | undefined;
}

/**
 * The target as Platt (1999) softens it: (n+ + 1)/(n+ + 2) and 1/(n- + 2) in the place of 1 and 0, so that a separable
 * sample does not give certainty.
 *
 * @throws MlError `ml.one_class` when the rows are all of one class
 */
export function softened({ target, weights }: CalibrationRows): Float64Array {
  let [positives, negatives] = [0, 0];
  target.forEach((y, row) => {
    const weight = weights?.[row] ?? 1;
    if (y > 0.5) positives += weight;
    else negatives += weight;
  });
  if (positives === 0 || negatives === 0)
    throw new MlError(
      'ml.one_class',
      `all ${target.length} rows to calibrate on are of one class; both are needed`,
    );
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
  return Float64Array.from(target, y => (y > 0.5 ? high : low));
}
