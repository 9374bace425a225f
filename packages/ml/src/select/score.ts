import { rmse } from '../metrics/amounts.ts';
import { brier, logLoss } from '../metrics/probability.ts';
import { auc } from '../metrics/roc.ts';

/** How good predictions are: a name to print and the direction of better. */
export interface Score {
  name: string;
  greaterIsBetter: boolean;
  /** @param weights how often each row counts */
  of(predicted: Float64Array, target: Float32Array, weights?: Float32Array): number;
}

export const aucScore: Score = { name: 'AUC', greaterIsBetter: true, of: auc };
export const logLossScore: Score = { name: 'log loss', greaterIsBetter: false, of: logLoss };
export const brierScore: Score = { name: 'Brier', greaterIsBetter: false, of: brier };
export const rmseScore: Score = { name: 'RMSE', greaterIsBetter: false, of: rmse };

/** Of a score for which less is better, its negative: more is better in what follows, always. */
export function goodness({ greaterIsBetter }: Score, value: number): number {
  return greaterIsBetter ? value : -value;
}
