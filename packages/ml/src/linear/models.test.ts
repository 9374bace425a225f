import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { tableOf, type Table } from '../table.ts';
import { linear } from './linear.ts';
import { gamma, poisson } from './log-link.ts';
import { logistic } from './logistic.ts';
import { plainProbabilities, probabilitiesByKernel } from './softmax-probabilities.ts';
import { softmax } from './softmax.ts';

type Fits = Record<
  | 'least_squares'
  | 'standard_errors'
  | 'ridge'
  | 'lasso'
  | 'elastic_net'
  | 'logistic_l1'
  | 'logistic_both'
  | 'softmax'
  | 'softmax_l1'
  | 'softmax_probabilities'
  | 'poisson'
  | 'poisson_free'
  | 'gamma',
  number[]
> & { residual: number };

/** What `oracles/linear-models.py` wrote. */
interface Oracle {
  columns: Record<string, number[]>;
  weights: number[];
  targets: Record<'amount' | 'count' | 'positive' | 'binary' | 'label', number[]>;
  plain: Fits;
  weighted: Fits;
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/linear-models.json', import.meta.url), 'utf8'),
) as Oracle;
const asColumns = (columns: Record<string, number[]>): Table =>
  tableOf(Object.fromEntries(Object.entries(columns).map(([name, v]) => [name, Float32Array.from(v)])));
const table = asColumns(oracle.columns);
const target = (name: keyof Oracle['targets']) => Float32Array.from(oracle.targets[name]);
const coefficientsOf = (model: { save(): { arrays: Readonly<Record<string, ArrayLike<number>>> } }) =>
  model.save().arrays['coefficients'];
const tolerance = 1e-9;

describe.each([
  ['rows alike', oracle.plain, undefined],
  ['rows weighted', oracle.weighted, Float32Array.from(oracle.weights)],
])('beside scikit-learn, %s', (_, expected, weights) => {
  const options = weights ? { weights } : {};

  test('least squares and its standard errors', async () => {
    const model = await linear().fit(table, target('amount'), options);
    expect(distance(coefficientsOf(model), expected.least_squares)).toBeLessThan(1e-9);
    const errors = [...(model.standardErrors?.().values() ?? [])];
    expect(distance(errors, expected.standard_errors.slice(1))).toBeLessThan(1e-9);
    const atZero = asColumns({ a: [0], b: [0], c: [0], d: [0] });
    expect(distance(model.deviation?.(atZero) ?? [], expected.standard_errors.slice(0, 1))).toBeLessThan(
      1e-9,
    );
    expect(model.residual).toBeCloseTo(expected.residual, 9);
  });

  test.each([
    ['ridge', { l2: 30 }],
    ['lasso', { l1: 40 }],
    ['elastic_net', { l1: 20, l2: 15 }],
  ] as const)('%s', async (name, penalties) => {
    const model = await linear({ ...penalties, tolerance }).fit(table, target('amount'), options);
    expect(model.convergence.converged).toBe(true);
    expect(distance(coefficientsOf(model), expected[name])).toBeLessThan(1e-6);
    for (const [j, value] of expected[name].entries())
      if (value === 0) expect(coefficientsOf(model)[j]).toBe(0);
  });

  test.each([
    ['logistic_l1', { l1: 6, l2: 0 }],
    ['logistic_both', { l1: 4, l2: 2 }],
  ] as const)('%s', async (name, penalties) => {
    const model = await logistic({ ...penalties, tolerance }).fit(table, target('binary'), options);
    expect(model.convergence.converged).toBe(true);
    expect(distance(coefficientsOf(model), expected[name])).toBeLessThan(1e-5);
    expect(model.deviation(table).every(Number.isFinite)).toBe(true);
  });

  test('softmax', async () => {
    const model = await softmax({ l2: 2, tolerance }).fit(table, target('label'), options);
    expect(distance(coefficientsOf(model), expected.softmax)).toBeLessThan(1e-5);
    expect(distance(model.predict(table), expected.softmax_probabilities)).toBeLessThan(1e-5);
    const sparse = await softmax({ l1: 4, l2: 0, tolerance }).fit(table, target('label'), options);
    expect(distance(sparse.predict(table), expected.softmax_l1)).toBeLessThan(1e-5);
  });

  test.each([
    ['poisson', poisson({ l2: 5, tolerance }), 'count'],
    ['poisson_free', poisson({ l2: 0, tolerance }), 'count'],
    ['gamma', gamma({ l2: 5, tolerance }), 'positive'],
  ] as const)('%s', async (name, estimator, of) => {
    const model = await estimator.fit(table, target(of), options);
    expect(model.convergence.converged).toBe(true);
    expect(distance(coefficientsOf(model), expected[name])).toBeLessThan(1e-5);
  });
});

test('an exposure is a weight beside a rate', async () => {
  const [counts, months] = [Float32Array.of(0, 2, 6, 3), Float32Array.of(1, 2, 3, 1)];
  const rate = counts.map((count, i) => count / months[i]);
  const none = { names: [], rows: 4, columns: [] };
  const model = await poisson().fit(none, rate, { weights: months });
  expect(model.predict(none)[0]).toBeCloseTo(11 / 7, 6);
});

test('contributions of a class and its base sum to scores whose softmax is the prediction', async () => {
  const model = await softmax({ l2: 2 }).fit(table, target('label'));
  const scores = [0, 1, 2].map(k => {
    const { base, values } = model.classContributions(table, k);
    return values.subarray(0, 4).reduce((sum, v) => sum + v, base);
  });
  const sum = scores.reduce((all, z) => all + Math.exp(z), 0);
  expect(
    distance(
      scores.map(z => Math.exp(z) / sum),
      model.predict(table).subarray(0, 3),
    ),
  ).toBeLessThan(1e-12);
  expect(() => model.classContributions(table, 3)).toThrow('the class must be from 0 to 2; it is 3');
});

test('a class without rows has next to no probability, and a table of one class is refused', async () => {
  const skipped = target('label').map(k => (k === 1 ? 0 : k));
  const model = await softmax().fit(table, skipped);
  expect(model.classes).toBe(3);
  expect(model.predict(table)[1]).toBeLessThan(1e-6);
  await expect(softmax().fit(table, skipped.fill(2))).rejects.toMatchObject({ code: 'ml.one_class' });
});

describe('many rows', () => {
  const rng = new Rng(5);
  const rows = 60_000;
  const columns = Array.from({ length: 20 }, (_, j) =>
    Float32Array.from({ length: rows }, () => (j === 3 ? 1000 : 0) + (1 + j) * rng.normal()),
  );
  const large: Table = { names: columns.map((_, j) => `x${j}`), rows, columns };
  const z = Float64Array.from({ length: rows }, (_, i) => 0.5 * columns[0][i] - 0.1 * columns[4][i]);
  const binary = Float32Array.from(z, v => Number(rng.uniform() < 1 / (1 + Math.exp(-v))));
  const weights = Float32Array.from({ length: rows }, () => rng.integer(3));

  test('single precision ends where double does, and says how it ended', async () => {
    const near = { ...large, names: large.names.slice(4), columns: columns.slice(4) };
    const coarse = await logistic({ tolerance: 1e-6 }).fit(near, binary, { weights });
    const fine = await logistic({ tolerance: 1e-10 }).fit(near, binary, { weights });
    expect(coarse.convergence.converged && fine.convergence.converged).toBe(true);
    expect(Math.abs(coarse.convergence.objective - fine.convergence.objective)).toBeLessThan(1e-8);
    expect(distance(coefficientsOf(coarse), coefficientsOf(fine))).toBeLessThan(1e-4);
  });

  test('a column far from zero is fitted as the same column near it', async () => {
    const shifted = { ...large, columns: columns.map((c, j) => (j === 3 ? c.map(x => x - 1000) : c)) };
    const [far, near] = [await logistic().fit(large, binary), await logistic().fit(shifted, binary)];
    expect(distance([...far.weights().values()], [...near.weights().values()])).toBeLessThan(1e-4);
  });

  test.each([
    ['logistic', logistic({ l1: 20 }), binary],
    ['softmax', softmax(), binary.map((y, i) => y + Number(columns[5][i] > 0))],
    ['linear', linear(), columns[0]],
    ['poisson', poisson(), binary],
  ] as const)('%s learns the same with one thread and with three', async (_, estimator, y) => {
    const [one, three] = await Promise.all(
      [1, 3].map(threads => estimator.fit(large, Float32Array.from(y), { threads, weights })),
    );
    expect(three.save()).toEqual(one.save());
  });

  test('probabilities of many rows are those of few', () => {
    const b = Float64Array.from({ length: 3 * 21 }, () => 0.01 * rng.normal());
    const [found, plain] = [probabilitiesByKernel(large, b, 3), plainProbabilities(large, b, 3)];
    expect(distance(found, plain)).toBeLessThan(1e-13);
  });
});

test('a column that others determine gets no weight, and fewer rows than columns are fitted', async () => {
  const [a, b] = [Float32Array.of(1, 2, 4, 8), Float32Array.of(0, 1, 0, 1)];
  const y = Float32Array.of(1, 4, 4, 10);
  const model = await linear().fit(tableOf({ a, b, both: a.map((v, i) => v + b[i]) }), y);
  expect(model.weights().get('a')).toBeCloseTo(1, 9);
  expect(model.weights().get('b')).toBeCloseTo(2, 9);
  expect(model.weights().get('both')).toBe(0);
  const wide = await linear().fit(
    tableOf({ a: a.slice(0, 2), b: b.slice(0, 2), c: a.slice(1, 3) }),
    y.slice(0, 2),
  );
  expect(wide.standardErrors).toBeUndefined();
  expect(wide.predict(tableOf({ a, b, c: a })).every(Number.isFinite)).toBe(true);
});
