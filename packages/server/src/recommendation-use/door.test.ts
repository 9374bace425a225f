import { api, DAY, type RecommendationUse, type WidgetList } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { clickhouseTime } from '@bellwether/warehouse';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../fixtures/serve.test-support.ts';
import type { Server } from '../server.ts';
import { signUser } from './signature.ts';

let [served, server, admin]: [Served, Server, Client] = [] as never; // made before all tests
const SHOP = 'https://shop.example';

beforeAll(async () => {
  served = await serve({ currency: 'EUR', shopUrl: SHOP });
  ({ server, admin } = served);
  await stockTheShop();
});

afterAll(() => served.close());

beforeEach(() => admin.call(api.impressions.setUse, { body: NOBODY_HELD_OUT }));

const NOBODY_HELD_OUT: RecommendationUse = {
  ...{ holdout: { share: 0, shows: 'popular', surfaces: {} }, window_days: 7, origins: [] },
};

/** Six products, the first sold most. */
async function stockTheShop(): Promise<void> {
  const { warehouse, clock } = server.installation.stores;
  const at = clickhouseTime(clock.now() - 20 * DAY);
  const common = { at, received_at: at, source: 'test' };
  const products = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'].map((product_id, n) => ({
    ...{
      ...common,
      product_id,
      title: `Tea <${n + 1}>`,
      category: 'tea',
      price: n + 1,
      currency: 'EUR',
      stock: 9,
    },
    ...{ url: `${SHOP}/${product_id}`, image_url: '', import_id: 'i', line: n },
  }));
  await warehouse.insert('products', products, { token: 'products' });
  const lines = products.flatMap(({ product_id }, n) =>
    Array.from({ length: 12 - 2 * n }, (_, at) => ({
      ...{
        ...common,
        line_key: `${n}:${at}`,
        order_id: `o${n}:${at}`,
        customer_id: `c${at}`,
        known: true,
        product_id,
      },
      ...{ quantity: 1, unit_price: 1, amount: 1, currency: 'EUR', kind: 'sale', reason: '' },
    })),
  );
  await warehouse.insert('prepared_order_lines', lines, { token: 'lines' });
}

/** What robots call themselves is not counted. */
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };

const key = (): string => server.installation.secrets.write_key;
const ask = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  server.app.inject({
    url: '/v1/widget/recommendations',
    query: { key: key(), ...query },
    headers: { ...BROWSER, ...headers },
  });

async function listFor(query: Record<string, string>): Promise<WidgetList> {
  const answer = await ask(query);
  expect(answer.statusCode).toBe(200);
  return answer.json<WidgetList>();
}

/** As a beacon does: plain text, the key in the body. */
function tell(event: string, messageId: string, anonymousId: string, properties: object) {
  const body = JSON.stringify({ event, messageId, anonymousId, properties, writeKey: key() });
  const headers = { 'content-type': 'text/plain' };
  return server.app.inject({ method: 'POST', url: '/v1/track', headers, body });
}

const lists = <Row>(where: string) =>
  server.installation.stores.warehouse.query<Row>(`SELECT * FROM recommendation_lists FINAL WHERE ${where}`);

describe('a list for a page', () => {
  test('says of products what anybody may know, and nothing else', async () => {
    const { items } = await listFor({ anonymous_id: 'v0', surface: 'home', k: '2' });
    expect(items[0]).toEqual({
      ...{ product_id: 'P1', position: 1, title: 'Tea <1>', price: 1, currency: 'EUR' },
      ...{ url: `${SHOP}/P1`, image_url: '' },
    });
    expect(items).toHaveLength(2);
  });

  test('is kept once, with what stood in it, before it is answered', async () => {
    const { request_id, items } = await listFor({ anonymous_id: 'v1', surface: 'home', k: '3' });
    await server.installation.collection.drained();
    const kept = await lists(`request_id = '${request_id}'`);
    expect(kept).toMatchObject([
      {
        subject: 'anon:v1',
        surface: 'home',
        arm: 'treated',
        propensity: 1,
        products: items.map(one => one.product_id),
      },
    ]);
  });

  test('of somebody who does not say who they are nothing is kept', async () => {
    const { request_id, items } = await listFor({ surface: 'home' });
    await server.installation.collection.drained();
    expect(items.length).toBeGreaterThan(0);
    expect(await lists(`request_id = '${request_id}'`)).toEqual([]);
  });

  test('of a customer is given only to who has the shop’s signature', async () => {
    const { signing_secret } = await admin.call(api.impressions.setup);
    const bare = await ask({ user_id: 'c1' });
    expect([bare.statusCode, bare.json<{ code: string }>().code]).toEqual([403, 'access.unsigned']);
    const other = await ask({ user_id: 'c1', user_token: signUser(signing_secret, 'c2') });
    expect(other.statusCode).toBe(403);
    const { items } = await listFor({
      user_id: 'c1',
      user_token: signUser(signing_secret, 'c1'),
      anonymous_id: 'v2',
    });
    // c1 bought the first five, and repeats are off
    expect(items.map(item => item.product_id)).not.toContain('P1');
  });

  test('is for pages of the shop, and of those that a person allowed', async () => {
    const own = await ask({}, { origin: SHOP });
    expect(own.headers['access-control-allow-origin']).toBe(SHOP);
    const other = { origin: 'https://partner.example' };
    expect((await ask({}, other)).json<{ code: string }>().code).toBe('access.origin');
    await admin.call(api.impressions.setUse, { body: { ...NOBODY_HELD_OUT, origins: [other.origin] } });
    expect((await ask({}, other)).statusCode).toBe(200);
  });

  test('needs a key, and no key of a page opens more than this', async () => {
    expect((await ask({ key: 'stranger' })).statusCode).toBe(401);
    const client = createClient({ baseUrl: server.url, key: key() });
    await expect(client.call(api.recommendation.recommend)).rejects.toMatchObject({ code: 'access.denied' });
  });
});

describe('the hold-out', () => {
  test('is a stable share of people, and sees what is popular, or nothing where that is said', async () => {
    const holdout = { share: 0.5, shows: 'popular' as const, surfaces: { basket: 'nothing' as const } };
    await admin.call(api.impressions.setUse, { body: { ...NOBODY_HELD_OUT, holdout } });
    const visitors = Array.from({ length: 60 }, (_, n) => `w${n}`);
    const [first, again] = [new Map<string, number>(), new Map<string, number>()];
    for (const visitor of visitors) {
      first.set(visitor, (await listFor({ anonymous_id: visitor, surface: 'basket' })).items.length);
      again.set(visitor, (await listFor({ anonymous_id: visitor, surface: 'basket' })).items.length);
    }
    expect(again).toEqual(first);
    const held = visitors.filter(visitor => first.get(visitor) === 0);
    expect(held.length).toBeGreaterThan(18);
    expect(held.length).toBeLessThan(42);
    const elsewhere = await listFor({
      anonymous_id: held[0] ?? '',
      surface: 'home',
      product_id: 'P2',
      k: '3',
    });
    expect(elsewhere.items.map(item => item.product_id)).toEqual(['P1', 'P3', 'P4']);
    await server.installation.collection.drained();
    const kept = await lists<{ subject: string }>(
      `surface = 'basket' AND arm = 'holdout' AND propensity = 0.5`,
    );
    expect(new Set(kept.map(list => list.subject))).toEqual(new Set(held.map(visitor => `anon:${visitor}`)));
  });
});

test('what was seen and clicked is counted once for a list, however often it is told', async () => {
  const { request_id, items } = await listFor({ anonymous_id: 'v9', surface: 'counted', k: '3' });
  for (let time = 0; time < 2; time++) {
    await tell('Recommendation Shown', `shown:${request_id}`, 'v9', { request_id, surface: 'counted' });
    for (const { product_id } of items.slice(0, 2))
      await tell('Recommendation Clicked', `clicked:${request_id}:${product_id}`, 'v9', {
        request_id,
        product_id,
      });
  }
  await server.installation.collection.drained();
  const { surfaces, weeks } = await admin.call(api.impressions.results);
  const counted = surfaces.find(({ surface }) => surface === 'counted');
  expect(counted?.treated).toMatchObject({ persons: 1, lists: 1, shown: 1, clicked: 1 });
  expect(counted?.followed).toMatchObject({ clicks: 2, added: 0, ordered: 0 });
  expect(weeks.find(({ surface }) => surface === 'counted')?.treated).toMatchObject({ value: 1, n: 1 });
  const seen = await server.installation.stores.warehouse.query(
    `SELECT product_id, position, arm FROM recommendation_impressions WHERE request_id = '${request_id}' ORDER BY position`,
  );
  expect(seen).toEqual(items.map(({ product_id, position }) => ({ product_id, position, arm: 'treated' })));
});

test('no page can say in which arm it was', async () => {
  await tell('Recommendation Served', 'forged', 'v7', {
    request_id: 'forged',
    arm: 'treated',
    propensity: 1,
    products: [],
  });
  const shown = { request_id: 'api', surface: 'app', arm: 'holdout', products: [{ product_id: 'P1' }] };
  await tell('Recommendation Shown', 'by the API', 'v7', shown);
  await server.installation.collection.drained();
  expect(await lists(`request_id = 'forged'`)).toEqual([]);
  expect(await lists(`request_id = 'api'`)).toMatchObject([{ arm: '', surface: 'app', products: ['P1'] }]);
});

test('a person sees beside each other what would be shown and what is popular, under rules not kept yet', async () => {
  const settings = await admin.call(api.recommendation.settings);
  const pins = [{ product_id: 'P6', position: 1 }];
  const body = { customer_id: 'c8', k: 3, settings: { ...settings, pins, blocked: ['P1'] } };
  const { shown, popular } = await admin.call(api.impressions.preview, { body });
  expect(shown.items[0]).toMatchObject({ product_id: 'P6', source: 'pinned' });
  expect(popular.items.map(item => item.product_id)).not.toContain('P1');
  const now = await admin.call(api.impressions.preview, { body: { k: 3 } });
  expect(now.popular.items[0]?.product_id).toBe('P1');
  expect(await admin.call(api.recommendation.settings)).toEqual(settings);
});

test('products are found by words and by id', async () => {
  const found = await admin.call(api.impressions.products, { query: { search: 'tea <4' } });
  expect(found).toMatchObject([{ product_id: 'P4', title: 'Tea <4>', price: 4, currency: 'EUR' }]);
  expect((await admin.call(api.impressions.products))[0]?.product_id).toBe('P1');
});

test('the widget is one small script', async () => {
  const answer = await server.app.inject('/widget.js');
  expect(answer.headers['content-type']).toContain('text/javascript');
  const size = gzipSync(answer.body).length;
  process.stdout.write(`widget.js: ${size} bytes gzipped\n`);
  expect(size).toBeLessThan(6 * 1024);
  const etag = String(answer.headers['etag']);
  expect(
    (await server.app.inject({ url: '/widget.js', headers: { 'if-none-match': etag } })).statusCode,
  ).toBe(304);
});
