import { DAY } from '@bellwether/contracts';
import { freshRecords, freshWarehouse } from '@bellwether/testing';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import type { Records } from '@bellwether/records';
import { Rng } from '@bellwether/ml';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tick } from '../delivery/tick.ts';
import { addCustomers, emptyStores, openShop, START, startJourney, type TestShop } from '../testing/shop.ts';
import { journeyResults, measure } from './results.ts';
import { differenceOfMeans, differenceOfShares } from './statistics.ts';

let warehouse: Warehouse;
let records: Records;
let shop: TestShop;
beforeAll(async () => {
  [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
});
beforeEach(async () => {
  await emptyStores(warehouse, records);
  await warehouse.command('TRUNCATE TABLE prepared_order_lines');
  shop = openShop({ warehouse, records });
});
afterAll(async () => {
  await Promise.all([warehouse.close(), records.destroy()]);
});

interface Line {
  customer: string;
  day: number;
  amount: number;
  order?: string;
  returns?: string;
}
let lines = 0;
const keyOf = (line: Line) => line.order ?? `${line.customer} on ${line.day}`;
async function sell(sold: readonly Line[]): Promise<void> {
  const rows = sold.map(line => ({
    ...{
      line_key: `line ${++lines}`,
      order_id: keyOf(line),
      customer_id: line.customer,
      known: true,
      product_id: 'tea',
    },
    ...{
      quantity: Math.sign(line.amount),
      unit_price: Math.abs(line.amount),
      amount: line.amount,
      currency: 'EUR',
    },
    ...{ at: clickhouseTime(START + line.day * DAY), received_at: clickhouseTime(START + line.day * DAY) },
    ...{ kind: line.amount < 0 ? 'return' : 'sale', returns_line: line.returns ?? '', reason: '' },
  }));
  await warehouse.insert('prepared_order_lines', rows, { token: randomUUID() });
}

async function journeyFor(ids: readonly string[], holdout: number) {
  await addCustomers(
    warehouse,
    ids.map(id => ({ id })),
  );
  const journey = await startJourney(shop.engagement, { holdout });
  await tick(shop.engagement);
  const arms = await records.selectFrom('enrolments').select(['customer_id', 'arm']).execute();
  await shop.engagement.close();
  return { journey, armOf: new Map(arms.map(row => [row.customer_id, row.arm])) };
}

test('the comparison equals one made customer by customer', async () => {
  const ids = Array.from({ length: 300 }, (_, i) => `c${i}`);
  const { journey, armOf } = await journeyFor(ids, 0.3);
  const rng = new Rng(11);
  const sold: Line[] = ids.flatMap(customer =>
    Array.from({ length: rng.integer(4) }, () => ({
      ...{ customer, day: Math.round((rng.uniform() * 60 - 15) * 100) / 100, amount: 5 + rng.integer(200) },
    })),
  );
  await sell(sold);
  shop.clock.advance(25 * DAY);
  const results = await journeyResults(shop.engagement, journey.id);

  const tallies = ids.map(customer => {
    const mine = sold.filter(line => line.customer === customer && line.day >= 0 && line.day <= 25);
    const orders = new Set(mine.map(keyOf)).size;
    return { arm: armOf.get(customer), orders, revenue: mine.reduce((sum, line) => sum + line.amount, 0) };
  });
  const inArm = (arm: string) => tallies.filter(tally => tally.arm === arm);
  const sums = (arm: string, what: 'orders' | 'revenue') => ({
    n: inArm(arm).length,
    sum: inArm(arm).reduce((total, tally) => total + tally[what], 0),
    squares: inArm(arm).reduce((total, tally) => total + tally[what] ** 2, 0),
  });
  const buyers = (arm: string) => ({
    successes: inArm(arm).filter(tally => tally.orders > 0).length,
    n: inArm(arm).length,
  });
  for (const arm of ['treated', 'holdout'] as const) {
    expect(results[arm]).toEqual({
      ...{ customers: buyers(arm).n, buyers: buyers(arm).successes },
      ...{ orders: sums(arm, 'orders').sum, revenue: sums(arm, 'revenue').sum },
    });
    expect(results.by_day.at(-1)?.[arm]).toBeCloseTo(buyers(arm).successes / buyers(arm).n, 12);
  }
  expect(results.lift).toEqual(differenceOfShares(buyers('treated'), buyers('holdout')));
  const revenue = differenceOfMeans(sums('treated', 'revenue'), sums('holdout', 'revenue'));
  expect(results.revenue_lift.value).toBeCloseTo(revenue.value ?? NaN, 9);
  expect(results.revenue_lift.low).toBeCloseTo(revenue.low ?? NaN, 9);
  expect(results.incremental_revenue.value).toBeCloseTo((revenue.value ?? NaN) * buyers('treated').n, 6);
  expect(results.sample_ratio_p).toBeGreaterThan(0.01);
  expect(results.by_day[0]?.day).toBe('2026-03-01');
  const shares = results.by_day.map(day => day.treated);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

test('a return in the window is taken off, one after it and other people’s are not', async () => {
  const { journey } = await journeyFor(['a', 'b'], 0);
  await sell([
    { customer: 'a', day: 1, amount: 100 },
    { customer: 'b', day: -3, amount: 50 },
    { customer: 'stranger', day: 2, amount: 70 },
  ]);
  const bought = `line ${lines - 2}`;
  await sell([
    { customer: 'a', day: 5, amount: -40, returns: bought },
    { customer: 'a', day: 31, amount: -10, returns: bought },
    { customer: 'b', day: 4, amount: -50, returns: `line ${lines - 1}` },
  ]);
  shop.clock.advance(60 * DAY);
  const { treated } = await journeyResults(shop.engagement, journey.id);
  expect(treated).toEqual({ customers: 2, buyers: 1, orders: 1, revenue: 60 });
});

test('two ids that turned out to be one person count once, in the arm drawn first', async () => {
  const { journey, armOf } = await journeyFor(['one', 'two'], 0.5);
  const link = { alias: 'two', customer_id: 'one', linked_at: '2026-03-02 00:00:00.000' };
  await warehouse.insert('identity', [link], { token: randomUUID() });
  const results = await journeyResults(shop.engagement, journey.id);
  expect(results.treated.customers + results.holdout.customers).toBe(1);
  expect(results[armOf.get('one') ?? 'treated'].customers).toBe(1);
});

test('nobody held out, nobody bought, nobody there: what cannot be said is null', async () => {
  const { journey } = await journeyFor(['a', 'b', 'c'], 0);
  const results = await journeyResults(shop.engagement, journey.id);
  expect(results).toMatchObject({
    treated: { customers: 3, buyers: 0, orders: 0, revenue: 0 },
    holdout: { customers: 0, buyers: 0, orders: 0, revenue: 0 },
    lift: { value: null, low: null, high: null, n: 3 },
    incremental_revenue: { value: null, low: null, high: null },
    sample_ratio_p: null,
    currency: 'EUR',
    truth: null,
    by_day: [{ day: '2026-03-01', treated: 0, holdout: 0 }],
    messages: { sent: 3, pending: 0 },
    refusals: [],
  });
  expect(results.nodes.map(({ node, inside, passed }) => [node, inside, passed])).toEqual([
    ['start', 0, 3],
    ['first', 0, 3],
    ['week', 3, 0],
    ['second', 0, 0],
    ['end', 0, 0],
  ]);
  expect(measure([])).toMatchObject({ lift: { value: null, n: 0 }, sample_ratio_p: null, by_day: [] });
});

test('a split that went wrong is seen', () => {
  const row = (arm: 'treated' | 'holdout', customers: number) => ({
    ...{ arm, entered_on: '2026-03-01', bought_on: null, customers, expected_holdout: customers * 0.2 },
    ...{ orders: 0, orders_squared: 0, revenue: 0, revenue_squared: 0 },
  });
  expect(measure([row('treated', 850), row('holdout', 150)]).sample_ratio_p).toBeLessThan(0.001);
  expect(measure([row('treated', 800), row('holdout', 200)]).sample_ratio_p).toBe(1);
  expect(measure([row('treated', 800), row('holdout', 200)]).lift.value).toBe(0);
});
