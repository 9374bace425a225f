import { expect, test } from 'vitest';
import { kMeans } from './cluster/k-means.ts';
import { logistic } from './linear/logistic.ts';
import { loadModel, loadOddsModel } from './registry.ts';
import { distance, oracle, oracleHoles, oracleTarget } from './oracle.testing.ts';
import { methodOf, pipeline } from './pipeline.ts';
import { impute } from './preprocess/impute.ts';
import { standardise } from './preprocess/standardise.ts';
import { decode, encode } from './saved.ts';
import { tableOf } from './table.ts';

const estimator = pipeline([impute(), standardise({ log: ['c'] })], logistic({ l2: 2, tolerance: 1e-9 }));

test('imputing, standardising and fitting agree with scikit-learn', async () => {
  const model = await estimator.fit(oracleHoles, oracleTarget);
  expect(distance(model.predict(oracleHoles), oracle.pipeline.probabilities)).toBeLessThan(1e-5);
});

test('contributions are told by the columns that went in, the mark of a missing value with its column', async () => {
  const model = await estimator.fit(oracleHoles, oracleTarget);
  const { base, features, values } = model.contributions(oracleHoles);
  expect(features).toEqual(['a', 'b', 'c', 'd']);
  const sums = Array.from({ length: oracleHoles.rows }, (_, row) =>
    values.subarray(row * 4, row * 4 + 4).reduce((sum, v) => sum + v, base),
  );
  expect(distance(sums, model.logOdds(oracleHoles))).toBeLessThan(1e-9);
});

test('a pipeline that was saved and loaded judges the same', async () => {
  const model = await estimator.fit(oracleHoles, oracleTarget);
  const loaded = loadOddsModel(decode(encode(model.save())));
  expect(loaded.predict(oracleHoles)).toEqual(model.predict(oracleHoles));
  expect(loaded.contributions(oracleHoles)).toEqual(model.contributions(oracleHoles));
  expect(() => loadOddsModel({ ...model.save(), kind: 'toString' })).toThrow(
    /no model that this version knows/,
  );
});

test('columns are found by name, whatever their order; one that is not there is named', async () => {
  const model = await estimator.fit(oracleHoles, oracleTarget);
  const turned = {
    names: [...oracleHoles.names].reverse(),
    rows: oracleHoles.rows,
    columns: [...oracleHoles.columns].reverse(),
  };
  expect(model.predict(turned)).toEqual(model.predict(oracleHoles));
  expect(() => model.predict(tableOf({ a: Float32Array.of(1) }))).toThrow(/no column b, c, d/);
});

test('a column without any value, and one of a single value, carry no weight', async () => {
  const rows = oracleHoles.rows;
  const odd = {
    names: [...oracleHoles.names, 'nothing', 'same'],
    rows,
    columns: [...oracleHoles.columns, new Float32Array(rows).fill(NaN), new Float32Array(rows).fill(0.1)],
  };
  const model = await estimator.fit(odd, oracleTarget);
  expect(distance(model.predict(odd), oracle.pipeline.probabilities)).toBeLessThan(1e-5);
});

test('a pipeline says what it does by its steps', () => {
  expect(methodOf(estimator)).toBe('impute > standardise > logistic');
  expect(methodOf(logistic())).toBe('logistic');
});

test('a pipeline that ends in clusters assigns rows to them, and goes on doing so when it was kept', async () => {
  const groups = pipeline([impute(), standardise()], kMeans({ k: 3 }));
  const model = await groups.fit(oracleHoles, oracleTarget);
  expect(new Set(model.assign(oracleHoles)).size).toBe(3);
  const loaded = loadModel(decode(encode(model.save()))) as typeof model;
  expect(loaded.assign(oracleHoles)).toEqual(model.assign(oracleHoles));
});
