import { describe, expect, test } from 'vitest';
import { distance, oracle, oracleTable, oracleTarget } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { rowsAt, tableOf, valuesAt } from '../table.ts';
import { loadLogistic, logistic } from './logistic.ts';

const fitOf = (l2: number, weights?: Float32Array) =>
  logistic({ l2, tolerance: 1e-9 }).fit(oracleTable, oracleTarget, weights ? { weights } : {});

describe('beside scikit-learn', () => {
  test.each([
    ['C = 1', 1, oracle.ridge, undefined],
    ['C = 100', 0.01, oracle.weak, undefined],
    ['weighted rows', 1, oracle.weighted, Float32Array.from(oracle.weights)],
  ])('coefficients, covariance and probabilities agree: %s', async (_, l2, expected, weights) => {
    const model = await fitOf(l2, weights);
    const { coefficients, covariance } = model.save().arrays;
    expect(distance(coefficients, expected.coefficients)).toBeLessThan(1e-5);
    expect(distance(covariance, expected.covariance)).toBeLessThan(1e-5);
    expect(distance(model.predict(oracleTable), expected.probabilities)).toBeLessThan(1e-5);
    expect(model.convergence.converged).toBe(true);
  });
});

test('a weight of n is the row n times', async () => {
  const positions = oracle.weights.flatMap((weight, row) => Array<number>(weight).fill(row));
  const weighted = await fitOf(1, Float32Array.from(oracle.weights));
  const repeated = await logistic({ l2: 1, tolerance: 1e-9 }).fit(
    rowsAt(oracleTable, positions),
    valuesAt(oracleTarget, positions),
  );
  expect(
    distance(weighted.save().arrays['coefficients'], repeated.save().arrays['coefficients']),
  ).toBeLessThan(1e-6);
});

test('contributions and the base sum to the log-odds, and are (value - mean) x weight', async () => {
  const model = await fitOf(1);
  const { base, values, features } = model.contributions(oracleTable);
  const sums = Float64Array.from({ length: oracleTable.rows }, (_, row) =>
    values.subarray(row * features.length, (row + 1) * features.length).reduce((sum, v) => sum + v, base),
  );
  expect(distance(sums, model.logOdds(oracleTable))).toBeLessThan(1e-9);
});

test('a model that was saved and loaded predicts the same; damage is refused', async () => {
  const model = await fitOf(1);
  const bytes = encode(model.save());
  const loaded = loadLogistic(decode(bytes));
  expect(loaded.predict(oracleTable)).toEqual(model.predict(oracleTable));
  expect(loaded.deviation(oracleTable)).toEqual(model.deviation(oracleTable));
  expect(() => decode(bytes.slice(0, -8))).toThrow(/cut short/);
  expect(() => decode(Uint8Array.of(1, 2, 3))).toThrow(/not a saved model/);
  expect(() => loadLogistic({ ...model.save(), version: 2 })).toThrow(/version 2/);
  expect(() => loadLogistic({ ...model.save(), arrays: {} })).toThrow(/no valid "coefficients"/);
});

describe('hard columns', () => {
  const target = Float32Array.of(0, 0, 1, 1, 0, 1);
  const x = Float32Array.of(1, 2, 3, 4, 2.5, 2.4);
  test('a constant column gets no weight and every interval stays finite', async () => {
    const model = await logistic().fit(tableOf({ x, same: new Float32Array(6).fill(5) }), target);
    expect(Math.abs(model.weights().get('same') ?? NaN)).toBeLessThan(1e-6);
    expect(model.deviation(tableOf({ x, same: new Float32Array(6).fill(5) })).every(Number.isFinite)).toBe(
      true,
    );
  });
  test('a separating column converges under the penalty', async () => {
    const model = await logistic({ l2: 0.1 }).fit(
      tableOf({ x: target.map(y => (y > 0.5 ? 1e3 : -1e3)) }),
      target,
    );
    expect(model.predict(tableOf({ x: Float32Array.of(1e30, -1e30) }))).toEqual(Float64Array.of(1, 0));
  });
  test.each([
    ['ml.one_class', tableOf({ x }), new Float32Array(6), /both are needed/],
    ['ml.no_rows', tableOf({ x: new Float32Array() }), new Float32Array(), /no rows/],
    ['ml.bad_value', tableOf({ x: x.map((v, i) => (i === 2 ? NaN : v)) }), target, /row 2 of column "x"/],
    ['ml.bad_value', tableOf({ x }), target.map(y => y * 2), /row 2 of the target is 2/],
    ['ml.bad_table', tableOf({ x }), target.subarray(1), /5 values of the target for 6 rows/],
  ])('what cannot be learned from is refused with its place: %s', async (code, table, y, sentence) => {
    const refused = expect(logistic().fit(table, y)).rejects;
    await refused.toThrow(sentence);
    await expect(logistic().fit(table, y)).rejects.toMatchObject({ code });
  });
});

test('a fit can be stopped', async () => {
  const stop = new AbortController();
  const fit = logistic({ tolerance: 1e-300 }).fit(oracleTable, oracleTarget, {
    signal: stop.signal,
    onProgress: ({ done }) => done === 2 && stop.abort(),
  });
  await expect(fit).rejects.toMatchObject({ code: 'ml.stopped' });
});

test('the interval of a probability covers the truth about as often as it says', async () => {
  const rng = new Rng(11);
  let covered = 0;
  const point = tableOf({ x: Float32Array.of(0.7) });
  for (let world = 0; world < 150; world++) {
    const x = Float32Array.from({ length: 300 }, () => rng.normal());
    const y = x.map(v => (rng.uniform() < 1 / (1 + Math.exp(1 - v)) ? 1 : 0));
    const model = await logistic({ l2: 1e-3 }).fit(tableOf({ x }), y);
    const error = Math.abs(model.logOdds(point)[0] - (0.7 - 1));
    if (error < 1.96 * model.deviation(point)[0]) covered++;
  }
  expect(covered / 150).toBeGreaterThan(0.89);
  expect(covered / 150).toBeLessThan(0.995);
});
