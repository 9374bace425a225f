import { als, Rng, sparseOf } from '@bellwether/ml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldingIn } from './fold-in.ts';
import { namesInOrder } from './names.ts';
import { numbersTo, renumbered } from './numbering.ts';
import { RecentDeeds } from './recent.ts';
import { topOf } from './top.ts';

test('the vector of a history is the one that ml folds in', async () => {
  const rng = new Rng(3);
  const lists = Array.from({ length: 60 }, () =>
    [...new Set(Array.from({ length: 8 }, () => rng.integer(40)))]
      .sort((a, b) => a - b)
      .map(item => [item, 1 + rng.integer(4)] as const),
  );
  const method = { factors: 8, alpha: 3, l2: 2, scaling: 0.5 };
  const model = await als(method).fit(sparseOf(40, lists), { rng });
  const fold = foldingIn({ ...method, vectors: model.itemFactors });
  const histories = sparseOf(40, lists.slice(0, 10));
  // ml solves by conjugate gradients, to within their steps
  const expected = model.foldIn(histories);
  lists.slice(0, 10).forEach((list, row) => {
    const own = fold({
      items: Uint32Array.from(list, ([item]) => item),
      values: Float32Array.from(list, ([, value]) => value),
    });
    own.forEach((value, j) => expect(value).toBeCloseTo(expected[row * 8 + j], 3));
  });
});

test('names are found where they stand, and nowhere else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' })), fc.string(), (given, other) => {
      const names = namesInOrder(given.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(names.length).toBe(given.length);
      for (const name of given) expect(names.at(names.find(name))).toBe(name);
      if (!given.includes(other)) expect(names.find(other)).toBe(-1);
    }),
  );
});

test('the best k are those that sorting finds', () => {
  const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(NaN)), { maxLength: 40 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 12 }), (given, k) => {
      const sorted = [...given.keys()]
        .filter(item => !Number.isNaN(given[item]))
        .sort((a, b) => given[b] - given[a] || a - b);
      const found = topOf(numbersTo(given.length), given.length, item => given[item], k);
      expect([...found.items]).toEqual(sorted.slice(0, k));
    }),
  );
});

test('weights follow their products to new numbers; those of products that are gone go', () => {
  const weights = {
    ...{ rows: 3, width: 3, offsets: Uint32Array.of(0, 2, 3, 4), indices: Uint32Array.of(1, 2, 0, 1) },
    values: Float32Array.of(0.5, 0.25, 0.75, 1),
  };
  const moved = renumbered(weights, Int32Array.of(2, -1, 0), 4, 1);
  expect([...moved.offsets]).toEqual([0, 0, 0, 1, 1]);
  expect([...moved.indices]).toEqual([0]);
  expect([...moved.values]).toEqual([0.25]);
});

test('what was done lately is bounded, counts once, and keeps purchases longest', () => {
  const recent = new RecentDeeds(3);
  const deed = (n: number, kind: 'looked' | 'bought') => ({
    ...{ event_id: `e${n}`, user_id: 'c', anonymous_id: '', product_id: `p${n}`, kind, at: n },
  });
  for (let n = 0; n < 300; n++) recent.add('c1', deed(n, n === 0 ? 'bought' : 'looked'));
  recent.add('c1', deed(299, 'looked'));
  expect(recent.of('c1').length).toBe(200);
  expect(recent.of('c1')[0]).toMatchObject({ product_id: 'p0', kind: 'bought' });
  for (const person of ['c2', 'c3', 'c4']) recent.add(person, deed(1000 + Number(person[1]), 'looked'));
  expect([recent.size, recent.forgotten, recent.of('c1').length]).toEqual([3, 1, 0]);
  recent.forgetBefore(1003);
  expect([recent.size, recent.forgotten]).toEqual([1, 0]);
});
