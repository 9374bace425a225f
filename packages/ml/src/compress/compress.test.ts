import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logistic } from '../linear/logistic.ts';
import { perceptron } from '../neural/perceptron.ts';
import { pipeline } from '../pipeline.ts';
import { standardise } from '../preprocess/standardise.ts';
import { Rng } from '../random/rng.ts';
import { loadModel } from '../registry.ts';
import { decode, encode, type Saved } from '../saved.ts';
import { CLASSES, tables } from '../testing/check-data.ts';
import { distil } from './distil.ts';
import { fromHalf, toHalf } from './float16.ts';
import { quantiseSaved, unpackedSaved } from './packed.ts';
import { prune } from './prune.ts';
import { quantise } from './quantise.ts';
import { compared, type Predicts } from './report.ts';

const train = tables.make('binary', 600, 1);
const { x: table, y: target } = tables.make('binary', 400, 2);
const judge = { table, target };
const quick = { layers: [{ units: 64 }, { units: 32 }], epochs: 10, learningRate: 0.01, batch: 32 } as const;
const network = () => perceptron(quick).fit(train.x, train.y, { rng: new Rng(1) });

test('half floats are the nearest ones, and every one of them survives', () => {
  for (let half = 0; half < 0x7c00; half++) {
    expect(toHalf(fromHalf(half))).toBe(half);
    const [low, high] = [fromHalf(half), fromHalf(half + 1)];
    const middle = (low + high) / 2;
    if (half < 0x7bff) {
      expect(toHalf(low + 0.4 * (high - low))).toBe(half);
      expect(toHalf(low + 0.6 * (high - low))).toBe(half + 1);
      expect(toHalf(middle)).toBe(half % 2 === 0 ? half : half + 1);
    }
  }
  expect([1, -2, 65_504, 1e9, 2 ** -24, 0].map(value => fromHalf(toHalf(value)))).toEqual([
    ...[1, -2, 65_504, 65_504, 2 ** -24, 0],
  ]);
});

test('int8 is within half a step of each row, and sparse within nothing', () => {
  const numbers = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, row) => {
      const array = Float32Array.from(values, value => value + 0); // -0 is 0
      const saved: Saved = { kind: 'any', version: 3, values: { a: [1] }, arrays: { array }, parts: [] };
      const back = unpackedSaved(decode(encode(quantiseSaved(saved, 'int8', () => row)))).arrays['array'];
      array.forEach((value, at) => {
        const own = array.subarray(at - (at % row), at - (at % row) + row);
        const step = Math.max(...own.map(Math.abs)) / 127;
        expect(Math.abs(back[at] - value)).toBeLessThanOrEqual(step / 2 + 1e-4);
      });
      expect(unpackedSaved(decode(encode(quantiseSaved(saved, 'sparse', () => row))))).toEqual(saved);
    }),
  );
});

test.each(['int8', 'float16'] as const)('a network in %s is smaller, and nearly as good', async to => {
  const { model, report } = quantise(await network(), { to, judge });
  expect(report.metric).toBe('auc');
  expect(report.bytes.after).toBeLessThan(report.bytes.before * (to === 'int8' ? 0.45 : 0.65));
  expect(report.quality.before).toBeGreaterThan(0.85);
  expect(Math.abs(report.quality.after - report.quality.before)).toBeLessThan(0.005);
  const again = loadModel(decode(encode(model.save()))) as Predicts;
  expect(again.predict(table)).toEqual(model.predict(table));
  expect(model.contributions(table).features).toEqual(table.names);
});

test('a pipeline and a linear model are quantised too', async () => {
  const model = await pipeline([standardise()], logistic()).fit(train.x, train.y);
  const { report } = quantise(model, { to: 'float16', judge });
  expect(Math.abs(report.quality.after - report.quality.before)).toBeLessThan(1e-3);
  const deep = await pipeline([standardise()], perceptron(quick)).fit(train.x, train.y);
  const smaller = quantise(deep, { to: 'int8', judge });
  expect(smaller.report.bytes.after).toBeLessThan(smaller.report.bytes.before);
  const pruned = await prune(deep, { sparsity: 0.5, judge });
  expect(pruned.report.bytes.after).toBeLessThan(pruned.report.bytes.before);
});

test('pruning takes the smallest weights, and learning on leaves them at zero and wins quality back', async () => {
  const whole = await network();
  const zeros = (saved: Saved) =>
    ['weights.0', 'weights.1', 'weights.2'].map(
      name => unpackedSaved(saved).arrays[name].filter(w => w === 0).length,
    );
  const pruned = await prune(whole, { sparsity: 0.7, judge });
  const expected = [4 * 64, 64 * 32, 32].map(all => Math.floor(all * 0.7));
  expect(zeros(pruned.model.save())).toEqual(expected);
  expect(pruned.report.bytes.after).toBeLessThan(pruned.report.bytes.before);
  const tuned = await prune(whole, {
    ...{ sparsity: 0.7, judge },
    fineTune: { table: train.x, target: train.y, epochs: 10, parameters: { learningRate: 0.01, batch: 32 } },
  });
  expect(zeros(tuned.model.save())).toEqual(expected);
  expect(tuned.report.quality.after).toBeGreaterThan(pruned.report.quality.after - 0.002);
  expect(tuned.report.quality.after).toBeGreaterThan(tuned.report.quality.before - 0.02);
});

test('a student of two classes, of several, and of numbers learns what the teacher says', async () => {
  const { report } = await distil(await network(), logistic(), train.x, { judge });
  expect(report.bytes.after).toBeLessThan(report.bytes.before);
  expect(report.quality.after).toBeGreaterThan(0.8);

  const classes = tables.make('multiclass', 500, 3);
  const judged = { table: classes.x, target: classes.y };
  const teacher = await perceptron({ ...quick, task: 'multiclass', layers: [{ units: 64 }] }).fit(
    classes.x,
    classes.y,
  );
  const small = perceptron({ ...quick, task: 'multiclass', layers: [{ units: 8 }], epochs: 30 });
  const several = await distil(teacher, small, classes.x, { judge: judged });
  expect(several.model.classes).toBe(CLASSES);
  expect(several.report).toMatchObject({ metric: 'accuracy' });
  expect(several.report.quality.after).toBeGreaterThan(0.75);

  const numbers = tables.make('regression', 500, 4);
  const wide = await perceptron({ ...quick, task: 'regression', layers: [{ units: 64 }] }).fit(
    numbers.x,
    numbers.y,
  );
  const linear = perceptron({ ...quick, task: 'regression', layers: [], epochs: 30 });
  const narrow = await distil(wide, linear, numbers.x, { judge: { table: numbers.x, target: numbers.y } });
  expect(narrow.report.metric).toBe('rmse');
  expect(narrow.report.quality.after).toBeLessThan(1.2);
});

test('what cannot be made smaller, or is damaged, is refused by a sentence', async () => {
  const linear = await logistic().fit(train.x, train.y);
  await expect(prune(linear, { sparsity: 0.5, judge })).rejects.toThrow('model must be a perceptron');
  await expect(prune(await network(), { sparsity: 1, judge })).rejects.toThrow(
    'sparsity must be from 0 to below 1',
  );
  const saved = quantiseSaved((await network()).save(), 'int8');
  expect(() => loadModel({ ...saved, values: {} })).toThrow('the saved packed has no valid "model"');
  const { 'weights.0/scales': _, ...arrays } = saved.arrays;
  expect(() => loadModel({ ...saved, arrays })).toThrow('no valid "weights.0/scales"');
});

test('any smaller model is reported on alike, by a metric of the caller where one is given', async () => {
  const [large, small] = [await network(), await logistic().fit(train.x, train.y)];
  const metric = { name: 'mean', of: (p: Float64Array) => p.reduce((sum, v) => sum + v, 0) / p.length };
  const { model, report } = compared(large, small, { ...judge, metric });
  expect(model).toBe(small);
  expect(report.metric).toBe('mean');
  expect(report.bytes.before).toBeGreaterThan(report.bytes.after);
});
