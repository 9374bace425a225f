import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auc } from '../../metrics/roc.ts';
import { logLoss } from '../../metrics/probability.ts';
import { rowsAt, tableOf, valuesAt, type Table } from '../../table.ts';
import { boosting } from './boosting.ts';
import type { LossName } from './parameters.ts';
import { ndcgOf } from './ranking.ts';

/** What `oracles/boosting.py` wrote. */
interface Oracle {
  learned: number;
  rounds: number;
  group_size: number;
  columns: Record<string, (number | null)[]>;
  category: number[];
  weights: number[];
  targets: Record<LossName, number[]>;
  predictions: Record<LossName, number[]>;
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../../oracles/boosting.json', import.meta.url), 'utf8'),
) as Oracle;
const numbers = Object.entries(oracle.columns).map(
  ([name, values]) => [name, Float32Array.from(values, v => v ?? NaN)] as const,
);
const whole: Table = tableOf({
  ...Object.fromEntries(numbers),
  category: oracle.category.map(code => String.fromCharCode(97 + code)),
});
const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const [learned, judged] = [rows(0, oracle.learned), rows(oracle.learned, whole.rows)];

/** Predictions of rows that neither library learned from, and their targets. */
async function beside(loss: LossName) {
  const target = Float32Array.from(oracle.targets[loss]);
  const options = {
    ...(loss !== 'ranking' && { weights: valuesAt(Float32Array.from(oracle.weights), learned) }),
    groups: Int32Array.from(learned, row => Math.floor(row / oracle.group_size)),
  };
  const parameters = { loss, trees: oracle.rounds, leaves: 15, quantile: 0.8 };
  const model = await boosting(parameters).fit(rowsAt(whole, learned), valuesAt(target, learned), options);
  const ours = model.predict(rowsAt(whole, judged));
  return { ours, theirs: Float64Array.from(oracle.predictions[loss]), y: valuesAt(target, judged) };
}

const mean = (y: Float32Array, of: (row: number) => number): number =>
  y.reduce((sum, _, row) => sum + of(row), 0) / y.length;

test('logistic: AUC and log loss are those of LightGBM to .01', async () => {
  const { ours, theirs, y } = await beside('logistic');
  expect(Math.abs(auc(ours, y) - auc(theirs, y))).toBeLessThan(0.01);
  expect(Math.abs(logLoss(ours, y) - logLoss(theirs, y))).toBeLessThan(0.015);
});

test('softmax: the log loss is that of LightGBM to 3 %', async () => {
  const { ours, theirs, y } = await beside('softmax');
  const loss = (p: Float64Array) => mean(y, row => -Math.log(p[row * 3 + y[row]]));
  expect(Math.abs(loss(ours) / loss(theirs) - 1)).toBeLessThan(0.03);
});

test('squared: the error is that of LightGBM to 3 %', async () => {
  const { ours, theirs, y } = await beside('squared');
  const rmse = (p: Float64Array) => Math.sqrt(mean(y, row => (p[row] - y[row]) ** 2));
  expect(Math.abs(rmse(ours) / rmse(theirs) - 1)).toBeLessThan(0.03);
});

test('poisson: the deviance is that of LightGBM to 3 %', async () => {
  const { ours, theirs, y } = await beside('poisson');
  const deviance = (p: Float64Array) =>
    2 * mean(y, row => (y[row] > 0 ? y[row] * Math.log(y[row] / p[row]) : 0) - y[row] + p[row]);
  expect(Math.abs(deviance(ours) / deviance(theirs) - 1)).toBeLessThan(0.03);
});

test('quantile: the pinball loss is that of LightGBM to 4 %', async () => {
  const { ours, theirs, y } = await beside('quantile');
  const pinball = (p: Float64Array) =>
    mean(y, row => Math.max(0.8 * (y[row] - p[row]), 0.2 * (p[row] - y[row])));
  expect(Math.abs(pinball(ours) / pinball(theirs) - 1)).toBeLessThan(0.04);
});

test('ranking: nDCG is that of LightGBM to .01, and above that of the order that the rows came in', async () => {
  const { ours, theirs, y } = await beside('ranking');
  const size = oracle.group_size;
  const ndcg = (scores: ArrayLike<number>) => {
    const own = Array.from(scores);
    const groups = Array.from({ length: y.length / size }, (_, g) => g * size);
    const of = (at: number) => ndcgOf(own.slice(at, at + size), y.subarray(at, at + size), 10);
    return groups.reduce((sum, at) => sum + of(at), 0) / groups.length;
  };
  expect(Math.abs(ndcg(ours) - ndcg(theirs))).toBeLessThan(0.015);
  expect(ndcg(ours)).toBeGreaterThan(ndcg(new Float64Array(y.length)) + 0.1);
});
