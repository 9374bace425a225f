import { HOUR, SteppedClock } from '@bellwether/contracts';
import { purchasePrediction } from '@bellwether/scenarios';
import { closeStores, makeShop, storesOf } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerScores, defineClassifier, featuresInBatches, promote, type Stores } from '../index.ts';

const shop = makeShop({ seed: 5, customers: 350, days: 200, start: Date.UTC(2025, 0, 1) });
const scenario = defineClassifier({ ...purchasePrediction, families: ['logistic'], rivals: [] });
const BY_HAND = { en: 'by hand', 'zh-CN': '手动' };

let stores: Stores & { clock: SteppedClock };
let someone: string;
beforeAll(async () => {
  stores = { ...(await storesOf(shop)), clock: new SteppedClock(shop.end) };
  await scenario.train(stores, { seed: 1 });
  await scenario.apply(stores);
  [someone] = await ids();
});
afterAll(() => closeStores(stores));

async function ids(): Promise<string[]> {
  const rows = await stores.warehouse.query<{ customer_id: string }>(
    'SELECT customer_id FROM current_scores ORDER BY customer_id LIMIT 20',
  );
  return rows.map(row => row.customer_id);
}

const predicted = (customer_id: string, reasons = false) => purchase(stores, { customer_id, reasons });
const purchase: NonNullable<typeof scenario.predict> = (at, request) => {
  if (scenario.predict === undefined) throw new Error('a classifier answers live');
  return scenario.predict(at, request);
};

test('of a stored customer it tells what the last run told, with the same reasons', async () => {
  const [score] = await customerScores(stores.warehouse, someone);
  const { estimates, labels, reasons, as_of, version } = await predicted(someone, true);
  expect(estimates['probability'].value).toBeCloseTo(score.probability, 5);
  expect(estimates['probability'].low).toBeCloseTo(score.low, 5);
  expect(labels['chosen']).toBe(score.chosen ? 'yes' : 'no');
  expect(reasons.map(({ feature }) => feature)).toEqual(score.reasons.map(({ feature }) => feature));
  expect([as_of, version]).toEqual([score.as_of, score.version]);
  expect((await predicted(someone)).reasons).toEqual([]);
});

test('many at once are answered each with their own', async () => {
  const asked = await ids();
  const answers = await Promise.all(asked.map(id => predicted(id)));
  const scores = await Promise.all(asked.map(id => customerScores(stores.warehouse, id)));
  answers.forEach(({ estimates, customer_id }, i) => {
    expect(customer_id).toBe(asked[i]);
    expect(estimates['probability'].value).toBeCloseTo(scores[i][0].probability, 5);
  });
});

test('given features tell the same as stored ones, words and yes or no as numbers', async () => {
  const [known] = await rows([someone]);
  const features = Object.fromEntries(
    known.names.map((name, j) => [name, Number.isNaN(known.columns[j][0]) ? null : known.columns[j][0]]),
  );
  const stored = await predicted(someone);
  const given = await purchase(stores, { features, reasons: false });
  expect(given.estimates['probability'].value).toBeCloseTo(stored.estimates['probability'].value ?? NaN, 5);
  expect(given).toMatchObject({ customer_id: null, as_of: new Date(shop.end).toISOString() });
  const orders = String(features['orders']);
  const spoken = { ...features, orders, at_home: features['at_home'] === 1 };
  expect(await purchase(stores, { features: spoken, reasons: false })).toEqual(given);
});

test('what is left out is missing; an unknown feature is told with those that there are', async () => {
  const nothing = await purchase(stores, { features: {}, reasons: true });
  expect(nothing.estimates['probability'].value).toBeGreaterThan(0);
  const wrong = purchase(stores, { features: { ordres: 3 }, reasons: false });
  await expect(wrong).rejects.toMatchObject({ code: 'request.unknown_feature' });
  await expect(wrong).rejects.toThrow(/no feature "ordres"; it has recency_days, .*clicks_30/);
  const word = purchase(stores, { features: { orders: 'many' }, reasons: false });
  await expect(word).rejects.toMatchObject({ code: 'request.bad_feature' });
});

test('a customer of whom nothing is known is said to be unknown', async () => {
  await expect(predicted('nobody')).rejects.toMatchObject({ code: 'customer.unknown' });
});

test('who objects to being profiled is told nothing of', async () => {
  const [, objector] = await ids();
  const choice = { customer_id: objector, objects: true, source: 'test', at: new Date(shop.end) };
  await stores.records.insertInto('profiling_choices').values(choice).execute();
  const code = () =>
    predicted(objector).then(
      () => '',
      (error: { code: string }) => error.code,
    );
  await expect.poll(code, { timeout: 10_000 }).toBe('customer.objects');
});

test('another version in use is asked at once', async () => {
  const next = await scenario.train(stores, { seed: 2 });
  await promote(stores, scenario.name, next.version, BY_HAND);
  expect((await predicted(someone)).version).toBe(next.version);
});

test('what became known since is in the answer within a look, with its moment', async () => {
  stores.clock.advance(HOUR);
  const at = clickhouseTime(stores.clock.now());
  const [line] = shop.lines;
  const one = {
    ...line,
    line_key: 'new',
    order_id: 'new',
    customer_id: someone,
    known: true,
    kind: 'sale',
    reason: '',
    at,
    received_at: at,
  };
  const before = await predicted(someone);
  await stores.warehouse.insert('prepared_order_lines', [one], { token: 'new' });
  await expect
    .poll(async () => (await predicted(someone)).as_of, { timeout: 10_000 })
    .toBe(new Date(stores.clock.now()).toISOString());
  const after = await predicted(someone);
  expect(after.estimates['probability'].value).not.toBe(before.estimates['probability'].value);
});

async function rows(customers: string[]) {
  const found = [];
  for await (const { table } of featuresInBatches(stores.warehouse, scenario, shop.end, {
    chosen: { customers },
  }))
    found.push(table);
  return found;
}
