import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import type { Split } from './data.ts';
import { groupedFold, holdOut, kFold, stratifiedFold, timeSplits } from './splits.ts';

const rowsOf = (splits: readonly Split[]): number[] =>
  splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
const isParted = (split: Split, rows: number): boolean =>
  new Set([...split.train, ...split.test]).size === rows && split.train.length + split.test.length === rows;

test('every row is tested once, and never learned from where it is tested', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 2, max: 10 }),
      fc.nat(),
      (rows, folds, seed) => {
        fc.pre(folds <= rows);
        const splits = kFold(rows, folds, new Rng(seed));
        expect(rowsOf(splits)).toEqual(Array.from({ length: rows }, (_, i) => i));
        expect(splits.every(split => isParted(split, rows))).toBe(true);
      },
    ),
  );
});

test('a stratified fold has its share of each class to within one row', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 150 }),
      fc.nat(),
      (classes, seed) => {
        const target = Float32Array.from(classes);
        const splits = stratifiedFold(target, 3, new Rng(seed));
        expect(rowsOf(splits)).toEqual([...target.keys()]);
        for (const k of [0, 1, 2]) {
          const counts = splits.map(({ test }) => test.filter(row => target[row] === k).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

test('nobody is learned from and tested on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 60, maxLength: 200 }),
      fc.nat(),
      (names, seed) => {
        const groups = Int32Array.from(names);
        fc.pre(new Set(groups).size >= 4);
        const splits = groupedFold(groups, 4, new Rng(seed));
        expect(rowsOf(splits)).toEqual([...groups.keys()]);
        for (const { train, test } of splits) {
          const learned = new Set(Array.from(train, row => groups[row]));
          expect(test.some(row => learned.has(groups[row]))).toBe(false);
        }
      },
    ),
  );
});

test('what is learned from comes before what is tested, by the gap at least', () => {
  fc.assert(
    // each time once: where many rows share one, a part may have nothing left beside the gap
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 80, maxLength: 200 }),
      times => {
        const splits = timeSplits(times, { folds: 3, gap: 5 });
        for (const { train, test } of splits) {
          const latest = Math.max(...Array.from(train, row => times[row]));
          expect(Math.min(...Array.from(test, row => times[row])) - latest).toBeGreaterThan(5);
        }
        const tested = splits.flatMap(({ test }) => [...test]);
        expect(new Set(tested).size).toBe(tested.length);
      },
    ),
  );
});

test('rows of one time only cannot be split by time, and this is said', () => {
  expect(() => timeSplits(new Float64Array(50), { folds: 2 })).toThrow(/part 0 of 2 has none/);
  expect(() => kFold(3, 5, new Rng(1))).toThrow('folds must be a whole number from 2 to the 3 rows; it is 5');
});

test('a share that is held out has its share of each class', () => {
  const target = Float32Array.from({ length: 1000 }, (_, row) => Number(row % 10 === 0));
  const { train, test: held } = holdOut(target, 0.2, new Rng(3));
  expect([train.length, held.length]).toEqual([800, 200]);
  expect(held.filter(row => target[row] === 1).length).toBe(20);
});
