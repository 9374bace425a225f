import { logit, logLossOf, sigmoid } from '../../numeric/logistic.ts';
import type { TargetRule } from '../../sound.ts';
import type { LossName, Settings } from './parameters.ts';
import { quantileOf } from './quantile.ts';

/** A loss of one row at a time, whose score is one number. */
export interface PointwiseLoss {
  /** Kernel of slopes and curvatures. */
  kernel: string;
  /** What the kernel is told besides the rows. */
  parameter: number;
  /** The best score that is the same for every row. */
  base(target: Float32Array, weights: Float32Array | undefined): number;
  /** What is predicted at a score. */
  response(score: number): number;
  /** Of one row. */
  loss(score: number, target: number): number;
}

export const TARGETS: Readonly<Record<LossName, TargetRule>> = {
  logistic: 'share',
  softmax: 'class',
  squared: 'any',
  poisson: 'not negative',
  quantile: 'any',
  ranking: 'not negative',
};

/** Makes the curvature of Poisson's loss larger, so that no step runs away: e^0.7, as LightGBM's poisson_max_delta_step. */
const POISSON_CURVATURE = Math.exp(0.7);
/** A mean count of 0 has no logarithm. */
const LEAST_COUNT = 1e-9;

export function pointwiseLoss({ loss, quantile }: Settings): PointwiseLoss | undefined {
  switch (loss) {
    case 'logistic':
      return {
        kernel: 'logisticGradients',
        parameter: 0,
        base: (target, weights) => logit(meanOf(target, weights)),
        response: sigmoid,
        loss: (score, y) => logLossOf(sigmoid(score), y),
      };
    case 'squared':
      return {
        kernel: 'squaredGradients',
        parameter: 0,
        base: meanOf,
        response: score => score,
        loss: (score, y) => (score - y) ** 2 / 2,
      };
    case 'poisson':
      return {
        kernel: 'poissonGradients',
        parameter: POISSON_CURVATURE,
        base: (target, weights) => Math.log(Math.max(LEAST_COUNT, meanOf(target, weights))),
        response: Math.exp,
        loss: (score, y) => Math.exp(score) - y * score,
      };
    case 'quantile':
      return {
        kernel: 'quantileGradients',
        parameter: quantile,
        base: (target, weights) => quantileOf(target, weights, quantile),
        response: score => score,
        loss: (score, y) => (score >= y ? (1 - quantile) * (score - y) : quantile * (y - score)),
      };
    case 'softmax':
    case 'ranking':
      return undefined;
  }
}

export function meanOf(values: Float32Array, weights: Float32Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * values[i];
    total += weight;
  }
  return sum / total;
}

/** Probabilities of the classes from their scores, in place; one row after the other. */
export function softmaxRows(scores: Float64Array, classes: number): Float64Array {
  for (let at = 0; at < scores.length; at += classes) {
    const row = scores.subarray(at, at + classes);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let total = 0;
    for (let k = 0; k < classes; k++) total += row[k] = Math.exp(row[k] - most);
    for (let k = 0; k < classes; k++) row[k] /= total;
  }
  return scores;
}
