import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Forest } from './forest.ts';
import { forestFrom, saveForest } from './forest/saved.ts';
import { randomForestOf, randomRowsFor } from './forest.testing.ts';
import { predictFew, predictForest } from './predict.ts';

const shape = { trees: 30, columns: 7, categorical: 3, depth: 7 };

test.each([1, 3])('the kernel and its plain twin agree to the last bit: %i values to a leaf', width => {
  const rng = new Rng(width);
  const forest = randomForestOf(rng, { ...shape, width });
  const table = randomRowsFor(rng, 3001, 7, 3);
  const plain = predictFew(forest, table);
  expect(predictForest(forest, table, { threads: 1 })).toEqual(plain);
  expect(predictForest(forest, table, { threads: 2 })).toEqual(plain);
  expect(new Set(plain).size).toBeGreaterThan(1000);
});

test('trees add to the output that they are of', () => {
  const rng = new Rng(5);
  const one = randomForestOf(rng, { ...shape, trees: 3 });
  const forest = { ...one, outputs: 3, output: Uint32Array.of(2, 0, 2) };
  const table = randomRowsFor(rng, 10_000, 7, 3);
  const sums = predictForest(forest, table);
  expect(sums).toEqual(predictFew(forest, table));
  expect(sums.every((value, at) => (at % 3 === 1 ? value === 0 : value !== 0))).toBe(true);
});

describe('a saved forest', () => {
  const forest = randomForestOf(new Rng(3), shape);
  const savedOf = (changed: Forest): Saved => ({ kind: 'k', version: 1, parts: [], ...saveForest(changed) });
  const readOf = (saved: Saved): Forest => forestFrom(new SavedReader(saved, 'k', 1), 7);
  test('is read back', () => {
    expect(readOf(savedOf(forest))).toEqual(forest);
  });
  const inner = forest.feature.findIndex(feature => feature >= 3);
  const set = forest.set.findIndex(position => position >= 0);
  const leaf = forest.feature.indexOf(-1);
  test.each([
    ['left', { left: forest.left.with(inner, inner) }],
    ['right', { right: forest.right.with(inner, forest.left[inner]) }],
    ['right', { right: forest.right.with(inner, 1e6) }],
    ['feature', { feature: forest.feature.with(inner, 7) }],
    ['left', { feature: forest.feature.with(inner, -1), set: forest.set.with(inner, -1) }],
    ['set', { set: forest.set.with(inner, 0) }],
    ['set', { set: forest.set.with(set, forest.sets.length - 1) }],
    ['set', { set: forest.set.with(leaf, 0) }],
    ['roots', { roots: forest.roots.with(0, 1) }],
    ['roots', { roots: forest.roots.with(1, 1e6) }],
    ['output', { output: forest.output.with(1, 1) }],
    ['outputs', { outputs: 0 }],
    ['value', { value: forest.value.subarray(1) }],
    ['cover', { cover: forest.cover.with(0, -1) }],
    ['missingLeft', { missingLeft: forest.missingLeft.with(0, 2) }],
  ])('is refused when its %s is damaged', (name, damage) => {
    expect(() => readOf(savedOf({ ...forest, ...damage }))).toThrow(`no valid "${name}"`);
  });
});
