import { RecommendationSettings } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arranged, type ArrangeOptions } from './arrange.ts';
import { allowedBy } from './serve.ts';
import type { Product } from './past.ts';
import { shelfOf, type Ranking } from './shelf.ts';

const COUNT = 24;
const NOW = Date.UTC(2026, 0, 1);

/** Products of four categories; every fifth is out of stock, every third has a cost. */
const catalogue: Product[] = Array.from({ length: COUNT }, (_, n) => ({
  ...{ product_id: `p${n}`, title: '', category: `c${n % 4}`, brand: '', price: 10 + n, currency: 'GBP' },
  ...{ cost: n % 3 === 0 ? n : null, stock: n % 5 === 0 ? 0 : null, url: '', image_url: '', sold: COUNT - n },
}));
const shelf = shelfOf(undefined, catalogue);
const ids = catalogue.map(({ product_id }) => product_id);
const numberOf = (id: string): number | undefined => (ids.includes(id) ? ids.indexOf(id) : undefined);

const share = fc.double({ min: 0, max: 1, noNaN: true });
const productId = fc.constantFrom(...ids, 'gone');
const settings = fc
  .record({
    dials: fc.record({
      diversity: share,
      novelty: share,
      margin: share,
      stock: fc.boolean(),
      repeats: fc.boolean(),
    }),
    pins: fc.array(
      fc.record(
        {
          product_id: productId,
          position: fc.integer({ min: 1, max: 12 }),
          surface: fc.constantFrom('home', 'mail'),
          until: fc.constantFrom('2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
        },
        { requiredKeys: ['product_id'] },
      ),
      { maxLength: 6 },
    ),
    blocked: fc.uniqueArray(fc.constantFrom(...ids, 'c1', 'c2'), { maxLength: 4 }),
  })
  .map(given => RecommendationSettings.parse(given));

const asked = fc.record({
  rules: settings,
  bought: fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: 8 }),
  k: fc.integer({ min: 1, max: 12 }),
  scores: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: COUNT, maxLength: COUNT }),
});

/** A ranking of all that may be shown, as a shelf makes it, and what becomes of it. */
function answerTo({ rules, bought, k, scores }: typeof asked extends fc.Arbitrary<infer T> ? T : never) {
  const allowed = allowedBy({ catalogue, settings: rules });
  const hidden = new Set(rules.dials.repeats ? [] : bought);
  const allows = (item: number): boolean => allowed[item] === 1 && !hidden.has(item);
  const items = [...catalogue.keys()].filter(allows).sort((a, b) => scores[b] - scores[a]);
  const ranking: Ranking = {
    items: Uint32Array.from(items),
    scores: Float32Array.from(items, item => scores[item]),
    sources: new Uint8Array(items.length),
  };
  const options: ArrangeOptions = { k, settings: rules, surface: 'home', now: NOW, allows, numberOf };
  return { items, allows, list: arranged(shelf, ranking, options) };
}

test('whatever the dials: nothing blocked, out of stock, bought or twice, and as many as there are', () => {
  fc.assert(
    fc.property(asked, given => {
      const { items, list, allows } = answerTo(given);
      const shown = list.map(({ item }) => item);
      expect(shown.every(allows)).toBe(true);
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown.length).toBe(Math.min(given.k, items.length));
      for (const { product_id, category, stock } of shown.map(item => catalogue[item])) {
        expect(given.rules.blocked).not.toContain(product_id);
        expect(given.rules.blocked).not.toContain(category);
        if (given.rules.dials.stock) expect(stock).not.toBe(0);
      }
    }),
  );
});

test('a pin that holds stands at its place', () => {
  fc.assert(
    fc.property(asked, given => {
      const { list, allows, items } = answerTo(given);
      const first = given.rules.pins.find(pin => {
        const item = numberOf(pin.product_id);
        const holds = pin.surface !== 'mail' && pin.until !== '2025-01-01T00:00:00Z';
        return (
          pin.position !== undefined && pin.position <= given.k && holds && item !== undefined && allows(item)
        );
      });
      fc.pre(first !== undefined && items.length >= given.k);
      // pins at the same place or above, and those without a place, push others down
      fc.pre(given.rules.pins.every(pin => pin === first || (pin.position ?? 0) > (first?.position ?? 0)));
      const at = (first?.position ?? 0) - 1;
      expect(catalogue[list[at].item].product_id).toBe(first?.product_id);
      expect(list[at].source).toBe('pinned');
    }),
  );
});

test('without dials and pins the ranking stays as it is', () => {
  fc.assert(
    fc.property(asked, given => {
      const dials = { ...given.rules.dials, diversity: 0, novelty: 0, margin: 0 };
      const { items, list } = answerTo({ ...given, rules: { ...given.rules, dials, pins: [] } });
      expect(list.map(({ item }) => item)).toEqual(items.slice(0, given.k));
    }),
  );
});

test('diversity brings categories in, novelty holds back what everybody buys, margin lifts what earns', () => {
  const rules = (dials: object) =>
    RecommendationSettings.parse({ dials: { stock: false, diversity: 0, ...dials } });
  const scores = catalogue.map((_, n) => (n % 4 === 0 ? 2 : 1) - n / 100);
  const categories = (dials: object): number =>
    new Set(
      answerTo({ rules: rules(dials), bought: [], k: 4, scores }).list.map(
        ({ item }) => catalogue[item].category,
      ),
    ).size;
  expect(categories({})).toBe(1);
  expect(categories({ diversity: 0.7 })).toBe(4);
  const flat = catalogue.map(() => 1);
  const mean = (of: (item: number) => number, dials: object): number => {
    const { list } = answerTo({ rules: rules(dials), bought: [], k: 6, scores: flat });
    return list.reduce((sum, { item }) => sum + of(item), 0) / list.length;
  };
  const sold = (item: number): number => catalogue[item].sold;
  expect(mean(sold, { novelty: 1 })).toBeLessThan(mean(sold, {}));
  const earns = (item: number): number => {
    const { price, cost } = catalogue[item];
    return cost === null || price === null ? 0.5 : 1 - cost / price;
  };
  expect(mean(earns, { margin: 1 })).toBeGreaterThan(mean(earns, {}));
});
