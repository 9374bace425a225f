import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Transformer } from '../estimator.ts';
import { auc } from '../metrics/roc.ts';
import { distance } from '../oracle.testing.ts';
import { pipeline } from '../pipeline.ts';
import { Rng } from '../random/rng.ts';
import { estimatorOf, loadModel } from '../registry.ts';
import { decode, encode } from '../saved.ts';
import { columnOf, rowsAt, tableOf, type Table } from '../table.ts';
import { logistic } from '../linear/logistic.ts';
import { leastBetween } from './brent.ts';
import { clipOutliers } from './clip-outliers.ts';
import { columns } from './columns.ts';
import { preprocessFamily } from './family.ts';
import { impute } from './impute.ts';
import { oneHot } from './one-hot.ts';
import { frequency, ordinal } from './ordinal.ts';
import { powerTransform } from './power-transform.ts';
import { quantileBins } from './quantile-bins.ts';
import { robustScale } from './robust-scale.ts';
import { standardise } from './standardise.ts';
import { targetEncode } from './target-encode.ts';

const rng = new Rng(3);
const mixed = tableOf({
  age: Float32Array.from({ length: 60 }, (_, row) => (row % 7 === 0 ? NaN : 20 + 5 * rng.normal())),
  spend: Float32Array.from({ length: 60 }, () => Math.exp(rng.normal())),
  city: Array.from({ length: 60 }, (_, row) => ['Lyon', 'Nice', null, 'Lyon'][row % 4]),
});
const target = Float32Array.from({ length: 60 }, (_, row) => Number(row % 3 === 0));

const all: Record<string, Transformer> = {
  clipOutliers: clipOutliers({ fences: 1.5 }),
  columns: columns([
    [['city'], targetEncode({ smooth: 2 })],
    [['spend'], powerTransform({ method: 'log1p' })],
  ]),
  frequency: frequency(),
  impute: impute({ words: { word: 'none' } }),
  oneHot: oneHot({ unknown: 'column', missing: 'column' }),
  ordinal: ordinal({ order: { city: ['Nice', 'Lyon'] } }),
  powerTransform: powerTransform(),
  quantileBins: quantileBins({ bins: 3, words: true }),
  robustScale: robustScale(),
  standardise: standardise({ log: ['spend'] }),
  targetEncode: targetEncode(),
};

const load = (saved: ReturnType<Awaited<ReturnType<Transformer['fit']>>['save']>) => {
  const make = preprocessFamily.transformers?.[saved.kind];
  if (!make) throw new Error(`no loader of ${saved.kind}`);
  return make(saved, { model: loadModel, transformer: load, calibrator: () => expect.fail() });
};

test('every transformer of the family is tried here', () => {
  expect(Object.keys(all).sort()).toEqual(Object.keys(preprocessFamily.transformers ?? {}).sort());
});

for (const [name, transformer] of Object.entries(all)) {
  test(`${name}, saved and loaded, does the same; and it can be made again from its parameters`, async () => {
    const fitted = await transformer.fit(mixed, target);
    const loaded = load(decode(encode(fitted.save())));
    expect(loaded.transform(mixed)).toEqual(fitted.transform(mixed));
    expect(loaded.sources).toEqual(fitted.sources);
    expect(() => load({ ...fitted.save(), values: {}, arrays: {} })).toThrow(/valid|no parts/);

    const last = { name: 'logistic', parameters: logistic().parameters };
    const steps = [{ name, parameters: transformer.parameters }];
    const plain = JSON.parse(JSON.stringify({ steps, last }));
    expect(estimatorOf('pipeline', plain).parameters).toEqual(plain);
  });

  test(`${name} gives a source for each column, treats a row alone as among others, and knows its columns`, async () => {
    const fitted = await transformer.fit(mixed, target);
    const out = fitted.transform(mixed);
    expect(fitted.sources.length).toBe(out.names.length);
    expect(fitted.sources.every(source => mixed.names.includes(source))).toBe(true);
    const alone = fitted.transform(rowsAt(mixed, [8]));
    expect(alone).toEqual(rowsAt(out, [8]));
    expect(fitted.transform(rowsAt(mixed, [])).rows).toBe(0);
    const { dictionaries: _, ...codes } = mixed;
    expect(() => fitted.transform(codes)).toThrow('"city" is of numbers');
  });

  test(`${name} refuses no rows, an infinite value and weights that are none`, async () => {
    const attempt = async (table: Table, weights?: Float32Array) =>
      transformer.fit(table, target.subarray(0, table.rows), { weights });
    await expect(attempt(rowsAt(mixed, []))).rejects.toMatchObject({ code: 'ml.no_rows' });
    await expect(attempt(mixed, new Float32Array(3))).rejects.toMatchObject({ code: 'ml.bad_table' });
    const infinite = { ...mixed, columns: [mixed.columns[0].map(() => Infinity), ...mixed.columns.slice(1)] };
    await expect(attempt(infinite)).rejects.toThrow('row 0 of column "age" is Infinity');
  });
}

test('missing values stay missing in a column of numbers, and a column without any value comes through', async () => {
  const holes = tableOf({ a: Float32Array.of(NaN, 1, 2, 5), none: new Float32Array(4).fill(NaN) });
  for (const transformer of [
    standardise(),
    robustScale(),
    clipOutliers(),
    quantileBins({ words: true }),
    powerTransform(),
    powerTransform({ method: 'box-cox' }),
  ]) {
    const { columns: out } = (await transformer.fit(holes)).transform(holes);
    expect(out[0].map(Number.isNaN as never)).toEqual(Float32Array.of(1, 0, 0, 0));
    expect(out[1].every(Number.isNaN)).toBe(true);
  }
});

test('a column of one value comes out finite', async () => {
  const constant = tableOf({ a: new Float32Array(5).fill(0.1) });
  for (const transformer of [standardise(), robustScale(), clipOutliers(), quantileBins(), powerTransform()])
    expect((await transformer.fit(constant)).transform(constant).columns[0].every(Number.isFinite)).toBe(
      true,
    );
});

test('imputing fills numbers and words, and leaves words that it never saw for others to judge', async () => {
  const fitted = await impute({ numbers: 'mean' }).fit(
    tableOf({ n: Float32Array.of(1, NaN, 5), city: ['Nice', null, 'Nice'] }),
  );
  const out = fitted.transform(tableOf({ n: Float32Array.of(NaN, 7), city: [null, 'Paris'] }));
  expect(out.names).toEqual(['n', 'city', 'n__missing', 'city__missing']);
  expect(out.dictionaries).toEqual({ city: ['Paris', 'Nice'] });
  expect(out.columns.map(column => [...column])).toEqual([
    [3, 7],
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
});

test('imputing takes weights for rows repeated', async () => {
  const table = tableOf({ n: Float32Array.of(1, 2, 9, NaN) });
  const weighted = await impute().fit(table, target, { weights: Float32Array.of(1, 1, 3, 0) });
  expect(weighted.transform(table).names).toEqual(['n']);
  expect(weighted.transform(table).columns[0][3]).toBe(9);
});

test('a word never seen is 0 everywhere, or has a column; rare ones share one', async () => {
  const table = tableOf({ city: ['Lyon', 'Lyon', 'Nice', 'Metz', null] });
  const unseen = tableOf({ city: ['Brest', 'Lyon', 'Metz', null] });
  const plain = (await oneHot().fit(table)).transform(unseen);
  expect(plain.names).toEqual(['city=Lyon', 'city=Metz', 'city=Nice']);
  expect(plain.columns.map(column => [...column])).toEqual([
    [0, 1, 0, NaN],
    [0, 0, 1, NaN],
    [0, 0, 0, NaN],
  ]);
  const own = (await oneHot({ least: 2, unknown: 'column', missing: 'column' }).fit(table)).transform(unseen);
  expect(own.names).toEqual(['city=Lyon', 'city=(rare)', 'city=(unknown)', 'city=(missing)']);
  expect(own.columns.map(column => [...column])).toEqual([
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 1],
  ]);
});

test('words in order become their places, and shares of rows', async () => {
  const table = tableOf({ size: ['small', 'large', 'small', null] });
  const places = await ordinal({ order: { size: ['small', 'large'] } }).fit(table);
  const seen = tableOf({ size: ['large', 'huge', null, 'small'] });
  expect([...places.transform(seen).columns[0]]).toEqual([1, NaN, NaN, 0]);
  const shares = await frequency().fit(table);
  expect([...shares.transform(seen).columns[0]].map(share => share && Number(share.toFixed(4)))).toEqual([
    0.3333,
    0,
    NaN,
    0.6667,
  ]);
  expect(() => ordinal({ order: { colour: ['red'] } }).fit(table)).toThrow('"colour"');
});

test('a column of random words brings nothing, in sample and out of sample, by the target of other rows', async () => {
  const draw = new Rng(11);
  const words = () => Array.from({ length: 4000 }, () => `w${draw.integer(400)}`);
  const toss = () => Float32Array.from({ length: 4000 }, () => Number(draw.uniform() < 0.3));
  const [train, own, test_, others] = [tableOf({ w: words() }), toss(), tableOf({ w: words() }), toss()];
  const fitted = await targetEncode({ smooth: 1 }).fit(train, own, { rng: new Rng(1) });
  expect(auc(Float64Array.from(columnOf(fitted.trained ?? train, 'w')), own)).toBeLessThan(0.53);
  expect(Math.abs(auc(Float64Array.from(columnOf(fitted.transform(test_), 'w')), others) - 0.5)).toBeLessThan(
    0.03,
  );
  // what it would be worth without cross-fitting: the danger is real
  expect(auc(Float64Array.from(columnOf(fitted.transform(train), 'w')), own)).toBeGreaterThan(0.6);
});

test('no row learned from is encoded by its own target, nor by that of its group', async () => {
  const table = tableOf({ w: Array.from({ length: 40 }, (_, row) => `w${row % 5}`) });
  const groups = Int32Array.from({ length: 40 }, (_, row) => row >> 1);
  const y = Float32Array.from({ length: 40 }, (_, row) => Number(row % 3 === 0));
  const trained = async (targets: Float32Array) =>
    columnOf((await targetEncode().fit(table, targets, { groups, rng: new Rng(2) })).trained ?? table, 'w');
  const before = await trained(y);
  for (let row = 0; row < 40; row += 2) {
    const changed = y.slice();
    changed[row] = 9;
    const after = await trained(changed);
    expect([after[row], after[row + 1]]).toEqual([before[row], before[row + 1]]);
    expect(after).not.toEqual(before);
  }
});

test('a target of classes becomes a share for each', async () => {
  const table = tableOf({ w: ['a', 'a', 'b', 'b'] });
  const fitted = await targetEncode({ smooth: 0, classes: 3 }).fit(table, Float32Array.of(0, 2, 1, 1));
  const out = fitted.transform(table);
  expect(out.names).toEqual(['w__0', 'w__1', 'w__2']);
  expect(out.columns.map(column => [...column])).toEqual([
    [0.5, 0.5, 0, 0],
    [0, 0, 1, 1],
    [0.5, 0.5, 0, 0],
  ]);
});

test('weights act as repeated rows for every transformer that learns numbers', async () => {
  const weights = Float32Array.from({ length: 60 }, (_, row) => row % 3);
  const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
  const again = Float32Array.from(repeats, row => target[row]);
  for (const [name, transformer] of Object.entries(all)) {
    const weighted = await transformer.fit(mixed, target, { weights });
    const repeated = await transformer.fit(rowsAt(mixed, repeats), again);
    const [a, b] = [weighted.transform(mixed), repeated.transform(mixed)];
    expect(a.names, name).toEqual(b.names);
    const told = ({ columns: out }: Table) =>
      out.flatMap(column => Array.from(column, x => (x >= -9 ? x : -9)));
    expect(distance(told(a), told(b)), name).toBeLessThan(1e-5);
  }
});

test('bins as words say what they hold', async () => {
  const table = tableOf({ age: Float32Array.of(10, 20, 30, 40, 50) });
  const out = (await quantileBins({ bins: 4, words: true }).fit(table)).transform(table);
  expect(out.dictionaries).toEqual({
    age: ['below 20', '20 to 30', '30 to 40', '40 and above'],
  });
  expect([...out.columns[0]]).toEqual([0, 1, 2, 3, 3]);
});

test('a power that a value does not allow is refused by a sentence', () => {
  const table = tableOf({ spend: Float32Array.of(1, 0, 2) });
  expect(() => powerTransform({ method: 'box-cox' }).fit(table)).toThrow(
    'row 1 of column "spend" is 0; box-cox takes values above 0',
  );
});

test('named columns are transformed and the others pass; contributions go back to where they came from', async () => {
  const estimator = pipeline(
    [
      impute({ words: { word: 'none' } }),
      columns([
        [['city'], oneHot()],
        [['age', 'spend'], standardise()],
      ]),
    ],
    logistic(),
  );
  const model = await estimator.fit(mixed, target);
  const { features, values } = model.contributions(mixed);
  expect(features).toEqual(['age', 'spend', 'city']);
  expect(values.every(Number.isFinite)).toBe(true);
  expect(() =>
    columns([
      [['a'], impute()],
      [['a', 'b'], impute()],
    ]),
  ).toThrow('"a" twice');
});

test('dropping what no part names', async () => {
  const fitted = await columns([[['spend'], standardise()]], { rest: 'drop' }).fit(mixed);
  expect(fitted.transform(mixed).names).toEqual(['spend']);
});

test('the bottom of a valley is found', () => {
  fc.assert(
    fc.property(fc.double({ min: -4, max: 4, noNaN: true }), bottom => {
      const f = (x: number) => Math.cosh(x - bottom) + 0.1 * (x - bottom) ** 4;
      expect(leastBetween(f, -5, 5)).toBeCloseTo(bottom, 6);
    }),
  );
});
