import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../../random/rng.ts';
import { dictionaryOf, pick, rowsAt, tableOf, valuesAt, type Table } from '../../table.ts';
import { learnBins } from '../binning.ts';
import { forestOf } from './assemble.ts';
import { boosting } from './boosting.ts';
import { boostedReference } from './boosting.reference.ts';
import { settingsOf, type BoostingParameters } from './parameters.ts';

/** Rows with holes, ties and categories, and a target that hangs on all of them. */
function made(rows: number, seed: number, levels = 9): { table: Table; target: Float32Array } {
  const rng = new Rng(seed);
  const hole = (value: number): number => (rng.uniform() < 0.1 ? NaN : value);
  const a = Float32Array.from({ length: rows }, () => hole(rng.normal()));
  const b = Float32Array.from({ length: rows }, () => hole(rng.integer(12)));
  const c = Float32Array.from({ length: rows }, () => rng.uniform());
  const words = Array.from({ length: rows }, () => (rng.uniform() < 0.05 ? null : `w${rng.integer(levels)}`));
  const effect = Array.from({ length: levels }, () => rng.normal());
  const target = Float32Array.from({ length: rows }, (_, row) => {
    const word = words[row] === null ? 1.5 : effect[Number(words[row].slice(1))];
    return (
      (Number.isNaN(a[row]) ? 2 : a[row] ** 2) - 0.2 * (b[row] || 0) + c[row] + word + 0.3 * rng.normal()
    );
  });
  return { table: tableOf({ a, b, c, words }), target };
}

const rmse = (found: ArrayLike<number>, y: Float32Array): number =>
  Math.sqrt(y.reduce((sum, v, row) => sum + (v - found[row]) ** 2, 0) / y.length);

const isTrue = (y: Float32Array, at = 0.5): Float32Array => y.map(v => Number(v > at));

test('the trees are those of plain loops over the rows, to the last bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer({ min: 1, max: 1e6 }),
        rows: fc.integer({ min: 5, max: 100 }).map(n => n * 4),
        levels: fc.constantFrom(2, 4, 30),
        leaves: fc.integer({ min: 2, max: 12 }),
        minLeaf: fc.integer({ min: 1, max: 12 }),
        l2: fc.constantFrom(0, 3),
        bins: fc.constantFrom(6, 255),
        order: fc.constantFrom(undefined, 1 as const, -1 as const),
      }),
      async ({ seed, rows, levels, order, ...rest }) => {
        const { table, target } = made(rows, seed, levels);
        const parameters: BoostingParameters & { loss: 'squared' } = {
          ...{ loss: 'squared', trees: 4, learningRate: 0.3, ...rest },
          ...(order && { monotone: { b: order } }),
        };
        const model = await boosting(parameters).fit(table, target);
        const settings = settingsOf(parameters);
        const learned = learnBins(table, { bins: rest.bins });
        const rules = { ...settings, monotone: Int8Array.of(0, order ?? 0, 0, 0) };
        const trees = boostedReference(table, learned, target, rules, settings);
        const split = trees.filter(tree => tree.nodes.length > 1).length;
        expect(model.forest).toEqual(forestOf(trees.slice(0, split), learned, 1));
      },
    ),
    { numRuns: 40 },
  );
});

test('one thread and two give the same bytes where the work is shared out', async () => {
  const { table, target } = made(60_000, 7);
  const fit = (threads: number) =>
    boosting({ loss: 'squared', trees: 5, rowSample: 0.8 }).fit(table, target, { threads });
  const [one, two] = [await fit(1), await fit(2)];
  expect(two.forest).toEqual(one.forest);
});

test('a weight of n is the row n times', async () => {
  const { table, target } = made(800, 3);
  const weights = Float32Array.from({ length: 800 }, (_, row) => row % 3);
  const positions = [...weights].flatMap((weight, row) => Array<number>(weight).fill(row));
  const learner = boosting({ loss: 'poisson', trees: 20 });
  const counts = target.map(v => Math.max(0, Math.round(v)));
  const weighted = await learner.fit(table, counts, { weights });
  const repeated = await learner.fit(rowsAt(table, positions), valuesAt(counts, positions));
  const other = repeated.predict(table);
  weighted.predict(table).forEach((p, row) => expect(Math.abs(p - other[row])).toBeLessThan(1e-4 * (1 + p)));
});

test('a prediction keeps the order that a column must have, whatever the data', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(1 as const, -1 as const),
      async (seed, order) => {
        const rng = new Rng(seed);
        const columns = ['a', 'b', 'c'].map(
          name => [name, Float32Array.from({ length: 300 }, () => rng.normal())] as const,
        );
        const table = tableOf(Object.fromEntries(columns));
        const y = Float32Array.from({ length: 300 }, (_, row) =>
          Number(rng.uniform() < 0.5 + 0.3 * Math.sin(3 * columns[0][1][row])),
        );
        const model = await boosting({ loss: 'logistic', trees: 20, minLeaf: 5, monotone: { a: order } }).fit(
          table,
          y,
        );
        for (let row = 0; row < 20; row++) {
          const steps = Float32Array.from({ length: 40 }, (_, i) => i / 8 - 2.5);
          const line = tableOf({
            a: steps,
            b: new Float32Array(40).fill(columns[1][1][row]),
            c: new Float32Array(40).fill(columns[2][1][row]),
          });
          const p = model.logOdds(line);
          for (let i = 1; i < p.length; i++) expect((p[i] - p[i - 1]) * order).toBeGreaterThanOrEqual(-1e-9);
        }
      },
    ),
    { numRuns: 15 },
  );
});

describe('missing values and categories', () => {
  test('a column whose holes carry the signal is learned from', async () => {
    const rng = new Rng(1);
    const x = Float32Array.from({ length: 1000 }, () => (rng.uniform() < 0.3 ? NaN : rng.normal()));
    const y = Float32Array.from(x, v => Number(rng.uniform() < (Number.isNaN(v) ? 0.9 : 0.1)));
    const model = await boosting({ loss: 'logistic', trees: 30 }).fit(tableOf({ x }), y);
    const [hole, known] = model.predict(tableOf({ x: Float32Array.of(NaN, 0.5) }));
    expect(hole).toBeGreaterThan(0.8);
    expect(known).toBeLessThan(0.25);
  });
  test('300 categories, of which the rarest share a bin, tell more than none', async () => {
    const { table, target } = made(20_000, 9, 300);
    const learner = boosting({ loss: 'squared', trees: 60 });
    const [all, none] = [table, pick(table, ['a', 'b', 'c'])];
    const train = Uint32Array.from({ length: 15_000 }, (_, i) => i);
    const rest = Uint32Array.from({ length: 5_000 }, (_, i) => 15_000 + i);
    const error = async (of: Table): Promise<number> => {
      const model = await learner.fit(rowsAt(of, train), valuesAt(target, train));
      return rmse(model.predict(rowsAt(of, rest)), valuesAt(target, rest));
    };
    expect(dictionaryOf(table, 'words')).toHaveLength(300);
    expect(await error(all)).toBeLessThan(0.6 * (await error(none)));
  });
});

describe('rounds', () => {
  test('end early, at the best of the rows kept out, and the loss is told round by round', async () => {
    const { table, target } = made(1500, 4);
    const model = await boosting({
      ...{ loss: 'logistic', trees: 400, learningRate: 0.3 },
      earlyStopping: { share: 0.3, rounds: 10 },
    }).fit(table, isTrue(target));
    const { validation, training } = model.history;
    const best = validation.indexOf(Math.min(...validation));
    expect(model.forest.roots).toHaveLength(best);
    expect(validation).toHaveLength(best + 11);
    expect(training).toHaveLength(best + 1);
    expect(training[best]).toBeLessThan(training[0]);
  });
  test('end where no split is left to be made', async () => {
    const x = Float32Array.from({ length: 60 }, (_, i) => i % 2);
    const model = await boosting({ loss: 'squared', trees: 500, learningRate: 1 }).fit(tableOf({ x }), x);
    expect(model.forest.roots.length).toBeLessThan(5);
    expect(rmse(model.predict(tableOf({ x })), x)).toBeLessThan(1e-6);
  });
  test('are told, and can be stopped', async () => {
    const { table, target } = made(400, 5);
    const stop = new AbortController();
    const fit = boosting({ loss: 'squared' }).fit(table, target, {
      signal: stop.signal,
      onProgress: ({ done, total, unit }) => {
        expect([total, unit]).toEqual([100, 'trees']);
        if (done === 3) stop.abort();
      },
    });
    await expect(fit).rejects.toMatchObject({ code: 'ml.stopped' });
  });
});

test('gains add up to one, and most is with the column that the target hangs on', async () => {
  const { table, target } = made(1000, 6);
  const model = await boosting({ loss: 'squared' }).fit(table, target);
  const shares = [...model.importances().values()];
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
  expect(shares.indexOf(Math.max(...shares))).toBe(0);
});

test('a quantile is passed by its share of the rows', async () => {
  const { table, target } = made(6000, 8);
  const half = Uint32Array.from({ length: 3000 }, (_, i) => 2 * i);
  const other = half.map(row => row + 1);
  for (const quantile of [0.1, 0.9]) {
    const learner = boosting({ loss: 'quantile', quantile, trees: 60, leaves: 15 });
    const model = await learner.fit(rowsAt(table, half), valuesAt(target, half));
    const told = model.predict(rowsAt(table, other));
    const below = told.filter((v, i) => target[other[i]] <= v).length / told.length;
    expect(Math.abs(below - quantile)).toBeLessThan(0.04);
  }
});

test('a score goes on from where the offset is, and what is learned comes on top', async () => {
  const rng = new Rng(2);
  const x = Float32Array.from({ length: 4000 }, () => rng.integer(2));
  const exposure = Float32Array.from({ length: 4000 }, () => 1 + rng.integer(5));
  const counts = exposure.map((e, row) => e * (x[row] === 1 ? 3 : 1));
  const model = await boosting({ loss: 'poisson', trees: 200 }).fit(tableOf({ x }), counts, {
    offset: exposure.map(Math.log),
  });
  const [low, high] = model.predict(tableOf({ x: Float32Array.of(0, 1) }));
  expect(low).toBeCloseTo(1, 2);
  expect(high).toBeCloseTo(3, 2);
});

test('classes that count the same are told in like shares', async () => {
  const { table, target } = made(2000, 12);
  const rare = isTrue(target, 4);
  const mean = async (parameters: object): Promise<number> => {
    const model = await boosting({ loss: 'logistic', trees: 3, ...parameters }).fit(table, rare);
    return model.predict(table).reduce((sum, p) => sum + p, 0) / table.rows;
  };
  expect(await mean({})).toBeLessThan(0.2);
  expect(await mean({ classWeights: 'balanced' })).toBeGreaterThan(0.35);
});

test('memory does not grow over twenty fits', async () => {
  const { table, target } = made(5000, 13);
  const fit = () => boosting({ loss: 'squared', trees: 3 }).fit(table, target);
  await fit();
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 20; round++) await fit();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
});

test.each([
  [{ loss: 'hinge' }, /loss must be one of/],
  [{ loss: 'squared', leaves: 1 }, /leaves must be a whole number from 2 up/],
  [{ loss: 'squared', rowSample: 0 }, /rowSample must be above 0/],
  [{ loss: 'squared', quantile: 1 }, /quantile must be between/],
  [{ loss: 'softmax', monotone: { a: 1 } }, /monotone must be absent/],
  [{ loss: 'poisson', classWeights: 'balanced' }, /classWeights must be absent/],
  [{ loss: 'squared', earlyStopping: { share: 2, rounds: 1 } }, /earlyStopping.share/],
])('parameters are refused by a sentence: %j', (parameters, sentence) => {
  expect(() => boosting(parameters as never)).toThrow(sentence);
});

test('what does not fit the table is refused by a sentence', async () => {
  const { table, target } = made(100, 1);
  const fit = (parameters: object, options: object = {}, y = target) =>
    boosting({ loss: 'squared', ...parameters } as never).fit(table, y, options);
  await expect(fit({ monotone: { words: 1 } })).rejects.toThrow('monotone names "words"');
  await expect(fit({}, { offset: new Float32Array(3) })).rejects.toThrow('3 values of the offset');
  await expect(fit({ loss: 'ranking' }, {}, isTrue(target))).rejects.toThrow('ranking needs groups');
  const groups = Int32Array.from({ length: 100 }, (_, row) => row % 2);
  await expect(fit({}, { groups })).rejects.toThrow('must lie together');
  const classWeights = { loss: 'logistic', classWeights: [1] };
  await expect(fit(classWeights, {}, isTrue(target))).rejects.toThrow('classWeights has 1 weights');
});
