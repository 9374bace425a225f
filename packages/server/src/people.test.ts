import { api } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { story } from '@bellwether/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from './fixtures/serve.test-support.ts';
import type { Server } from './server.ts';

let server: Server;
let admin: Client;
let served: Served;

beforeAll(async () => {
  served = await serve({ currency: 'EUR' });
  ({ server, admin } = served);
  await shop();
});

afterAll(() => served.close());

const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();
const ANN = 'ann-one';

/** Forty customers who order; Ann is there three times, and told of by a file and by an event. */
async function shop(): Promise<void> {
  const { warehouse } = server.installation.stores;
  const people = Array.from({ length: 40 }, (_, n) => ({
    customer_id: `c${n}`,
    at: day(1),
    name: `Given${n} Family${n}`,
    email: `mailbox${n}@mail.example`,
    city: `City ${n % 5}`,
    age: 20 + n,
  }));
  const ann = { at: day(2), name: 'Ann Lee', email: 'ann.lee@shop.example', city: 'Leeds', age: 34 };
  const facts = [
    ...people,
    { ...ann, customer_id: ANN },
    { ...ann, customer_id: 'ann-two', name: 'Lee Ann' },
    { ...ann, customer_id: 'ann-three', email: 'ann.lee+x@shop.example' },
    { customer_id: ANN, at: day(1), city: 'York' },
  ];
  const told = facts.map(fact => ({
    source: 'import',
    import_id: 'i',
    line: 1,
    received_at: fact.at,
    ...fact,
  }));
  await warehouse.insert('customer_facts', told, { token: 'facts' });
  const line = (customer_id: string, n: number, quantity: number, at: string) => ({
    ...{ line_key: `${customer_id}:${n}`, order_id: `${customer_id}-o${n}`, customer_id, product_id: 'mug' },
    ...{
      description: 'Mug',
      quantity,
      unit_price: 10,
      currency: 'EUR',
      at,
      received_at: at,
      source: 'import',
    },
  });
  const lines = [
    ...people.map(({ customer_id }, n) => line(customer_id, 1, 1 + (n % 3), day(3 + n))),
    line(ANN, 1, 3, day(4)),
    line(ANN, 2, -1, day(50)),
    line(ANN, 3, 2, day(70)),
    line('ann-two', 1, 1, day(80)),
  ];
  await warehouse.insert('order_lines', lines, { token: 'lines' });
  const features = [...people.map(person => person.customer_id), ANN].map((customer_id, n) => ({
    ...{ scenario: 'purchase-prediction', as_of: '2026-03-01 00:00:00.000', customer_id },
    ...{ names: ['orders', 'days', 'flat'], values: [n % 7, 3 * (n % 5), 1] },
  }));
  await warehouse.insert('features', features, { token: 'features' });
  await warehouse.insert(
    'deliveries',
    ['sent', 'opened'].map((what, n) => ({
      ...{ message_key: 'm1', journey_id: 'j1', node: 'mail', customer_id: ANN, channel: 'email', what },
      ...{ reason: '', at: `2026-03-0${2 + n} 00:00:00.000` },
    })),
    { token: 'deliveries' },
  );
  await settled('prepare');
}

async function settled(name: string, subject = ''): Promise<void> {
  const { jobs } = server.installation;
  const job = await jobs.settled((await jobs.enqueue(name, subject)).id);
  expect(job.error).toBeNull();
}

test('a customer’s page says what each source told, what was bought and given back, and what was sent', async () => {
  const params = { id: ANN };
  const facts = await admin.call(api.customers.facts, { params });
  expect(facts.find(({ field }) => field === 'city')).toMatchObject({
    value: 'Leeds',
    differs: true,
    said: [{ value: 'Leeds' }, { value: 'York' }],
  });
  expect(facts.find(({ field }) => field === 'name')).toMatchObject({ value: 'Ann Lee', differs: false });
  const { orders, value } = await admin.call(api.customers.orders, { params });
  expect(orders).toMatchObject([
    { amount: 20, returned: 0 },
    { amount: 30, returned: 10, products: ['Mug'] },
  ]);
  expect(value).toMatchObject([
    { month: '2026-01-01', net: 30, sum: 30 },
    { month: '2026-02-01', net: -10, sum: 20 },
    { month: '2026-03-01', net: 20, sum: 40 },
  ]);
  expect(value.at(-1)?.typical, 'the median of those who began in the same quarter').toBe(20);
  const messages = await admin.call(api.customers.messages, { params });
  expect(messages).toMatchObject([{ channel: 'email', became: [{ what: 'opened' }, { what: 'sent' }] }]);
  const nobody = { params: { id: 'c0' } };
  expect(await admin.call(api.customers.messages, nobody)).toEqual([]);
  expect((await admin.call(api.customers.get, nobody)).stage).toBeNull();
});

test('similar people are the nearest in standard deviations, told with what is alike', async () => {
  const similar = await admin.call(api.customers.similar, { params: { id: ANN } });
  expect(similar).toMatchObject({ scenario: 'purchase-prediction', compared: 40 });
  // Ann is the 41st: 40 % 7 orders, 3 * (40 % 5) days, which the fifth of every 35 has too
  expect(similar.rows[0]).toMatchObject({ customer_id: 'c5', distance: 0 });
  expect(similar.rows[0]?.alike.at(-1)?.feature, 'in what nobody differs they are not alike').toBe('flat');
  const distances = similar.rows.map(({ distance }) => distance);
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
});

test('who objects to profiling is compared with nobody, and is told so', async () => {
  const params = { id: 'c5' };
  await admin.call(api.customers.setProfiling, { params, body: { objects: true } });
  expect((await admin.call(api.customers.get, { params })).profiling).toMatchObject({ objects: true });
  expect((await admin.call(api.customers.similar, { params })).rows).toEqual([]);
  const near = await admin.call(api.customers.similar, { params: { id: ANN } });
  expect(near.rows.map(row => row.customer_id)).not.toContain('c5');
});

const pairsOf = async (state: 'open' | 'merged' | 'refused') =>
  (await admin.call(api.duplicates.list, { query: { state } })).rows;

story(
  'pairs are decided by a person: merged with their group, refused for good, and taken back',
  {
    given: async () => {
      await settled('duplicates');
      return pairsOf('open');
    },
    when: async open => {
      const named = (one: string, other: string) => ({
        pairs: [{ left: one, right: other }],
      });
      await admin.call(api.duplicates.merge, { body: named(ANN, 'ann-two') });
      await admin.call(api.duplicates.refuse, { body: named('ann-three', ANN) });
      await settled('duplicates');
      const after = {
        open: await pairsOf('open'),
        refused: await pairsOf('refused'),
        merged: await pairsOf('merged'),
      };
      await admin.call(api.duplicates.reopen, {
        body: { pairs: [...named(ANN, 'ann-two').pairs, ...named('ann-three', ANN).pairs] },
      });
      const reopened = await pairsOf('open');
      const bulk = await admin.call(api.duplicates.merge, { body: { at_least: 0.5 } });
      return { open, after, reopened, bulk, left: await pairsOf('open') };
    },
    then: async ({ open, after, reopened, bulk, left }) => {
      const names = (pairs: typeof open): string[] =>
        pairs.map(pair => [pair.left.customer_id, pair.right.customer_id].join('=')).sort();
      expect(names(open)).toEqual(['ann-one=ann-three', 'ann-one=ann-two', 'ann-three=ann-two']);
      expect(open[0]).toMatchObject({ keep: 'left', group_size: 3, bridge: false });
      expect(open[0]?.evidence.map(({ field }) => field)).toEqual(['email', 'name', 'city', 'age']);
      expect(names(after.refused)).toEqual(['ann-one=ann-three']);
      expect(names(after.merged)).toEqual(['ann-one=ann-two']);
      expect(names(after.open), 'who was refused is not proposed again').toEqual(['ann-three=ann-two']);
      expect(names(reopened)).toEqual(names(open));
      expect(bulk.merges.length, 'three records are one person by two merges').toBe(2);
      expect(left).toEqual([]);
      const { runs } = api.duplicates;
      expect((await admin.call(runs)).length).toBe(2);
      for (const merge of bulk.merges) await admin.call(api.data.undoMerge, { params: { id: merge.id } });
    },
  },
  60_000,
);

test('an export is a file in either form; who has only a read key gets none', async () => {
  const get = (format: string) => admin.request('GET', `/v1/customers/${ANN}/export?format=${format}`);
  const json = (await (await get('json')).json()) as { happened: Record<string, unknown[]> };
  expect(json.happened['order_lines']).toHaveLength(3);
  const zip = await get('zip');
  expect(zip.headers.get('content-disposition')).toBe('attachment; filename="customer-ann-one.zip"');
  expect(
    Buffer.from(await zip.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  const { key } = await admin.call(api.account.createKey, { body: { name: 'reader', scopes: ['read'] } });
  const reader = createClient({ baseUrl: server.url, key });
  const refused = reader.request('GET', `/v1/customers/${ANN}/export`);
  await expect(refused).rejects.toMatchObject({ code: 'access.denied' });
  const erasing = reader.call(api.customers.erase, {
    params: { id: ANN },
    body: { confirm: ANN, reason: 'for fun' },
  });
  await expect(erasing).rejects.toMatchObject({ code: 'access.denied' });
});

test('erasing asks for the number to be typed, and ends with a proof that names nobody', async () => {
  const erase = (confirm: string) =>
    admin.call(api.customers.erase, { params: { id: ANN }, body: { confirm, reason: 'asked by letter' } });
  await expect(erase('ann')).rejects.toMatchObject({ code: 'privacy.not_confirmed' });
  const { id } = await erase(ANN);
  await settled('erase', id);
  const proof = (await admin.call(api.customers.erasures)).find(erasure => erasure.id === id);
  expect(proof?.finished_at).not.toBeNull();
  expect(JSON.stringify(proof)).not.toContain(ANN);
  expect(proof?.removed).toMatchObject({ order_lines: 3, customers: 1, deliveries: 2, features: 1 });
  await expect(admin.call(api.customers.get, { params: { id: ANN } })).rejects.toMatchObject({
    code: 'customer.unknown',
  });
});
