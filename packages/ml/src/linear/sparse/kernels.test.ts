import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance } from '../../oracle.testing.ts';
import { Rng } from '../../random/rng.ts';
import { sparseOf, type SparseRows } from '../../sparse.ts';
import { factorPass, factorScore } from './factors.reference.ts';
import { factorisationMachine } from './factors.ts';
import { ftrlPass, ftrlWeight } from './ftrl.reference.ts';
import { ftrl } from './ftrl.ts';
import { lossOf, slopeOf, type SgdLoss } from './losses.ts';
import { dots } from './scores.reference.ts';
import { linearScores } from './scores.ts';
import { sgdPass } from './sgd.reference.ts';
import { sgd, type SgdParameters } from './sgd.ts';
import { softmaxPass, softmaxSlopes } from './softmax.reference.ts';
import { sparseSoftmax } from './softmax.ts';
import type { SparseData } from './stage.ts';
import { emptyState } from './state.ts';

const RUNS = { numRuns: 25 };

/** Rows of 0 to 11 entries in which features repeat, with and without values and weights. */
const data = fc
  .record({
    seed: fc.nat(),
    width: fc.constantFrom(5, 9, 400),
    valued: fc.boolean(),
    weighted: fc.boolean(),
  })
  .map(({ seed, width, valued, weighted }): SparseData => {
    const rng = new Rng(seed);
    const lists = Array.from({ length: 40 }, () =>
      Array.from({ length: rng.integer(12) }, (): [number, number] => [rng.integer(width), rng.normal()]),
    );
    const { values, ...ones } = sparseOf(width, lists);
    return {
      x: valued ? { ...ones, values } : ones,
      y: Float32Array.from(lists, () => rng.integer(2)),
      weights: weighted ? Float32Array.from(lists, () => rng.integer(4)) : undefined,
    };
  })
  .filter(({ weights }) => weights?.some(w => w > 0) ?? true);

test('the kernel of FTRL agrees with its plain twin', async () => {
  await fc.assert(
    fc.asyncProperty(data, fc.constantFrom(0, 0.5), async ({ x, y, weights }, l1) => {
      const rule = { alpha: 0.2, beta: 1, l1, l2: 0.1 };
      const model = await ftrl(rule).fit(x, y, { weights });
      const state = emptyState(x.width, [{ values: 2, type: 'f64' }], new Float64Array(5));
      ftrlPass(rule, state, { x, y, weights });
      const [table] = state.tables;
      const expected = Array.from({ length: x.width }, (_, j) =>
        ftrlWeight(table[2 * j], table[2 * j + 1], rule),
      );
      expect(distance([...model.weights, 1], [...expected, 1])).toBeLessThan(1e-4);
      expect(model.progressiveLoss).toBeCloseTo(state.own[0] / state.own[1], 4);
    }),
    RUNS,
  );
});

describe('the kernels of gradient descent agree with their plain twin', () => {
  const rules: Required<Pick<SgdParameters, 'loss' | 'rate' | 'l1' | 'l2'>>[] = [
    { loss: 'logistic', rate: 'adagrad', l1: 0, l2: 0 },
    { loss: 'huber', rate: 'adagrad', l1: 0.02, l2: 0.1 },
    { loss: 'squared', rate: 'inverse', l1: 0, l2: 0.5 },
    { loss: 'hinge', rate: 'inverse', l1: 0.02, l2: 0 },
    { loss: 'logistic', rate: 'inverse', l1: 0.001, l2: 30 },
  ];
  test.each(rules)('$loss, $rate, l1 $l1, l2 $l2', async given => {
    const rule = { ...given, eta: 0.03, power: 0.4, delta: 0.3, shuffle: false, epochs: 1 };
    await fc.assert(
      fc.asyncProperty(data, fc.boolean(), async ({ x, y, weights }, averaged) => {
        // under a penalty that takes nine tenths at every row, a mean over rows has no digits left in 32 bits
        const average = averaged && rule.l2 < 30;
        const model = await sgd({ ...rule, average } as SgdParameters<'logistic'>).fit(x, y, { weights });
        const twin = sgdPass(rule, { x, y, weights });
        const expected = average
          ? [...twin.meanWeights, twin.meanIntercept]
          : [...twin.weights, twin.intercept];
        expect(distance([...model.weights, model.intercept, 0.1], [...expected, 0.1])).toBeLessThan(1e-3);
        expect(model.rowsSeen).toBe(40);
      }),
      RUNS,
    );
  });
});

test('the kernel of softmax regression agrees with its plain twin', async () => {
  const rules = fc.record({
    classes: fc.constantFrom(2, 5, 21),
    rate: fc.constantFrom<'adagrad' | 'inverse'>('adagrad', 'inverse'),
    l1: fc.constantFrom(0, 0.01),
    l2: fc.constantFrom(0, 0.1),
  });
  await fc.assert(
    fc.asyncProperty(data, rules, async ({ x, y, weights }, given) => {
      const rule = { ...given, eta: 0.1, power: 0.3 };
      const target = y.map((v, row) => (v + row) % given.classes);
      const model = await sparseSoftmax({ ...rule, epochs: 1, shuffle: false }).fit(x, target, { weights });
      const twin = softmaxPass(rule, { x, y: target, weights });
      const expected = Array.from({ length: x.rows }, (_, row) => {
        const z = twin.intercepts.map((b, c) => {
          let sum = b;
          for (let at = x.offsets[row]; at < x.offsets[row + 1]; at++)
            sum += twin.weights[x.indices[at] * given.classes + c] * (x.values?.[at] ?? 1);
          return sum;
        });
        return [...softmaxSlopes(z, -1).slopes];
      });
      expect(distance(model.predict(x), expected.flat())).toBeLessThan(1e-4);
    }),
    RUNS,
  );
});

test('the kernel of factorisation machines agrees with its plain twin, which goes over pairs', async () => {
  const rules = fc.record({
    loss: fc.constantFrom<'logistic' | 'squared'>('logistic', 'squared'),
    factors: fc.constantFrom(1, 4, 6),
    l2Factors: fc.constantFrom(0, 0.2),
  });
  await fc.assert(
    fc.asyncProperty(data, rules, async ({ x, y, weights }, given) => {
      const rule = { ...given, eta: 0.03, l2: 0.05, spread: 0.1, seed: 3 };
      const estimator = factorisationMachine({ ...rule, epochs: 1, shuffle: false } as { loss: 'logistic' });
      const model = await estimator.fit(x, y, { weights });
      const twin = factorPass(rule, { x, y, weights });
      const expected = Array.from({ length: x.rows }, (_, row) => factorScore(twin, rule.factors, x, row));
      expect(distance([...model.score(x), 1], [...expected, 1])).toBeLessThan(5e-4);
    }),
    RUNS,
  );
});

test.each(['logistic', 'squared', 'hinge', 'huber'] as const)(
  'the slope of the %s loss is that of finite differences',
  (loss: SgdLoss) => {
    const h = 1e-5;
    for (const z of [-3.1, -0.6, 0.2, 0.7, 4.2])
      for (const y of [0, 1]) {
        const by = (lossOf(loss, z + h, y, 0.5) - lossOf(loss, z - h, y, 0.5)) / (2 * h);
        expect(slopeOf(loss, z, y, 0.5)).toBeCloseTo(by, 5);
      }
  },
);

test('the slopes of softmax are those of finite differences', () => {
  const z = Float64Array.of(0.3, -1.2, 2, 0.1);
  const { slopes } = softmaxSlopes(z, 2);
  z.forEach((_, c) => {
    const at = (by: number) =>
      softmaxSlopes(
        z.map((v, i) => (i === c ? v + by : v)),
        2,
      ).loss;
    expect(slopes[c]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
  });
});

test('scores of many rows, on threads, are those of few rows, to the bit', () => {
  const rng = new Rng(1);
  const [rows, words, width] = [60_000, 40, 1 << 16];
  const x: SparseRows = {
    ...{ rows, width },
    offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * words),
    indices: Uint32Array.from({ length: rows * words }, () => rng.bits() >>> 16),
  };
  const weights = Float32Array.from({ length: width }, () => rng.normal());
  const plain = new Float64Array(rows);
  dots(x, weights, plain);
  expect(linearScores(x, weights, 0)).toEqual(plain);
});
