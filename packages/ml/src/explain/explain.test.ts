import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { randomForestOf, randomRowsFor } from '../trees/forest.testing.ts';
import { predictForest } from '../trees/predict.ts';
import { counterfactual } from './counterfactual.ts';
import { accumulatedEffects, partialDependence } from './dependence.ts';
import { permutationImportance } from './permutation.ts';
import { reasons } from './reasons.ts';
import { sampledShapley } from './sampled-shapley.ts';

const rng = new Rng(4);
const column = (): Float32Array => Float32Array.from({ length: 400 }, () => rng.normal());
const [a, b, c] = [column(), column(), column()];
const city = Array.from({ length: 400 }, (_, row) => ['Lyon', 'Nice', 'Paris'][row % 3]);
const table = tableOf({ a, b, c, city });

/** A model that is known: 2a + b c + a city's own. */
const f = {
  predict: ({ columns: [x, y, z, place], rows }: Table) =>
    Float64Array.from({ length: rows }, (_, row) => 2 * x[row] + y[row] * z[row] + [0, 1, 3][place[row]]),
};
const target = Float32Array.from(f.predict(table));
const error = (model: typeof f, rows: Table, y: Float32Array): number =>
  -model.predict(rows).reduce((sum, value, row) => sum + (value - y[row]) ** 2, 0) / rows.rows;

describe('permutation importance', () => {
  test('is twice the variance of what a column brings, within its interval, and nothing for one that brings none', async () => {
    const idle = tableOf({ a, b, c, city, idle: b.map((_, row) => row) });
    const found = await permutationImportance(f, idle, target, { score: error, repeats: 20 });
    const of = (name: string) => found.find(({ feature }) => feature === name);
    const mean = a.reduce((sum, v) => sum + v, 0) / 400;
    const variance = a.reduce((sum, v) => sum + (2 * (v - mean)) ** 2, 0) / 400;
    expect(of('a')?.low).toBeLessThan(2 * variance * 1.02);
    expect(of('a')?.high).toBeGreaterThan(2 * variance * 0.98);
    expect(of('idle')).toMatchObject({ mean: 0, deviation: 0 });
  });
  test('of a column does not depend on which others are judged, and is the same for a seed', async () => {
    const all = await permutationImportance(f, table, target, { score: error, rng: new Rng(2), repeats: 3 });
    const one = await permutationImportance(f, table, target, {
      ...{ score: error, rng: new Rng(2), repeats: 3, features: ['c'] },
    });
    expect(one[0]).toEqual(all[2]);
  });
  test('needs rows, and columns that are there', async () => {
    const none = rowsAt(table, []);
    await expect(permutationImportance(f, none, new Float32Array(), { score: error })).rejects.toThrow(
      'no rows',
    );
    await expect(permutationImportance(f, table, target, { score: error, features: ['x'] })).rejects.toThrow(
      'no column "x"',
    );
  });
});

describe('dependence', () => {
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
  test('on one number is its own part and the mean of the rest', () => {
    const { points, values } = partialDependence(f, table, ['a'], { points: 5 });
    const rest = mean(target) - 2 * mean(a);
    points[0].forEach((x, i) => expect(values[i]).toBeCloseTo(2 * x + rest, 5));
  });
  test('on a category tells its words', () => {
    const { words, values } = partialDependence(f, table, ['city']);
    expect(words[0]).toEqual(['Lyon', 'Nice', 'Paris']);
    expect(values[2] - values[0]).toBeCloseTo(3, 6);
  });
  test('on two features shows how they work together', () => {
    const at = { b: [-1, 2], c: [0, 3, 1] };
    const { values } = partialDependence(f, table, ['b', 'c'], { at });
    const products = at.b.flatMap(x => at.c.map(y => x * y));
    products.forEach((product, i) => expect(values[i] - values[0]).toBeCloseTo(product - products[0], 6));
  });
  test('accumulated over stretches is the slope of what is linear, centred, and leaves holes out', () => {
    const holes = {
      ...table,
      columns: [a.map((v, row) => (row % 9 === 0 ? NaN : v)), b, c, table.columns[3]],
    };
    const { edges, effects, counts } = accumulatedEffects(f, holes, 'a', { bins: 8 });
    const rise = effects.map((value, i) => value - effects[0] - 2 * (edges[i] - edges[0]));
    expect(Math.max(...rise.map(Math.abs))).toBeLessThan(1e-4);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(a.filter((_, row) => row % 9 > 0).length);
    const middle = effects.slice(1).map((value, i) => ((value + effects[i]) / 2) * counts[i]);
    expect(middle.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 6);
  });
  test('accumulated is not misled by columns that hang together, where partial dependence is', () => {
    const twin = a.map(v => v + 0.01);
    // the model is wild where a and its twin differ, and no row is there
    const wild = {
      predict: ({ columns: [x, y], rows }: Table) =>
        Float64Array.from({ length: rows }, (_, row) => x[row] + (Math.abs(x[row] - y[row]) > 1.5 ? 100 : 0)),
    };
    const both = tableOf({ a, twin });
    const { effects, edges } = accumulatedEffects(wild, both, 'a', { bins: 40 });
    expect(effects[30] - effects[10]).toBeCloseTo(edges[30] - edges[10], 4);
    expect(partialDependence(wild, both, ['a']).values.some(value => value > 20)).toBe(true);
  });
});

describe('sampled Shapley values', () => {
  test('are those of the definition for a model that is known, and sum to the prediction', () => {
    const { base, values } = sampledShapley(t => f.predict(t), table, { orders: 400 }).contributions(
      rowsAt(table, [0, 1, 2]),
    );
    const mean = a.reduce((sum, v) => sum + v, 0) / 400;
    for (const row of [0, 1, 2]) {
      const own = values.subarray(row * 4, row * 4 + 4);
      expect(own.reduce((sum, v) => sum + v, base)).toBeCloseTo(f.predict(table)[row], 9);
      expect(Math.abs(own[0] - 2 * (a[row] - mean))).toBeLessThan(0.25);
      expect(Math.abs(own[3] - ([0, 1, 3][row] - 4 / 3))).toBeLessThan(0.25);
    }
  });
  test('are exact where the order does not matter and one row stands for not knowing', () => {
    const forest = randomForestOf(new Rng(3), { trees: 6, columns: 5, categorical: 0, depth: 1 });
    const rows = randomRowsFor(new Rng(3), 10, 5, 0);
    const one = rowsAt(rows, [0]);
    const score = (t: Table): Float64Array => predictForest(forest, t);
    const { values } = sampledShapley(score, one, { orders: 2 }).contributions(rows);
    for (let row = 0; row < 10; row++)
      for (let j = 0; j < 5; j++) {
        const columns = one.columns.map((own, k) => (k === j ? rows.columns[j].slice(row, row + 1) : own));
        expect(values[row * 5 + j]).toBeCloseTo(score({ ...one, columns })[0] - score(one)[0], 9);
      }
  });
});

describe('reasons', () => {
  const contributions = { base: 0.1, features: ['a', 'city', 'b'], values: Float64Array.of(-1, 3, 0) };
  const row = tableOf({ a: Float32Array.of(1234.5), city: ['Paris'], b: Float32Array.of(NaN) });
  test('come with the largest first, in the words given, and leave out what moved nothing', () => {
    const found = reasons(contributions, row, 0, {
      words: {
        a: { name: 'Umsatz', format: { maximumFractionDigits: 0 } },
        city: { name: 'Ort', words: { Paris: 'Lutetia' } },
      },
      locale: 'de-DE',
      sentences: { raises: '{name} {value} hebt', lowers: '{name} {value} senkt' },
    });
    expect(found.map(({ sentence }) => sentence)).toEqual(['Ort Lutetia hebt', 'Umsatz 1.235 senkt']);
    expect(found.map(({ share }) => share)).toEqual([0.75, 0.25]);
  });
  test('without words use those of the table; a missing value has its own word', () => {
    const moved = { ...contributions, values: Float64Array.of(0, 1, 2) };
    expect(reasons(moved, row, 0, { words: { b: { name: 'b', missing: 'unknown' } } })).toMatchObject([
      { feature: 'b', value: 'unknown', raises: true },
      { feature: 'city', name: 'city', value: 'Paris' },
    ]);
    expect(() => reasons(moved, row, 1)).toThrow('row must be one of the table');
  });
});

describe('a counterfactual', () => {
  const one = tableOf({
    a: Float32Array.of(0),
    b: Float32Array.of(1),
    c: Float32Array.of(0),
    city: ['Lyon'],
  });
  const places = { ...one, dictionaries: { city: ['Lyon', 'Nice', 'Paris'] } };
  test('changes one feature where one suffices, as little as its steps allow', () => {
    const changes = { a: { from: -2, to: 2, step: 0.5 }, c: { from: 0, to: 10, step: 1 } };
    expect(counterfactual(f, places, 0, { atLeast: 2.6, changes })).toMatchObject({
      found: true,
      before: 0,
      changes: [{ feature: 'c', from: 0, to: 3 }],
      prediction: 3,
      cost: 0.3,
    });
  });
  test('changes two where one does not suffice, categories among them', () => {
    const changes = { a: { from: 0, to: 1, step: 0.25 }, city: { oneOf: ['Nice', 'Paris'] } };
    const { found, changes: made, prediction } = counterfactual(f, places, 0, { atLeast: 4.4, changes });
    expect(found).toBe(true);
    expect(made).toContainEqual({ feature: 'city', from: 'Lyon', to: 'Paris' });
    expect(made).toContainEqual({ feature: 'a', from: 0, to: 0.75 });
    expect(prediction).toBe(4.5);
  });
  test('says so when there is none, with the nearest; and when nothing need change', () => {
    const changes = { a: { from: 0, to: 1 } };
    expect(counterfactual(f, places, 0, { atLeast: 10, changes })).toMatchObject({
      found: false,
      prediction: 2,
    });
    expect(counterfactual(f, places, 0, { atMost: 1, changes })).toMatchObject({
      found: true,
      changes: [],
      cost: 0,
    });
  });
  test.each([
    [{ city: { oneOf: ['Rome'] } }, 'among Lyon, Nice, Paris'],
    [{ city: { from: 0, to: 1 } }, 'oneOf'],
    [{ a: { oneOf: ['x'] } }, 'column of numbers'],
    [{ a: { from: 2, to: 1 } }, 'a range'],
    [{ x: { from: 0, to: 1 } }, 'no column "x"'],
  ])('is refused limits that are none: %j', (changes, sentence) => {
    expect(() => counterfactual(f, places, 0, { atLeast: 1, changes })).toThrow(sentence);
  });
});
