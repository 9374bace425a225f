import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { tableOf, type Table } from '../table.ts';
import type { Clusterer } from './clusterer.ts';
import { gaussianMixture, type GaussianMixtureModel } from './gaussian-mixture.ts';
import { inverseFactor } from './mixture-steps.ts';
import { responsibilities } from './mixture.reference.ts';
import { blobs, oracle } from './oracle.testing.ts';

const predict = (model: Clusterer, table: Table): Int32Array => model.assign(table);
const common = { task: 'regression', supervised: false, weights: 'none', predict } as const;
checkEstimator('full mixture', {
  estimator: gaussianMixture({ components: 2, maxIterations: 15 }),
  ...common,
});
checkEstimator('diagonal mixture', {
  estimator: gaussianMixture({ components: 3, covariance: 'diagonal', maxIterations: 15 }),
  ...common,
});

/** Components in order of their first mean, as the script of the oracle sorts them. */
function inOrder({ means, features }: GaussianMixtureModel): number[] {
  const width = features.length;
  const order = Array.from({ length: means.length / width }, (_, c) => c);
  return order.sort((a, b) => means[a * width] - means[b * width]);
}

const pickAt = (values: Float64Array, order: readonly number[]): number[] => {
  const size = values.length / order.length;
  return order.flatMap(c => [...values.subarray(c * size, (c + 1) * size)]);
};

for (const [covariance, expected] of [
  ['full', oracle.mixture_full],
  ['diagonal', oracle.mixture_diagonal],
] as const)
  test(`a ${covariance} mixture agrees with scikit-learn`, async () => {
    const settings = {
      components: 4,
      covariance,
      tolerance: 1e-10,
      maxIterations: 2000,
      regularisation: 1e-7,
    };
    const model = await gaussianMixture(settings).fit(blobs, undefined, { rng: new Rng(4) });
    const order = inOrder(model);
    expect(distance(pickAt(model.shares, order), expected.shares)).toBeLessThan(1e-3);
    expect(distance(pickAt(model.means, order), expected.means)).toBeLessThan(1e-3);
    expect(distance(pickAt(model.covariances, order), expected.covariances)).toBeLessThan(2e-3);
    expect(model.meanLogLikelihood).toBeCloseTo(expected.mean_log_likelihood, 4);
    expect(Math.abs(model.bic / expected.bic - 1)).toBeLessThan(1e-5);
    const found = Array.from({ length: 30 }, (_, row) =>
      order.map(c => model.probabilities(blobs)[row * 4 + c]),
    ).flat();
    expect(distance(found, expected.probabilities)).toBeLessThan(2e-3);
    expect(model.score(blobs)).toBeCloseTo(model.meanLogLikelihood, 9);
  });

test('the kernel agrees with its plain twin', async () => {
  for (const columns of [1, 2, 3, 5]) {
    const rng = new Rng(columns);
    const table = tableOf(
      Object.fromEntries(
        Array.from({ length: columns }, (_, j) => [
          `x${j}`,
          Float32Array.from({ length: 200 }, () => 100 + rng.normal()),
        ]),
      ),
    );
    const model = await gaussianMixture({ components: 3, maxIterations: 5 }).fit(table);
    const size = columns * columns;
    const factors = Float64Array.from(
      [0, 1, 2].flatMap(c => [
        ...inverseFactor(model.covariances.subarray(c * size, (c + 1) * size), columns),
      ]),
    );
    expect(distance(model.probabilities(table), responsibilities(table, model, factors))).toBeLessThan(1e-9);
  }
});

test('weights act as repeated rows, up to where the start was drawn', async () => {
  const weights = new Float32Array(blobs.rows).fill(2);
  const estimator = gaussianMixture({ components: 1 });
  const [one, two] = [await estimator.fit(blobs), await estimator.fit(blobs, undefined, { weights })];
  expect(distance(two.means, one.means)).toBeLessThan(1e-9);
  expect(two.meanLogLikelihood).toBeCloseTo(one.meanLogLikelihood, 9);
});

test('the right number of components has the least information criterion', async () => {
  const found = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async components => (await gaussianMixture({ components }).fit(blobs)).bic),
  );
  expect(found.indexOf(Math.min(...found)) + 1).toBe(4);
});
