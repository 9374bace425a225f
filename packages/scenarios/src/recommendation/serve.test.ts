import { DAY, RecommendationQuery, type RecommendedItem } from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { closeStores, freshStores, story } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readServingState } from './reading.ts';
import { LiveRecommendations } from './serve.ts';
import { keepRecommendationSettings } from './settings.ts';
import { deedsOf, type Deed } from './visits.ts';

const NOW = Date.UTC(2026, 5, 1);
let stores: Stores;

beforeAll(async () => {
  stores = await freshStores(NOW);
  await fill(stores);
});
afterAll(() => closeStores(stores));

/** Ten products of two categories; product n was ordered by n customers, p9 is out of stock, nobody ordered p0. */
async function fill({ warehouse }: Stores): Promise<void> {
  const products = Array.from({ length: 10 }, (_, n) => ({
    ...{
      product_id: `p${n}`,
      at: clickhouseTime(NOW - 90 * DAY),
      received_at: clickhouseTime(NOW - 90 * DAY),
    },
    ...{ title: `Thing ${n}`, category: n % 2 === 0 ? 'Tea' : 'Coffee', price: 10 + n, currency: 'GBP' },
    ...{ stock: n === 9 ? 0 : 5, url: `https://shop.example/${n}`, source: 'file', import_id: 'i', line: n },
  }));
  await warehouse.insert('products', products, { token: 'products' });
  const lines = products.flatMap(({ product_id }, n) =>
    Array.from({ length: n }, (_, customer) => ({
      ...{
        line_key: `${n}:${customer}`,
        order_id: `o${n}:${customer}`,
        customer_id: `c${customer}`,
        known: true,
      },
      ...{
        product_id,
        quantity: 1,
        unit_price: 10 + n,
        amount: 10 + n,
        currency: 'GBP',
        kind: 'sale',
        reason: '',
      },
      ...{ at: clickhouseTime(NOW - 3 * DAY), received_at: clickhouseTime(NOW - 3 * DAY) },
    })),
  );
  await warehouse.insert('prepared_order_lines', lines, { token: 'lines' });
  await warehouse.insert(
    'identity',
    [{ alias: 'anon:a1', customer_id: 'c1', linked_at: clickhouseTime(0) }],
    {
      token: 'identity',
    },
  );
}

const live = async (): Promise<LiveRecommendations> =>
  new LiveRecommendations(await readServingState(stores));
const asked = (query: Record<string, unknown>): RecommendationQuery => RecommendationQuery.parse(query);
const ids = ({ items }: { items: RecommendedItem[] }): string[] => items.map(({ product_id }) => product_id);
const looked = (product_id: string, who: Partial<Deed>): Deed => ({
  ...{
    event_id: `e:${product_id}`,
    user_id: '',
    anonymous_id: '',
    product_id,
    kind: 'looked',
    at: NOW,
    ...who,
  },
});

describe('before anything was learned', () => {
  story('a visitor who is not known sees what sells best and is there', {
    given: live,
    when: recommender => recommender.answer(asked({ k: 3 }), NOW),
    then: answer => {
      expect(answer).toMatchObject({ version: 0, kind: 'cold' });
      expect(ids(answer)).toEqual(['p8', 'p7', 'p6']);
      expect(answer.items[0]).toMatchObject({
        ...{
          position: 1,
          source: 'popularity',
          title: 'Thing 8',
          category: 'Tea',
          price: 18,
          currency: 'GBP',
        },
        url: 'https://shop.example/8',
      });
    },
  });

  story('a customer does not see again what they bought; nor does a visitor who turns out to be them', {
    given: live,
    when: recommender =>
      [{ customer_id: 'c7' }, { customer_id: 'c1' }, { anonymous_id: 'a1' }].map(who =>
        recommender.answer(asked(who), NOW),
      ),
    then: ([c7, c1, visitor]) => {
      expect(c7.kind).toBe('person');
      expect(ids(c7)).toEqual(['p7', 'p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
      expect(ids(c1)).toEqual(['p1', 'p0']);
      expect(ids(visitor)).toEqual(ids(c1));
    },
  });

  story('what is bought now is gone from the next answer, told once or twice', {
    given: live,
    when: recommender => {
      const event = {
        event_id: 'e1',
        name: 'Order Completed',
        user_id: 'c7',
        properties: '{"products":[{"product_id":"p5"},{"sku":"p6"}]}',
      };
      for (const deed of [...deedsOf(event, NOW), ...deedsOf(event, NOW)]) recommender.told(deed);
      return recommender.answer(asked({ customer_id: 'c7' }), NOW);
    },
    then: answer => expect(ids(answer)).toEqual(['p7', 'p4', 'p3', 'p2', 'p1', 'p0']),
  });

  story('what a visitor did before saying who they are is the customer’s', {
    given: live,
    when: recommender => {
      recommender.told(looked('p0', { anonymous_id: 'new' }));
      const before = recommender.answer(asked({ anonymous_id: 'new' }), NOW).kind;
      recommender.told(looked('p1', { anonymous_id: 'new', user_id: 'c7', kind: 'bought' }));
      return { before, after: recommender.answer(asked({ anonymous_id: 'new' }), NOW) };
    },
    then: ({ before, after }) => {
      expect(before).toBe('person');
      expect(ids(after)).not.toContain('p1');
      expect(ids(after)).not.toContain('p8');
    },
  });
});

test('rules hold from the next answer on, and are read again with the rest', async () => {
  const recommender = await live();
  const settings = {
    dials: { diversity: 0, novelty: 0, margin: 0, stock: false, repeats: true },
    pins: [
      { product_id: 'p0', position: 2 },
      { product_id: 'p3', surface: 'mail' },
      { product_id: 'p2', until: '2026-01-01T00:00:00Z' },
    ],
    blocked: ['p8'],
  };
  recommender.rule(settings);
  const answers = () => [
    ids(recommender.answer(asked({ k: 4, customer_id: 'c7' }), NOW)),
    ids(recommender.answer(asked({ k: 2, surface: 'mail', exclude: 'p9, p7' }), NOW)),
  ];
  const expected = [
    ['p9', 'p0', 'p7', 'p6'],
    ['p3', 'p0'],
  ];
  expect(answers()).toEqual(expected);
  await keepRecommendationSettings(stores.records, settings);
  recommender.renew(await readServingState(stores));
  expect(answers()).toEqual(expected);
});
