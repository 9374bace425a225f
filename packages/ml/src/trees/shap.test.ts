import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { legendre } from '../numeric/legendre.ts';
import { Rng } from '../random/rng.ts';
import { forestOf, oracle, tableFrom } from './oracle.testing.ts';
import { randomForestOf, randomRowsFor } from './forest.testing.ts';
import { predictForest } from './predict.ts';
import { shapBySubsets } from './shap.reference.ts';
import { treeShap } from './shap.ts';

test('the quadrature has polynomials exactly, as high as it promises', () => {
  for (const n of [1, 2, 3, 8, 20, 40]) {
    const { at, weight } = legendre(n);
    for (let power = 0; power < 2 * n; power++) {
      const sum = at.reduce((total, t, k) => total + weight[k] * t ** power, 0);
      expect(Math.abs(sum * (power + 1) - 1)).toBeLessThan(1e-12);
    }
  }
});

describe('Shapley values of trees', () => {
  test('are those of the definition, over every subset of the columns', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 7 }),
        (seed, columns, depth) => {
          const rng = new Rng(seed);
          const categorical = rng.integer(columns + 1);
          const forest = randomForestOf(rng, { trees: 2, columns, categorical, depth });
          const table = randomRowsFor(rng, 3, columns, categorical);
          const { values } = treeShap(forest, table);
          for (let row = 0; row < 3; row++) {
            const expected = shapBySubsets(forest, table, row);
            const found = values.subarray(row * columns, (row + 1) * columns);
            expected.forEach((value, j) => expect(Math.abs(found[j] - value)).toBeLessThan(1e-10));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    ['many rows of small trees', { trees: 40, columns: 12, categorical: 4, depth: 6, width: 2 }, 2000],
    ['deep trees of many columns', { trees: 3, columns: 60, categorical: 10, depth: 14 }, 70],
  ])('sum with the base to the prediction: %s', (_, shape, rows) => {
    const rng = new Rng(8);
    const forest = randomForestOf(rng, shape);
    const table = randomRowsFor(rng, rows, shape.columns, shape.categorical);
    const { base, values } = treeShap(forest, table, { threads: 1 });
    expect(treeShap(forest, table, { threads: 2 }).values).toEqual(values);
    const sums = Float64Array.from({ length: rows * forest.outputs }, (_, at) =>
      values
        .subarray(at * shape.columns, (at + 1) * shape.columns)
        .reduce((sum, value) => sum + value, base[at % forest.outputs]),
    );
    expect(distance(sums, predictForest(forest, table))).toBeLessThan(1e-12);
  });

  test('a tree of one leaf has a base and nothing else', () => {
    const forest = randomForestOf(new Rng(1), { trees: 2, columns: 2, categorical: 0, depth: 0 });
    const { base, values } = treeShap(forest, randomRowsFor(new Rng(1), 4, 2, 0));
    expect(base[0]).toBeCloseTo(forest.value[0] + forest.value[1], 12);
    expect(values).toEqual(new Float64Array(8));
  });
});

describe('beside others', () => {
  const { explanations, boosted } = oracle;
  test.each([
    ['scikit-learn’s trees by the package shap', explanations, [0, 0, 0, 0]],
    ['LightGBM’s trees, with holes and categories, by its own contributions', boosted, boosted.setWords],
  ])('Shapley values agree: %s', (_, expected, setWords) => {
    const forest = forestOf(expected.forest, setWords);
    const table = tableFrom(expected.x);
    expect(distance(predictForest(forest, table), expected.prediction)).toBeLessThan(1e-6);
    const { base, values } = treeShap(forest, table);
    expect(Math.abs(base[0] - expected.base)).toBeLessThan(1e-6);
    expect(distance(values.subarray(0, expected.shap.length), expected.shap)).toBeLessThan(1e-6);
  });
});
