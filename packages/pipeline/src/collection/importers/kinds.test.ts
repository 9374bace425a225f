import type { Stores } from '../../stores.ts';
import { DAY } from '@bellwether/contracts';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { replayImport } from './index.ts';
import {
  fileOf,
  freshStores,
  importFile,
  importText,
  NOW,
  orderLines,
  orders,
} from './stores.test-support.ts';

const rowsOf = (stores: Stores, sql: string): Promise<object[]> => stores.warehouse.query<object>(sql);

test('customers: the first word of each is of its registration, a change is of its import, what is said again is nothing', async () => {
  const stores = await freshStores();
  const head = 'customer_id,email,created_at,accepts marketing,favourite colour\n';
  const first = await importText(
    stores,
    'c.csv',
    `${head}1,a@x.org,2024-05-01,yes,red\n2,b@x.org,2024-06-01,no,\n3,,,,\n`,
  );
  expect(first).toMatchObject({ kind: 'customers', rows_loaded: 3 });
  stores.clock.advance(DAY);
  const second = await importText(
    stores,
    'c2.csv',
    `${head}1,new@x.org,2024-05-01,yes,red\n2,b@x.org,2024-06-01,no,\n4,d@x.org,2024-07-01,maybe,\n`,
  );
  expect(second).toMatchObject({ rows_read: 3, rows_loaded: 1, rows_known: 1, rows_refused: 1 });
  const facts = await rowsOf(
    stores,
    'SELECT customer_id, toString(at) AS at, toString(received_at) AS received_at, email, email_consent, traits FROM customer_facts ORDER BY customer_id, at',
  );
  const fact = (
    customer_id: string,
    at: string,
    email: string,
    email_consent: number | null,
    traits = '{}',
  ): object => ({ customer_id, at, received_at: at, email, email_consent, traits });
  expect(facts).toEqual([
    fact('1', '2024-05-01 00:00:00.000', 'a@x.org', 1, '{"favourite colour":"red"}'),
    fact('1', '2026-01-16 12:00:00.000', 'new@x.org', 1, '{"favourite colour":"red"}'),
    fact('2', '2024-06-01 00:00:00.000', 'b@x.org', 0),
    fact('3', '2026-01-15 12:00:00.000', '', null),
  ]);
  expect(await rowsOf(stores, 'SELECT reason, detail, raw FROM quarantine')).toEqual([
    { reason: 'invalid_field', detail: 'email_consent is “maybe”', raw: '4,d@x.org,2024-07-01,maybe,' },
  ]);
});

test('products: a price that changed is told, one that did not is not', async () => {
  const stores = await freshStores();
  const head = 'sku,title,price,stock\n';
  await importText(stores, 'p.csv', `${head}A,Mug,9.5,3\nB,Pot,20,\n`);
  stores.clock.advance(DAY);
  expect(await importText(stores, 'p2.csv', `${head}A,Mug,10.5,3\nB,Pot,20,\n`)).toMatchObject({
    kind: 'products',
    rows_loaded: 1,
    rows_known: 1,
  });
  expect(
    await rowsOf(
      stores,
      'SELECT product_id, price, stock, toString(toDate(at)) AS day FROM products ORDER BY product_id, at',
    ),
  ).toEqual([
    { product_id: 'A', price: 9.5, stock: 3, day: '2026-01-15' },
    { product_id: 'A', price: 10.5, stock: 3, day: '2026-01-16' },
    { product_id: 'B', price: 20, stock: null, day: '2026-01-15' },
  ]);
});

test('events as JSON lines: ids keep their digits, properties their shape, repeated ids count once, an order its lines', async () => {
  const stores = await freshStores();
  const lines = [
    '{"event":"Product Viewed","timestamp":"2025-03-01T10:00:00Z","userId":12345678901234567890,"messageId":"m1","properties":{"sku":"A","n":1}}',
    '{"event":"Product Viewed","timestamp":"2025-03-01T10:00:00Z","userId":"12345678901234567890","messageId":"m1"}',
    '{"event":"Order Completed","timestamp":1740823200,"userId":"u2","properties":{"order_id":"o1","products":[{"product_id":"A","price":2}]}}',
    '{"event":"Product Viewed","timestamp":"2025-03-01T10:00:00Z"}',
    '{"event":"Product Viewed","timestamp":',
    '{"event":"Searched","timestamp":"2025-03-02 08:00:00","anonymousId":"a1","query":"mug"}',
  ];
  const done = await importText(stores, 'e.jsonl.gz', gzipSync(lines.join('\n')));
  expect(done).toMatchObject({
    kind: 'events',
    rows_read: 6,
    rows_loaded: 3,
    rows_known: 1,
    rows_refused: 2,
  });
  const events = await rowsOf(
    stores,
    'SELECT name, user_id, anonymous_id, toString(at) AS moment, properties, received_at = at AS history FROM events ORDER BY name',
  );
  expect(events).toMatchObject([
    { name: 'Order Completed', moment: '2025-03-01 10:00:00.000' },
    { name: 'Product Viewed', user_id: '12345678901234567890', properties: '{"sku":"A","n":1}', history: 1 },
    { name: 'Searched', anonymous_id: 'a1', properties: '{"query":"mug"}' },
  ]);
  expect(
    await rowsOf(stores, 'SELECT order_id, customer_id, product_id, unit_price FROM order_lines'),
  ).toEqual([{ order_id: 'o1', customer_id: 'u2', product_id: 'A', unit_price: 2 }]);
  expect(await rowsOf(stores, 'SELECT line, reason FROM quarantine ORDER BY line')).toEqual([
    { line: 4, reason: 'no_identity' },
    { line: 5, reason: 'not_json' },
  ]);
  expect(await importText(stores, 'again.jsonl', `${lines.join('\n')}\n`)).toMatchObject({
    rows_loaded: 0,
    rows_known: 4,
    rows_refused: 2,
  });
  expect(
    await rowsOf(
      stores,
      'SELECT (SELECT count() FROM events) AS events, (SELECT count() FROM subject_events) AS subjects',
    ),
  ).toEqual([{ events: 3, subjects: 3 }]);
});

test('an array of objects, over however many lines, is read as JSON lines are', async () => {
  const stores = await freshStores();
  const items = [1, 2, 3].map(n => ({
    event: 'Viewed {',
    timestamp: '2025-03-01T10:00:00Z',
    user_id: `u"${n}`,
  }));
  expect(await importText(stores, 'e.json', JSON.stringify(items, undefined, 2))).toMatchObject({
    kind: 'events',
    rows_loaded: 3,
  });
});

test('ad performance: a finer file is added up by day; figures that changed replace those before', async () => {
  const stores = await freshStores();
  const head = 'Date,Campaign name,Platform,Impressions,Clicks,Amount spent (USD),Gender\n';
  const first = await importText(
    stores,
    'a.csv',
    `${head}2025-01-01,C,meta,1000,10,5.5,f\n2025-01-01,C,meta,"2,000",20,4.5,m\n2025-01-02,C,meta,1,1,1,f\n2025-01-03,C,meta,many,1,1,f\n`,
  );
  expect(first).toMatchObject({
    kind: 'ad_performance',
    rows_read: 4,
    rows_loaded: 3,
    rows_refused: 1,
    mapping: { currency: 'USD' },
  });
  const second = await importText(
    stores,
    'b.csv',
    `${head}2025-01-01,C,meta,3100,33,11,f\n2025-01-02,C,meta,1,1,1,f\n`,
  );
  expect(second).toMatchObject({ rows_loaded: 1, rows_known: 1 });
  expect(
    await rowsOf(
      stores,
      'SELECT toString(day) AS day, impressions, clicks, cost, currency FROM ad_performance FINAL ORDER BY day',
    ),
  ).toEqual([
    { day: '2025-01-01', impressions: 3100, clicks: 33, cost: 11, currency: 'USD' },
    { day: '2025-01-02', impressions: 1, clicks: 1, cost: 1, currency: 'USD' },
  ]);
  await expect(replayImport(stores, first.id)).rejects.toMatchObject({ code: 'import.replay_whole' });
});

test('an access log: sessions end after half an hour of silence, robots are marked, no address is kept', async () => {
  const stores = await freshStores();
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0';
  const line = (ip: string, time: string, path: string, who = agent): string =>
    `${ip} - - [17/May/2025:${time} +0200] "GET ${path} HTTP/1.1" 200 512 "https://shop.example/" "${who}"`;
  const log = [
    line('10.1.2.3', '10:00:00', '/'),
    line('10.1.2.3', '10:29:00', '/mugs?q=“tea”'),
    line('10.1.2.3', '11:00:00', '/cart'),
    line('10.9.9.9', '10:00:01', '/robots.txt', 'Mozilla/5.0 Quiet'),
    line('10.9.9.9', '10:00:02', '/a.css', 'Mozilla/5.0 Quiet'),
    line('2001:db8::7', '10:00:03', '/', 'curl/8.1'),
    '10.1.2.3 garbage from 2001:db8::7',
  ];
  const done = await importText(stores, 'access.log', log.join('\n'));
  expect(done).toMatchObject({ kind: 'access_log', rows_read: 7, rows_loaded: 6, rows_refused: 1 });
  const events = await rowsOf(
    stores,
    `SELECT JSONExtractString(properties, 'path') AS path, toString(at) AS at, bot, uniqExact(session_id) OVER (PARTITION BY anonymous_id) AS sessions FROM events ORDER BY at, path`,
  );
  expect(events).toEqual([
    { path: '/', at: '2025-05-17 08:00:00.000', bot: false, sessions: 2 },
    { path: '/robots.txt', at: '2025-05-17 08:00:01.000', bot: true, sessions: 1 },
    { path: '/a.css', at: '2025-05-17 08:00:02.000', bot: true, sessions: 1 },
    { path: '/', at: '2025-05-17 08:00:03.000', bot: true, sessions: 1 },
    { path: '/mugs?q=“tea”', at: '2025-05-17 08:29:00.000', bot: false, sessions: 2 },
    { path: '/cart', at: '2025-05-17 09:00:00.000', bot: false, sessions: 2 },
  ]);
  const kept = await rowsOf(
    stores,
    `SELECT countIf(match(concat(raw, detail), '10[.]1[.]2|2001:db8')) AS n FROM quarantine`,
  );
  expect(kept).toEqual([{ n: 0 }]);
  expect(
    await importText(
      stores,
      'rotated.log',
      `${log.slice(0, 6).join('\n')}\n${line('10.1.2.3', '12:00:00', '/')}\n`,
    ),
  ).toMatchObject({ rows_loaded: 1, rows_known: 6 });
});

test('a Parquet file gives what the same rows give as CSV', async () => {
  const stores = await freshStores();
  await importText(stores, 'o.csv', orders(500));
  const parquet = await buffer(
    await stores.warehouse.bytes(
      'SELECT order_id, product_id, description, quantity, unit_price, at, customer_id, [1, 2] AS list FROM order_lines ORDER BY line FORMAT Parquet',
    ),
  );
  const other = await freshStores();
  const done = await importFile(other, fileOf('o.parquet', parquet));
  expect(done).toMatchObject({
    kind: 'order_lines',
    format: { container: 'parquet' },
    rows_loaded: 500,
    rows_refused: 0,
  });
  expect(await orderLines(other)).toEqual(await orderLines(stores));
  expect(NOW).toBe(stores.clock.now());
});
