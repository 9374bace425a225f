import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparseOf } from '../sparse.ts';
import { coverage, listMetrics, listMetricsByUser, novelty } from './ranking-lists.ts';

function listsOf(rows: readonly (readonly number[])[]) {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => (offsets[at + 1] = offsets[at] + row.length));
  const items = Uint32Array.from(rows.flat());
  return { rows: rows.length, offsets, items, scores: new Float32Array(items.length) };
}

const truthOf = (rows: readonly (readonly number[])[]) =>
  sparseOf(
    9,
    rows.map(row => row.map(item => [item, 1])),
  );

test('a worked example: hits at ranks 1 and 3 of 3, of four to be found', () => {
  const found = listMetrics(listsOf([[5, 0, 7, 8], [1]]), truthOf([[5, 7, 1, 2], []]), 3);
  expect(found.users).toBe(1);
  expect(found.ndcg).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3) + 0.5), 12);
  expect(found.map).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect([found.recall, found.precision, found.hitRate, found.mrr]).toEqual([0.5, 2 / 3, 1, 1]);
});

test('agrees with the definitions written out slowly', () => {
  const row = fc.uniqueArray(fc.nat(8), { maxLength: 9 });
  const rows = fc.array(fc.tuple(row, row), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 6 }), (pairs, k) => {
      fc.pre(pairs.some(([, truth]) => truth.length > 0));
      const lists = listsOf(pairs.map(([list]) => list));
      const by = listMetricsByUser(lists, truthOf(pairs.map(([, truth]) => truth)), k);
      by.rows.forEach((user, at) => {
        const [list, truth] = pairs[user];
        const relevance = list.slice(0, k).map(item => Number(truth.includes(item)));
        const gain = (values: readonly number[]): number =>
          values.reduce((sum, value, place) => sum + value / Math.log2(place + 2), 0);
        const hits = relevance.reduce((sum, value) => sum + value, 0);
        const precisions = relevance.map(
          (value, place) => (value * relevance.slice(0, place + 1).reduce((a, b) => a + b, 0)) / (place + 1),
        );
        expect(by.ndcg[at]).toBeCloseTo(gain(relevance) / gain(truth.slice(0, k).map(() => 1)), 12);
        expect(by.map[at]).toBeCloseTo(precisions.reduce((a, b) => a + b, 0) / Math.min(k, truth.length), 12);
        expect(by.recall[at]).toBeCloseTo(hits / truth.length, 12);
        expect(by.precision[at]).toBeCloseTo(hits / k, 12);
        expect(by.hitRate[at]).toBe(Number(hits > 0));
        expect(by.mrr[at]).toBeCloseTo(hits > 0 ? 1 / (relevance.indexOf(1) + 1) : 0, 12);
      });
    }),
  );
});

test('coverage counts items once; novelty is in bits', () => {
  const lists = listsOf([
    [0, 1],
    [1, 2],
  ]);
  expect(coverage(lists, 9, 1)).toBeCloseTo(2 / 9, 12);
  expect(coverage(lists, 9, 2)).toBeCloseTo(3 / 9, 12);
  // of four users two had item 0 and one had item 1: 1 and 2 bits
  const history = truthOf([[0], [0, 1], [], []]);
  expect(novelty(listsOf([[0], [1]]), history, 1)).toBeCloseTo(1.5, 12);
});

test('what cannot be measured is refused', () => {
  expect(() => listMetrics(listsOf([[1]]), truthOf([[1], [2]]), 1)).toThrow(/1 lists for 2 users/);
  expect(() => listMetrics(listsOf([[1]]), truthOf([[]]), 1)).toThrow(/no user has anything/);
  expect(() => listMetrics(listsOf([[1]]), truthOf([[1]]), 0)).toThrow(/k must be/);
});
