import { expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { tableOf } from '../table.ts';
import { adjustedRand } from './agreement.ts';
import { chooseK, chosenOf } from './choose-k.ts';
import { describeClusters } from './describe.ts';
import { blobs, oracle } from './oracle.testing.ts';

test('the number of blobs is found, with what speaks for it', async () => {
  const rng = new Rng(6);
  const rows = 300;
  const at = (row: number, j: number) => [0, 8, [0, 8][j]][row % 3] + rng.normal();
  const table = tableOf({
    x: Float32Array.from({ length: rows }, (_, row) => at(row, 0)),
    y: Float32Array.from({ length: rows }, (_, row) => at(row, 1)),
  });
  const { k, reason, figures, model } = await chooseK(table, { to: 5, draws: 3 });
  expect({ k, reason }).toEqual({ k: 3, reason: 'clearest' });
  expect(figures.map(each => each.k)).toEqual([2, 3, 4, 5]);
  expect(figures[1].silhouette).toBeGreaterThan(0.7);
  expect(figures[1].stability).toBeGreaterThan(0.95);
  expect(model.clusters).toBe(3);
  await expect(chooseK(table, { to: 1 })).rejects.toThrow('to must be a whole number from 2 up');
});

test('reasons follow from the figures', () => {
  const one = (k: number, silhouette: number, stability: number, gap = 1) => ({
    ...{ k, silhouette, stability, gap },
    gapError: 0.1,
    inertia: 1,
  });
  expect(chosenOf([one(2, 0.3, 0.9), one(3, 0.6, 0.9)])).toEqual({ k: 3, reason: 'clearest' });
  expect(chosenOf([one(2, 0.59, 0.9), one(3, 0.6, 0.9)])).toEqual({ k: 2, reason: 'fewer_as_clear' });
  expect(chosenOf([one(2, 0.3, 0.9), one(3, 0.6, 0.4)])).toEqual({ k: 2, reason: 'only_stable' });
  expect(chosenOf([one(2, 0.3, 0.9, 0), one(3, 0.2, 0.4)])).toEqual({ k: 2, reason: 'no_structure' });
});

test('agreement is that of scikit-learn', () => {
  expect(adjustedRand(oracle.k_means.labels, oracle.other)).toBeCloseTo(oracle.adjusted_rand, 1);
  expect(adjustedRand([0, 0, 1, 1], [5, 5, 3, 3])).toBe(1);
  expect(adjustedRand([0, 0, 0], [1, 1, 1])).toBe(1);
  expect(() => adjustedRand([0], [0, 1])).toThrow('1 labels beside 2');
});

test('each cluster is told by what sets it apart, numbers and words', () => {
  const table = tableOf({
    same: Float32Array.of(1, 1, 1, 1),
    orders: Float32Array.of(9, 11, 1, NaN),
    city: ['Lyon', 'Lyon', 'Nice', 'Metz'],
  });
  const [first, second] = describeClusters(table, [0, 0, 1, 1], Float32Array.of(1, 1, 1, 1));
  expect(first).toMatchObject({ cluster: 0, size: 2, share: 0.5 });
  expect(first.differences.map(each => each.column)).toEqual(['orders', 'city', 'same']);
  expect(first.differences[0]).toMatchObject({ inside: 10, outside: 1 });
  expect(first.differences[1]).toMatchObject({ word: 'Lyon', inside: 1, outside: 0, difference: 2 });
  expect(first.differences[2].difference).toBe(0);
  expect(second.differences[1]).toMatchObject({ word: 'Lyon', inside: 0, outside: 1 });
  expect(describeClusters(blobs, new Int32Array(blobs.rows).fill(-1))).toEqual([]);
});
