import { DAY, RecommendationUse, SteppedClock } from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import { freshRecords, freshWarehouse } from '@bellwether/testing';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import type { Records } from '@bellwether/records';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickThrough, difference, peopleNeeded } from './intervals.ts';
import { recommendationResults } from './results.ts';
import { coverage } from './simulated.test-support.ts';

const NOW = Date.UTC(2026, 4, 20);
let [warehouse, records]: [Warehouse, Records] = [undefined, undefined] as never; // made before all tests

beforeAll(async () => {
  [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
});
afterAll(async () => {
  await warehouse.close();
  await records.destroy();
});

let told = 0;
const event = (name: string, subject: string, at: number, properties: object, source = 'web') => ({
  ...{ event_id: `e${told++}`, type: 'track', name, previous_id: '', context: '{}', source, bot: false },
  ...(subject.startsWith('anon:')
    ? { user_id: '', anonymous_id: subject.slice(5) }
    : { user_id: subject, anonymous_id: '' }),
  ...{ at: clickhouseTime(at), received_at: clickhouseTime(at), properties: JSON.stringify(properties) },
});
const served = (request_id: string, subject: string, day: number, fields: object = {}) =>
  event(
    'Recommendation Served',
    subject,
    NOW - day * DAY,
    {
      ...{
        request_id,
        surface: 'home',
        arm: 'treated',
        propensity: 0.9,
        products: [{ product_id: 'P1' }, { product_id: 'P2' }],
      },
      ...fields,
    },
    'recommendations',
  );
const shown = (request_id: string, subject: string, day: number) =>
  event('Recommendation Shown', subject, NOW - day * DAY + 1000, { request_id });
const clicked = (request_id: string, subject: string, day: number, product_id = 'P1') =>
  event('Recommendation Clicked', subject, NOW - day * DAY + 2000, { request_id, product_id });
const sale = (customer_id: string, day: number, product_id: string, amount: number) => ({
  ...{
    line_key: `l${told++}`,
    order_id: `o${told}`,
    customer_id,
    known: true,
    product_id,
    quantity: 1,
    unit_price: amount,
    amount,
  },
  ...{
    currency: 'EUR',
    at: clickhouseTime(NOW - day * DAY),
    received_at: clickhouseTime(NOW - day * DAY),
    kind: 'sale',
    reason: '',
  },
});

test('every person counts once, in the arm of their first list, with what they bought in the window', async () => {
  const held = { arm: 'holdout', propensity: 0.1 };
  await warehouse.insert(
    'events',
    [
      // ann sees two lists, clicks on one of them twice, adds and buys what she chose; then somebody merges her visitor
      ...[
        served('a1', 'anon:v1', 20),
        shown('a1', 'anon:v1', 20),
        clicked('a1', 'anon:v1', 20),
        clicked('a1', 'anon:v1', 20, 'P2'),
      ],
      ...[served('a2', 'ann', 19, { ...held, surface: 'basket' }), shown('a2', 'ann', 19)],
      event('Product Added', 'ann', NOW - 19.5 * DAY, { product_id: 'P1' }),
      // ben's list was never seen, and he buys too late
      served('b1', 'ben', 20),
      // cat is held out, sees what is popular and buys something else
      ...[served('c1', 'cat', 18, held), shown('c1', 'cat', 18)],
      // a click on what was not in the list is nobody's doing of ours
      ...[served('d1', 'dan', 18), shown('d1', 'dan', 18), clicked('d1', 'dan', 18, 'P9')],
    ],
    { token: 'events' },
  );
  await warehouse.insert(
    'identity',
    [{ alias: 'anon:v1', customer_id: 'ann', linked_at: clickhouseTime(NOW) }],
    { token: 'i' },
  );
  const sales = [
    sale('ann', 19, 'P1', 30),
    sale('ben', 5, 'P1', 50),
    sale('cat', 17, 'P3', 8),
    sale('cat', 30, 'P3', 99),
  ];
  await warehouse.insert('prepared_order_lines', sales, { token: 'sales' });
  const stores = { warehouse, records, clock: new SteppedClock(NOW) };
  const { surfaces, weeks } = await recommendationResults(stores, RecommendationUse.parse({}), {
    days: 90,
    currency: 'EUR',
  });
  expect(surfaces.map(({ surface }) => surface)).toEqual(['*', 'home', 'basket']);
  const [all, home, basket] = surfaces;
  expect(all.treated).toMatchObject({
    persons: 3,
    lists: 4,
    shown: 3,
    clicked: 2,
    buyers: 1,
    orders: 1,
    revenue: 30,
  });
  expect(all.holdout).toMatchObject({ persons: 1, lists: 1, shown: 1, clicked: 0, buyers: 1, revenue: 8 });
  expect(home.treated).toMatchObject({ persons: 3, lists: 3, shown: 2, clicked: 2 });
  expect(basket.holdout).toMatchObject({ persons: 1, lists: 1, shown: 1, buyers: 1, revenue: 30 });
  expect(home.followed).toEqual({ clicks: 2, added: 1, ordered: 1, revenue: 30 });
  expect(home.treated.conversion.value).toBeCloseTo(1 / 3);
  expect(
    weeks.filter(({ surface }) => surface === 'home').map(({ week, treated }) => [week, treated.n]),
  ).toEqual([['2026-04-27', 2]]);
});

describe('the interval of click-through', () => {
  const sums = (lists: readonly (readonly [shown: number, clicked: number])[]) => ({
    viewers: lists.length,
    shown: lists.reduce((sum, [n]) => sum + n, 0),
    clicked: lists.reduce((sum, [, c]) => sum + c, 0),
    shown_squared: lists.reduce((sum, [n]) => sum + n * n, 0),
    clicked_squared: lists.reduce((sum, [, c]) => sum + c * c, 0),
    shown_clicked: lists.reduce((sum, [n, c]) => sum + n * c, 0),
  });

  test('is Wilson’s where everybody saw one list, and wider where a few people click always', () => {
    const one = clickThrough(sums(Array.from({ length: 200 }, (_, n) => [1, n < 20 ? 1 : 0] as const)));
    expect(one.value).toBe(0.1);
    expect([one.low, one.high]).toEqual([expect.closeTo(0.0657, 3), expect.closeTo(0.1495, 3)]);
    const few = clickThrough(sums(Array.from({ length: 20 }, (_, n) => [10, n < 2 ? 10 : 0] as const)));
    expect(few.value).toBe(0.1);
    expect((few.high ?? 0) - (few.low ?? 0)).toBeGreaterThan(2 * ((one.high ?? 0) - (one.low ?? 0)));
  });

  test('says little where nobody clicked, and nothing where nobody saw', () => {
    const none = clickThrough(
      sums([
        [5, 0],
        [5, 0],
      ]),
    );
    expect(none).toMatchObject({ value: 0, low: 0, n: 10 });
    expect(none.high).toBeGreaterThan(0.5);
    expect(clickThrough(sums([])).value).toBeNull();
    expect(difference(none, clickThrough(sums([]))).value).toBeNull();
  });
});

test('how many people are needed is what the textbook’s formula says', () => {
  // (1.96 + 0.8416)² x 0.05 x 0.95 x (1 / 0.1 + 1 / 0.9) / 0.005²: 5 % against 5.5 %, one in ten held out
  expect(peopleNeeded(0.05, 0.1)).toBe(165_699);
  expect(peopleNeeded(0, 0.1)).toBeNull();
  expect(peopleNeeded(0.05, 0)).toBeNull();
});

test('intervals hold the truth about as often as they say', () => {
  const found = coverage(200, new Rng(7));
  // of 200 markets a rate of 0.95 is told to within 0.031 (two standard errors); the long test tells it to within 0.008
  for (const [name, rate] of Object.entries(found)) {
    expect(rate, name).toBeGreaterThan(0.915);
    expect(rate, name).toBeLessThan(0.985);
  }
});
