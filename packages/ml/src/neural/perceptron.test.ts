import { expect, test } from 'vitest';
import { fitChunks } from '../chunks.ts';
import { auc } from '../metrics/roc.ts';
import { Rng } from '../random/rng.ts';
import { rowsAt, tableOf, valuesAt, type Table } from '../table.ts';
import { CLASSES, tables } from '../testing/check-data.ts';
import { perceptron } from './perceptron.ts';
import { LearningRate, type Schedule } from './schedule.ts';

const train = tables.make('binary', 1_000, 1);
const { x: table, y: target } = tables.make('binary', 500, 2);
const quick = { layers: [{ units: 32 }], epochs: 15, learningRate: 0.01, batch: 50 } as const;

test.each<[string, Parameters<typeof perceptron>[0]]>([
  ['tanh in two layers', { ...quick, layers: [16, 8].map(units => ({ units, activation: 'tanh' })) }],
  ['sigmoid units', { ...quick, layers: [{ units: 32, activation: 'sigmoid' }], learningRate: 0.03 }],
  ['GELU with AdamW and a cosine', { ...quick, optimiser: { kind: 'adamw' }, schedule: { kind: 'cosine' } }],
  [
    'momentum after Nesterov',
    { ...quick, optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true }, warmUp: 1 },
  ],
  ['dropout and batch normalisation', { ...quick, dropout: 0.2, batchNorm: true, epochs: 30 }],
])('%s tell apart what can be told apart', async (_, parameters) => {
  const model = await perceptron(parameters).fit(train.x, train.y, { rng: new Rng(1) });
  expect(auc(model.predict(table), target)).toBeGreaterThan(0.9);
  expect(model.history.loss.at(-1)).toBeLessThan(model.history.loss[0]);
});

test('it stops when the rows set aside are judged no better, and takes the best parameters', async () => {
  const few = { x: rowsAt(train.x, [...Array(60).keys()]), y: train.y.slice(0, 60) };
  const settings = { ...quick, layers: [{ units: 100 }], epochs: 300, validationShare: 0.3, patience: 5 };
  const { history } = await perceptron(settings).fit(few.x, few.y, { rng: new Rng(1) });
  expect(history.validation.length).toBe(history.taken + 1 + 5);
  expect(Math.min(...history.validation)).toBe(history.validation[history.taken]);
});

test('a strong l1 leaves smaller weights than none, and l2 too', async () => {
  const size = async (penalty: { l1?: number; l2?: number }) => {
    const model = await perceptron({ ...quick, ...penalty }).fit(train.x, train.y);
    return Float64Array.from(model.save().arrays['weights.0'], Math.abs).reduce((sum, w) => sum + w, 0);
  };
  const free = await size({});
  expect(await size({ l1: 0.01 })).toBeLessThan(0.5 * free);
  expect(await size({ l2: 0.1 })).toBeLessThan(0.5 * free);
});

test('categories are embedded: one that buys more is told from one that buys less, and no one from the others', async () => {
  const rng = new Rng(3);
  const words = Array.from({ length: 2_000 }, () => ['low', 'high', null][rng.integer(3)] ?? null);
  const y = Float32Array.from(words, word =>
    Number(rng.uniform() < (word === 'high' ? 0.9 : word === 'low' ? 0.1 : 0.5)),
  );
  const model = await perceptron({ ...quick, embeddings: { word: 3 } }).fit(tableOf({ word: words }), y);
  const [high, low, missing, unseen] = model.predict(tableOf({ word: ['high', 'low', null, 'new'] }));
  expect(high).toBeGreaterThan(0.85);
  expect(low).toBeLessThan(0.15);
  expect(missing).toBeCloseTo(0.5, 1);
  expect(unseen).toBe(missing);
  const { values, base, features } = model.contributions(tableOf({ word: ['high', 'low'] }));
  expect(features).toEqual(['word']);
  expect(base + values[0]).toBeGreaterThan(1.5);
  expect(model.save().arrays['embedding.0'].length).toBe(3 * 3);
});

test('reasons name the columns that matter, and a linear network is explained exactly', async () => {
  const model = await perceptron({ ...quick, layers: [] }).fit(train.x, train.y);
  const { values, features } = model.contributions(table);
  const weights = model.save().arrays['weights.0'];
  const means = train.x.columns.map(column => column.reduce((sum, v) => sum + v, 0) / train.x.rows);
  features.forEach((name, j) => {
    const column = table.columns[j] ?? new Float32Array();
    for (const row of [0, 7, 499])
      expect(values[row * features.length + j], name).toBeCloseTo(weights[j] * (column[row] - means[j]), 4);
  });
});

test('several outputs are learned at once', async () => {
  const y = Float32Array.from({ length: train.x.rows * 2 }, (_, at) => {
    const [a, b] = train.x.columns.map(column => column[at >> 1]);
    return at % 2 === 0 ? a * b : a - b;
  });
  const settings = { ...quick, task: 'regression', outputs: 2, loss: 'huber', epochs: 60 } as const;
  const model = await perceptron(settings).fit(train.x, y);
  const found = model.predict(train.x);
  const apart = found.reduce((sum, value, at) => sum + Math.abs(value - y[at]), 0) / found.length;
  expect(model.outputs).toBe(2);
  expect(apart).toBeLessThan(0.25);
  expect(model.contributions).toBeUndefined();
});

test('chunk after chunk it learns as well, goes on from a model, and takes a row without weight for none', async () => {
  const chunks = [0, 1, 2, 3].flatMap(() =>
    [0, 1, 2, 3].map(k => {
      const positions = Uint32Array.from({ length: 250 }, (_, i) => 250 * k + i);
      return { table: rowsAt(train.x, positions), target: valuesAt(train.y, positions) };
    }),
  );
  const model = await fitChunks(perceptron(quick), chunks, { rng: new Rng(1) });
  expect(auc(model.predict(table), target)).toBeGreaterThan(0.88);
  expect(model.history.loss.length).toBe(16);
  const learner = perceptron(quick).learner({}, model);
  const before = model.predict(table);
  await learner.partialFit({ table: train.x, target: train.y });
  expect(model.predict(table)).toEqual(before);
  expect(learner.model().predict(table)).not.toEqual(before);

  const spoilt = train.y.map((y, row) => (row < 500 ? 1 - y : y));
  const weights = Float32Array.from(spoilt, (_, row) => Number(row >= 500));
  const weighted = await perceptron(quick).fit(train.x, spoilt, { weights });
  expect(auc(weighted.predict(table), target)).toBeGreaterThan(0.88);
});

test('a learner of classes is told how many, and says when another comes', async () => {
  const { x, y } = tables.make('multiclass', 300, 4);
  const learner = perceptron({ ...quick, task: 'multiclass', outputs: CLASSES }).learner();
  await learner.partialFit({ table: x, target: y.map(() => 0) });
  await learner.partialFit({ table: x, target: y });
  expect(learner.model().classes).toBe(CLASSES);
  await expect(learner.partialFit({ table: x, target: y.map(() => 3) })).rejects.toThrow('classes 0 to 2');
});

test.each<[Schedule, number[]]>([
  [{ kind: 'constant' }, [1, 1, 1, 1]],
  [{ kind: 'step', every: 2, factor: 0.5 }, [1, 1, 0.5, 0.5]],
  [{ kind: 'exponential', factor: 0.5 }, [1, 0.5, 0.25, 0.125]],
  [{ kind: 'cosine', least: 0.2 }, [1, 0.2 + 0.4 * (1 + Math.SQRT1_2), 0.6, 0.2 + 0.4 * (1 - Math.SQRT1_2)]],
  [{ kind: 'plateau', factor: 0.1, patience: 1 }, [1, 1, 0.1, 0.1]],
])('the schedule %j', (schedule, expected) => {
  const rate = new LearningRate(1, schedule, 0, 4);
  const losses = [3, 4, 2, 1];
  losses.forEach((loss, epoch) => {
    expect(rate.at(epoch, 0.1)).toBeCloseTo(expected[epoch] ?? NaN, 12);
    rate.heard(loss);
  });
  expect(new LearningRate(1, schedule, 2, 4).at(0, 0.5)).toBeCloseTo(0.25, 12);
});

test.each<[string, object]>([
  ['units must be a whole number from 1 up; it is 0', { layers: [{ units: 0 }] }],
  [
    'activation must be relu, sigmoid, tanh, gelu; it is swish',
    { layers: [{ units: 1, activation: 'swish' }] },
  ],
  ['loss must be cross-entropy for the task binary; it is huber', { loss: 'huber' }],
  ['dropout must be from 0 to below 1; it is 1', { dropout: 1 }],
  ['learningRate must be above 0; it is -1', { learningRate: -1 }],
  ['batch must be "all" or a whole number from 1 up; it is 0.5', { batch: 0.5 }],
  ['optimiser must be of the kind sgd, adam or adamw; it is lion', { optimiser: { kind: 'lion' } }],
  ['schedule must be of the kind constant, step', { schedule: { kind: 'sometimes' } }],
  ['factor must be above 0, up to 1; it is 2', { schedule: { kind: 'step', every: 1, factor: 2 } }],
  ['embeddings of "a" must be a whole number from 1 up; it is 0', { embeddings: { a: 0 } }],
])('%s', (message, parameters) => {
  expect(() => perceptron(parameters)).toThrow(message);
});

test('a loss without bounds, a column that is not of words, and a class too many are told', async () => {
  const huge: Table = {
    ...train.x,
    columns: train.x.columns.map(column => column.map(value => 1e30 * value)),
  };
  const numbers = perceptron({ ...quick, task: 'regression', optimiser: { kind: 'sgd' } });
  await expect(numbers.fit(huge, train.y)).rejects.toThrow('learningRate must be smaller');
  await expect(perceptron({ embeddings: { a: 2 } }).fit(train.x, train.y)).rejects.toThrow(
    'no column of words "a"',
  );
  const classes = perceptron({ task: 'multiclass', outputs: 2 });
  await expect(classes.fit(train.x, train.y.map(() => 2).fill(0, 0, 9))).rejects.toThrow(
    'outputs says 2 classes',
  );
});
