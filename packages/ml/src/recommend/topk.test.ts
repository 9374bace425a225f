import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { sparseOf } from '../sparse.ts';
import { approximateIndex, loadApproximateIndex } from './approximate.ts';
import { exactIndex, padded } from './exact.ts';
import { product } from './factors.reference.ts';
import { bestOf, listsOf } from './lists.reference.ts';

function madeVectors(count: number, factors: number, seed: number): Float32Array {
  const rng = new Rng(seed);
  const [groups, spread] = [12, 0.4];
  const means = Float32Array.from({ length: groups * factors }, () => rng.normal());
  const out = new Float32Array(count * factors);
  for (let i = 0; i < count; i++) {
    const [group, length] = [rng.integer(groups), 0.3 + rng.uniform()];
    for (let j = 0; j < factors; j++)
      out[i * factors + j] = length * (means[group * factors + j] + spread * rng.normal());
  }
  return out;
}

/** Zeros after each vector, up to a multiple of four. */
function stretched(vectors: Float32Array, factors: number): Float32Array {
  const rank = padded(factors);
  const out = new Float32Array((vectors.length / factors) * rank);
  vectors.forEach((value, at) => (out[Math.floor(at / factors) * rank + (at % factors)] = value));
  return out;
}

test('an exact search finds what a plain one does, with exclusions, forbidden items and ties', () => {
  const shape = fc.record({
    count: fc.integer({ min: 1, max: 700 }),
    factors: fc.integer({ min: 1, max: 13 }),
    k: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(1000),
    whole: fc.boolean(),
  });
  fc.assert(
    fc.property(shape, ({ count, factors, k, seed, whole }) => {
      const rng = new Rng(seed);
      // whole numbers make many equal scores
      const draw = (n: number): Float32Array =>
        Float32Array.from({ length: n * factors }, () => (whole ? rng.integer(3) - 1 : rng.normal()));
      const [vectors, queries] = [draw(count), draw(5)];
      const exclude = sparseOf(
        count,
        Array.from({ length: 5 }, () =>
          [...new Set([3, 1, 2].map(() => rng.integer(count)))].map(i => [i, 1]),
        ),
      );
      const allowed = Uint8Array.from({ length: count }, () => Number(rng.uniform() < 0.8));
      const found = exactIndex(vectors, factors).search(queries, { k, exclude, allowed });
      const [rank, x, y] = [padded(factors), stretched(queries, factors), stretched(vectors, factors)];
      const expected = Array.from({ length: 5 }, (_, query) => {
        const scores = Float32Array.from({ length: count }, (_score, i) =>
          product(x, query * rank, y, i * rank, rank),
        );
        const seen = exclude.indices.subarray(exclude.offsets[query], exclude.offsets[query + 1]);
        return bestOf(scores, { k, allowed }, seen);
      });
      expect(found).toEqual(listsOf(expected));
    }),
    { numRuns: 60 },
  );
});

test('an index refuses what is no vector or query of its own', () => {
  const index = exactIndex(new Float32Array(12).fill(1), 3);
  expect(() => exactIndex(new Float32Array(11), 3)).toThrow(/11 values are no whole vectors of 3/);
  expect(() => exactIndex(Float32Array.of(NaN), 1)).toThrow(/value 0 of the vectors is NaN/);
  expect(() => index.search(new Float32Array(4), { k: 1 })).toThrow(/4 values are no whole queries/);
  expect(() => index.search(Float32Array.of(0, Infinity, 0), { k: 1 })).toThrow(/value 1 of the queries/);
  expect(() => index.search(new Float32Array(3), { k: 1, exclude: sparseOf(2, [[]]) })).toThrow(
    /1 rows of 2/,
  );
  expect(() => index.search(new Float32Array(3), { k: 0 })).toThrow(/k must be/);
});

describe('an approximate index', () => {
  const made = madeVectors(7800, 10, 1);
  const [vectors, later, queries] = [
    made.subarray(0, 60_000),
    made.subarray(60_000, 75_000),
    made.subarray(75_000),
  ];
  const truth = exactIndex(vectors, 10).search(queries, { k: 20 });
  const index = approximateIndex(vectors, 10, { recall: 0.95, sample: queries, rng: new Rng(4) });
  const shareOf = (items: Uint32Array, of: Uint32Array): number => {
    let hits = 0;
    for (let row = 0; row < 300; row++) {
      const own = new Set(items.subarray(row * 20, row * 20 + 20));
      for (let at = row * 20; at < row * 20 + 20; at++) if (own.has(of[at])) hits++;
    }
    return hits / of.length;
  };

  test('finds nearly all of the best in few of its cells', () => {
    expect(shareOf(index.search(queries, { k: 20 }).items, truth.items)).toBeGreaterThan(0.93);
    expect(index.recall).toBeGreaterThanOrEqual(0.95);
    expect(index.probes).toBeLessThan(150);
  });
  test('asked for all it looks into every cell that it needs, and is exact', () => {
    const all = approximateIndex(vectors, 10, { recall: 1, cells: 40, sample: queries });
    expect(shareOf(all.search(queries, { k: 20 }).items, truth.items)).toBeGreaterThan(0.995);
  });
  test('what is added is found under the next numbers, and what was there still is', () => {
    const grown = index.add(later);
    expect(grown.size).toBe(7500);
    const best = exactIndex(made.subarray(0, 75_000), 10).search(queries, { k: 20 });
    expect(shareOf(grown.search(queries, { k: 20 }).items, best.items)).toBeGreaterThan(0.9);
    expect(best.items.some(item => item >= 6000)).toBe(true);
  });
  test('saved and loaded it finds the same; damage is refused', () => {
    const saved = decode(encode(index.save()));
    const loaded = loadApproximateIndex(saved);
    expect(loaded.search(queries, { k: 20 })).toEqual(index.search(queries, { k: 20 }));
    expect(() => loadApproximateIndex({ ...saved, arrays: {} })).toThrow(/no valid/);
    const ids = (saved.arrays['ids'] as Uint32Array).map(() => 6000);
    expect(() => loadApproximateIndex({ ...saved, arrays: { ...saved.arrays, ids } })).toThrow(
      /no valid "ids"/,
    );
  });
  test('leaves out what a query excludes and what is not allowed', () => {
    const exclude = sparseOf(6000, [[[truth.items[0], 1]]]);
    const allowed = new Uint8Array(6000).fill(1);
    allowed[truth.items[1]] = 0;
    const { items } = index.search(queries.subarray(0, 10), { k: 5, exclude, allowed });
    expect(items.includes(truth.items[0]) || items.includes(truth.items[1])).toBe(false);
  });
  test('one vector is an index', () => {
    expect([
      ...approximateIndex(Float32Array.of(1, 2), 2).search(Float32Array.of(1, 1), { k: 3 }).items,
    ]).toEqual([0]);
  });
});
