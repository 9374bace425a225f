import type { Saved } from '../saved.ts';

/** Log-odds of a model in, probability out, learned on rows that the model was not fitted to. Never decreasing. */
export interface Calibrator {
  readonly kind: string;
  apply(logOdds: number): number;
  /** Where the probability lies when the log-odds have this standard deviation; `z` deviations to either side. */
  interval(logOdds: number, deviation: number, z: number): { low: number; high: number };
  save(): Saved;
}

export interface CalibrationRows {
  logOdds: Float64Array;
  /** 0 or 1. */
  target: Float32Array;
}
