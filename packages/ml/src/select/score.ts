import { auc } from '../metrics/roc.ts';
import { logLosses } from '../metrics/probability.ts';

/** How good predictions are: a name to print and the direction of better. */
export interface Score {
  name: string;
  greaterIsBetter: boolean;
  /** @param weights how often each row counts */
  of(predicted: Float64Array, target: Float32Array, weights?: Float32Array): number;
}

export const aucScore: Score = {
  name: 'AUC',
  greaterIsBetter: true,
  of: (predicted, target, weights) => auc(predicted, target, weights && Float64Array.from(weights)),
};

export const logLossScore: Score = {
  name: 'log loss',
  greaterIsBetter: false,
  of: (predicted, target, weights) => weightedMean(logLosses(predicted, target), weights),
};

export const brierScore: Score = {
  name: 'Brier',
  greaterIsBetter: false,
  of: (predicted, target, weights) => weightedMean(squares(predicted, target), weights),
};

export const rmseScore: Score = {
  name: 'RMSE',
  greaterIsBetter: false,
  of: (predicted, target, weights) => Math.sqrt(weightedMean(squares(predicted, target), weights)),
};

function squares(predicted: Float64Array, target: Float32Array): Float64Array {
  return predicted.map((value, row) => (value - target[row]) ** 2);
}

/** Of a score for which less is better, its negative: more is better in what follows, always. */
export function goodness({ greaterIsBetter }: Score, value: number): number {
  return greaterIsBetter ? value : -value;
}

function weightedMean(values: Float64Array, weights: Float32Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i] * (weights?.[i] ?? 1);
    total += weights?.[i] ?? 1;
  }
  return sum / total;
}
