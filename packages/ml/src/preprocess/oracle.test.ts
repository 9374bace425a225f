import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Transformer } from '../estimator.ts';
import { distance } from '../oracle.testing.ts';
import { pick, tableOf, type Table } from '../table.ts';
import { oneHot } from './one-hot.ts';
import { powerTransform } from './power-transform.ts';
import { quantileBins } from './quantile-bins.ts';
import { quantileOf, sortedOf } from './quantile.ts';
import { robustScale } from './robust-scale.ts';
import { standardise } from './standardise.ts';
import { targetEncode } from './target-encode.ts';

/** What `oracles/preprocess.py` wrote; matrices by row. */
interface Oracle {
  columns: Record<string, number[]>;
  weights: number[];
  city: string[];
  target: number[];
  standard_weighted: number[];
  robust: number[];
  robust_weighted: number[];
  box_cox: { powers: number[]; values: number[] };
  yeo_johnson: { powers: number[]; values: number[] };
  bins: number[];
  target_encoded: number[];
  one_hot: number[];
  quantiles: number[];
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/preprocess.json', import.meta.url), 'utf8'),
) as Oracle;
const table = tableOf({
  a: Float32Array.from(oracle.columns['a']),
  b: Float32Array.from(oracle.columns['b']),
  c: Float32Array.from(oracle.columns['c']),
  d: Float32Array.from(oracle.columns['d']),
});
const weights = Float32Array.from(oracle.weights);
const city = tableOf({ city: oracle.city });
const target = Float32Array.from(oracle.target);

const byRow = ({ columns, rows }: Table): number[] =>
  Array.from({ length: rows }, (_, row) => columns.map(column => column[row])).flat();

async function made(
  transformer: Transformer,
  from: Table,
  options: { weights?: Float32Array } = {},
): Promise<number[]> {
  return byRow((await transformer.fit(from, target, options)).transform(from));
}

test('standardising by weights agrees with scikit-learn', async () => {
  expect(distance(await made(standardise(), table, { weights }), oracle.standard_weighted)).toBeLessThan(
    1e-6,
  );
});

test('scaling by median and quartiles agrees with scikit-learn, and weights with repeated rows', async () => {
  expect(distance(await made(robustScale(), table), oracle.robust)).toBeLessThan(1e-6);
  expect(distance(await made(robustScale(), table, { weights }), oracle.robust_weighted)).toBeLessThan(1e-6);
});

test('powers of Box-Cox and Yeo-Johnson agree with scikit-learn', async () => {
  const [one, other] = [pick(table, ['b', 'c']), pick(table, ['a', 'b', 'c'])];
  const boxCox = await made(powerTransform({ method: 'box-cox' }), one);
  expect(distance(boxCox, oracle.box_cox.values)).toBeLessThan(1e-5);
  const yeoJohnson = await made(powerTransform(), other);
  expect(distance(yeoJohnson, oracle.yeo_johnson.values)).toBeLessThan(1e-5);
});

test('bins agree with scikit-learn, for a column of few values too', async () => {
  expect(await made(quantileBins({ bins: 4 }), table)).toEqual(oracle.bins);
});

test('means of the target by word agree with scikit-learn', async () => {
  const found = await made(targetEncode({ smooth: 5 }), city);
  expect(distance(found, oracle.target_encoded)).toBeLessThan(1e-6);
});

test('a column for each word, rare ones together, agrees with scikit-learn', async () => {
  expect(await made(oneHot({ least: 15 }), city)).toEqual(oracle.one_hot);
});

test('quantiles by weights are those of repeated rows', () => {
  const sorted = sortedOf(table.columns[1], weights);
  const found = [0, 0.01, 0.3, 0.5, 0.99, 1].map(share => quantileOf(sorted, share));
  expect(distance(found, oracle.quantiles)).toBeLessThan(1e-12);
});
