import { expect, test } from 'vitest';
import { logistic } from '../linear/logistic.ts';
import { pipeline } from '../pipeline.ts';
import { standardise } from '../preprocess/standardise.ts';
import { Rng } from '../random/rng.ts';
import { tables } from '../testing/check-data.ts';
import { crossValidate } from './cross-validate.ts';
import type { Data } from './data.ts';
import { aucScore, brierScore, logLossScore, rmseScore } from './score.ts';
import { search, type SearchOptions } from './search.ts';
import { choice, gridOf, logUniform, uniform, whole } from './space.ts';
import { stratifiedFold } from './splits.ts';

const { x: table, y: target } = tables.make('binary', 400, 1);
const data: Data = { table, target };
const splits = stratifiedFold(target, 4, new Rng(2));
const estimator = pipeline([standardise()], logistic({ l2: 1 }));

test('cross-validation says of each row what a model said that had not seen it', async () => {
  const found = await crossValidate(estimator, data, splits, { score: aucScore });
  const { predicted } = found;
  const model = await estimator.fit(
    {
      ...table,
      rows: splits[0].train.length,
      columns: table.columns.map(c => Float32Array.from(splits[0].train, row => c[row])),
    },
    Float32Array.from(splits[0].train, row => target[row]),
  );
  const first = model.predict(table);
  splits[0].test.forEach(row => expect(predicted[row]).toBeCloseTo(first[row], 12));
  expect(found.mean).toBeGreaterThan(0.8);
  expect(found.error).toBeLessThan(0.05);
});

test('threads give what one thread gives', async () => {
  const big = tables.make('binary', 12_000, 3);
  const many = { table: big.x, target: big.y };
  const folds = stratifiedFold(big.y, 3, new Rng(4));
  const on = (threads: number) =>
    // enough fits for the pool to open threads
    search(
      ({ l2 }) => pipeline([standardise()], logistic({ l2: Number(l2) })),
      { l2: logUniform(0.01, 100) },
      many,
      folds,
      {
        score: logLossScore,
        method: 'random',
        trials: 40,
        seed: 1,
        threads,
      },
    );
  const [one, two] = [await on(1), await on(2)];
  expect(two.trials).toEqual(one.trials);
});

test('a thread that cannot fit says why; a stopped search ends', async () => {
  const rows = 400_000;
  const flat: Data = {
    table: { names: ['a'], rows, columns: [new Float32Array(rows)] },
    target: new Float32Array(rows),
  };
  const halves = stratifiedFold(flat.target, 20, new Rng(1));
  await expect(crossValidate(estimator, flat, halves, { score: aucScore, threads: 2 })).rejects.toMatchObject(
    {
      code: 'ml.one_class',
    },
  );
  const stop = AbortSignal.abort();
  await expect(
    crossValidate(estimator, data, splits, { score: aucScore, signal: stop }),
  ).rejects.toMatchObject({
    code: 'ml.stopped',
  });
});

/** An estimator whose Brier score is known: it predicts a number from its parameters, whatever it is shown. */
const guess = (value: number) => ({
  name: 'guess',
  parameters: {},
  fit: async () => ({
    kind: 'guess',
    features: [],
    predict: (rows: { rows: number }) => new Float64Array(rows.rows).fill(value),
    save: () => ({ kind: 'guess', version: 1, values: {}, arrays: {}, parts: [] }),
  }),
});
const halves: Data = { table, target: new Float32Array(400).fill(0.37) };
const found = (options: Partial<SearchOptions>) =>
  search(
    ({ a, b }) => guess(Number(a) + (b === 'high' ? 5 : 0)),
    { a: uniform(-2, 2), b: choice('low', 'high') },
    halves,
    splits,
    { score: brierScore, trials: 40, seed: 7, ...options },
  );

test('the Bayesian search comes nearer than chance does, and gives up what falls behind', async () => {
  const [tpe, random] = [await found({ method: 'tpe' }), await found({ method: 'random' })];
  expect(tpe.best.point['b']).toBe('low');
  expect(Math.abs(Number(tpe.best.point['a']) - 0.37)).toBeLessThan(0.1);
  const near = (trials: typeof tpe.trials): number => trials.filter(({ mean }) => mean < 0.3).length;
  expect(near(tpe.trials)).toBeGreaterThan(near(random.trials));
  expect(tpe.trials.some(({ stopped, scores }) => stopped && scores.length < 4)).toBe(true);
  expect((await found({ method: 'tpe' })).trials).toEqual(tpe.trials);
});

test('a grid is every combination, in order', async () => {
  const space = { a: choice(1, 2, 3), b: choice(true, false) };
  expect(gridOf(space)).toHaveLength(6);
  const { trials, best } = await search(({ a }) => guess(Number(a)), space, halves, splits, {
    score: rmseScore,
    method: 'grid',
  });
  expect(trials.map(({ point }) => point)).toEqual(gridOf(space));
  expect(best.point['a']).toBe(1);
  expect(() => gridOf({ a: uniform(0, 1) })).toThrow('"a" must be a choice');
});

test('whole numbers come up alike, the ends too', async () => {
  const { trials } = await search(({ n }) => guess(Number(n)), { n: whole(1, 3) }, halves, splits, {
    score: rmseScore,
    method: 'random',
    trials: 90,
  });
  for (const n of [1, 2, 3])
    expect(trials.filter(({ point }) => point['n'] === n).length).toBeGreaterThan(15);
});
