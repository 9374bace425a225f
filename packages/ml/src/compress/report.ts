import type { Model } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { auc } from '../metrics/roc.ts';
import { encode } from '../saved.ts';
import type { Table } from '../table.ts';

/** Rows by which a model is judged before and after it was made smaller: not those that it learned from. */
export interface Judge {
  table: Table;
  target: Float32Array;
  /** Area under the ROC curve for two classes, accuracy for several, root of the mean squared error for numbers, where absent. */
  metric?: Metric;
}

export interface Metric {
  name: string;
  of(predictions: Float64Array, target: Float32Array): number;
}

/** What making a model smaller brought and cost. */
export interface CompressionReport {
  /** Of the saved model. */
  bytes: { before: number; after: number };
  quality: { before: number; after: number };
  metric: string;
}

export interface SmallerModel<M extends Model = Model> {
  model: M;
  report: CompressionReport;
}

/** What a model tells, as far as it is judged by it. */
export interface Predicts extends Model {
  predict(table: Table): Float64Array;
  readonly classes?: number;
}

/**
 * A smaller model beside the one that it stands for, however it was made.
 *
 * @example
 * const { report } = compared(forest, pruned, { table, target });
 * report; // { bytes: { before: 81202, after: 20377 }, quality: { before: 0.81, after: 0.80 }, metric: 'auc' }
 */
export function compared<M extends Predicts>(before: Predicts, model: M, judge: Judge): SmallerModel<M> {
  const { table, target, metric = metricFor(before, judge) } = judge;
  const quality = (of: Predicts): number => metric.of(of.predict(table), target);
  return {
    model,
    report: {
      bytes: { before: encode(before.save()).length, after: encode(model.save()).length },
      quality: { before: quality(before), after: quality(model) },
      metric: metric.name,
    },
  };
}

export type Told = 'probability' | 'classes' | 'numbers';

/** What a model's predictions are; a model without log-odds is one of probabilities where the target is 0 or 1. */
export function toldBy(model: Predicts, { table, target }: Pick<Judge, 'table' | 'target'>): Told {
  if (model.classes !== undefined) return 'classes';
  if ('logOdds' in model) return 'probability';
  const isBinary = target.every(y => y === 0 || y === 1);
  return isBinary && model.predict(table).every(p => p >= 0 && p <= 1) ? 'probability' : 'numbers';
}

function metricFor(model: Predicts, judge: Judge): Metric {
  if (judge.table.rows === 0) throw new MlError('ml.no_rows', 'there are no rows to judge the model by');
  switch (toldBy(model, judge)) {
    case 'probability':
      return { name: 'auc', of: auc };
    case 'classes':
      return { name: 'accuracy', of: accuracy };
    case 'numbers':
      return { name: 'rmse', of: rmse };
  }
}

function accuracy(predictions: Float64Array, target: Float32Array): number {
  const classes = predictions.length / target.length;
  const right = target.filter((y, row) => {
    const own = predictions.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own)) === y;
  });
  return right.length / target.length;
}

function rmse(predictions: Float64Array, target: Float32Array): number {
  const sum = predictions.reduce((total, value, at) => total + (value - target[at]) ** 2, 0);
  return Math.sqrt(sum / target.length);
}
