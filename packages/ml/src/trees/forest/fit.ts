import type { FitOptions } from '../../estimator.ts';
import { MlError, required } from '../../errors.ts';
import { soundTable } from '../../sound.ts';
import type { Table } from '../../table.ts';
import { pruned } from '../prune.ts';
import { grow, type Grown, type Growth, type GrowthData } from './grow.ts';
import { modelOf, type OutOfBag } from './models.ts';
import { outOfBagOf } from './out-of-bag.ts';
import type { TreeSettings } from './parameters.ts';

/** Grows trees on a table, prunes them, and makes them a model whose prediction is their mean. */
export async function fitTrees(
  method: string,
  table: Table,
  target: Float32Array,
  settings: TreeSettings,
  growth: Growth,
  options: FitOptions,
): Promise<ReturnType<typeof modelOf>> {
  const rule = settings.task === 'regression' ? 'any' : 'class';
  soundTable(table, target, options, { method, missing: true, categories: true, target: rule });
  if (settings.task === 'binary') refuseOthers(target);
  const data = growthData(table, target, settings, options);
  const grown = await grow(data, growth, options);
  const { forest, gain } = settings.ccpAlpha > 0 ? pruned(grown, settings.ccpAlpha) : grown;
  const trees = forest.roots.length;
  return modelOf({
    task: settings.task,
    features: table.names,
    dictionaries: table.dictionaries,
    forest: trees === 1 ? forest : { ...forest, value: forest.value.map(value => value / trees) },
    gain,
    rows: options.weights?.reduce((sum, weight) => sum + weight, 0) ?? table.rows,
    outOfBag: outOfBag(grown, data, settings),
  });
}

function outOfBag(
  { outOfBag: predictions }: Grown,
  { target, width, weights }: GrowthData,
  { task }: TreeSettings,
): OutOfBag | undefined {
  return predictions && outOfBagOf(task, predictions, width, target, weights);
}

function refuseOthers(target: Float32Array): void {
  const row = target.findIndex(y => y > 1);
  if (row >= 0)
    throw new MlError(
      'ml.bad_value',
      `row ${row} of the target is ${target[row]}; it must be 0 or 1, or the task multiclass`,
    );
}

function growthData(
  table: Table,
  target: Float32Array,
  settings: TreeSettings,
  { weights }: FitOptions,
): GrowthData {
  if (settings.task === 'regression')
    return {
      ...{ table, target, weights, classes: false, scales: Float64Array.of(1, 1), width: 1 },
      valueOf: sums => [sums[1] / sums[0]],
    };
  // two at least: one class is the plain case of two of which one has no rows
  const most = target.reduce((max, y) => Math.max(max, y), 0) + 1;
  const scales = scalesOf(target, weights, settings, Math.max(2, most));
  const shares = sharesBy(scales, settings.smoothing);
  if (settings.task === 'binary')
    return {
      ...{ table, target, weights, classes: true, scales, width: 1 },
      valueOf: sums => [shares(sums)[1]],
    };
  return { table, target, weights, classes: true, scales, width: scales.length, valueOf: shares };
}

/** How much a row of each class counts. */
function scalesOf(
  target: Float32Array,
  weights: Float32Array | undefined,
  { classWeights }: TreeSettings,
  classes: number,
): Float64Array {
  const scales = new Float64Array(classes).fill(1);
  if (classWeights === undefined) return scales;
  if (classWeights !== 'balanced') {
    required(classWeights.length >= classes, 'classWeights', `${classes} numbers`, classWeights);
    return scales.map((_, k) => classWeights[k]);
  }
  const counts = new Float64Array(classes);
  target.forEach((y, row) => (counts[y] += weights?.[row] ?? 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter(count => count > 0).length;
  return scales.map((_, k) => (counts[k] > 0 ? total / (present * counts[k]) : 1));
}

/** Shares of the classes in a node, of the weights of its rows. */
function sharesBy(scales: Float64Array, smoothing: number): (sums: Float64Array) => number[] {
  return sums => {
    const counts = Array.from(sums, (weight, k) => weight * scales[k] + smoothing);
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map(count => count / total);
  };
}
