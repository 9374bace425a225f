import { AppError } from '@bellwether/contracts';
import { freshWarehouse, freshWarehouseUrl } from '@bellwether/testing';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, statementsOf } from './migrate.ts';
import { clickhouseTime } from './sql.ts';
import { identifier, Warehouse } from './warehouse.ts';

// What the application asks of a warehouse, embedded or not.

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await freshWarehouse();
});
afterAll(() => warehouse.close());

const at = (day: number): string => clickhouseTime(Date.UTC(2026, 0, day));
const event = (id: string, more: object = {}): object => ({
  event_id: id,
  type: 'track',
  name: 'Viewed',
  user_id: 'u1',
  at: at(1),
  received_at: at(2),
  properties: '{}',
  ...more,
});
const countOf = (table: string, where: string): Promise<{ n: number }> =>
  warehouse.one(`SELECT count() AS n FROM ${table} WHERE ${where}`);

test('migrations run once, and again after a crash in their middle', async () => {
  const url = await freshWarehouseUrl();
  const fresh = new Warehouse({ url });
  const first = await migrate(fresh);
  expect(first.length).toBeGreaterThan(4);
  expect(await migrate(fresh)).toEqual([]);
  await fresh.command("DELETE FROM migrations WHERE name LIKE '0003%'");
  expect(await migrate(fresh)).toEqual(first.filter(name => name.startsWith('0003')));
  await fresh.close();
});

test('a warehouse that a newer version wrote is refused', async () => {
  const fresh = await freshWarehouse();
  await fresh.command("INSERT INTO migrations VALUES ('9999_of_the_future.sql', now64(3))");
  await expect(migrate(fresh)).rejects.toMatchObject({ code: 'warehouse.newer' });
  await fresh.close();
});

test('a file of statements is cut at the semicolons that end lines', () => {
  expect(statementsOf("-- a; b\nSELECT ';x';\n\n-- only words\n;\nSELECT 2; ")).toEqual([
    "-- a; b\nSELECT ';x'",
    'SELECT 2',
  ]);
});

test('an insert with a token happens once, in the views that it feeds too', async () => {
  const rows = [
    event('once-1'),
    event('once-2', { name: 'Order Completed', properties: '{"products":[{"product_id":"p","price":2}]}' }),
  ];
  for (let repeat = 0; repeat < 3; repeat++) await warehouse.insert('events', rows, { token: 'once' });
  expect(await countOf('events', "event_id LIKE 'once-%'")).toEqual({ n: 2 });
  expect(await countOf('subject_events', "event_id LIKE 'once-%'")).toEqual({ n: 2 });
  expect(await countOf('order_lines', "line_key LIKE 'once-%'")).toEqual({ n: 1 });
});

test('the same rows with another token are another insert', async () => {
  for (const token of ['a', 'b']) await warehouse.insert('events', [event('twice')], { token });
  expect(await countOf('events', "event_id = 'twice'")).toEqual({ n: 2 });
});

test('a retry completes an insert over several partitions', async () => {
  const rows = [1, 2, 3].map(month =>
    event(`months-${month}`, { received_at: clickhouseTime(Date.UTC(2025, month, 1)) }),
  );
  await warehouse.insert('events', rows, { token: 'months' });
  await warehouse.insert('events', rows, { token: 'months' });
  expect(await countOf('events', "event_id LIKE 'months-%'")).toEqual({ n: 3 });
});

test('a large insert streams from a source, and a body that fails leaves nothing', async () => {
  const line = (n: number): string => `${JSON.stringify(event(`big-${n}`))}\n`;
  async function* lines(): AsyncGenerator<string> {
    for (let block = 0; block < 40; block++)
      yield Array.from({ length: 500 }, (_, n) => line(block * 500 + n)).join('');
  }
  await warehouse.insertBytes(
    'INSERT INTO events FORMAT JSONEachRow',
    Readable.from(lines(), { objectMode: false }),
    { token: 'big' },
  );
  expect(await countOf('events', "event_id LIKE 'big-%'")).toEqual({ n: 20_000 });
  async function* broken(): AsyncGenerator<string> {
    yield line(0).replace('big-', 'cut-').repeat(5_000);
    throw new Error('the source broke');
  }
  await expect(
    warehouse.insertBytes(
      'INSERT INTO events FORMAT JSONEachRow',
      Readable.from(broken(), { objectMode: false }),
      { token: 'cut' },
    ),
  ).rejects.toThrow(AppError);
  expect(await countOf('events', "event_id LIKE 'cut-%'")).toEqual({ n: 0 });
});

test('parameters carry any text, and moments', async () => {
  const text = `'; DROP TABLE events; -- \\ " \n {x:String} 優`;
  const moment = clickhouseTime(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
  const row = await warehouse.one("SELECT {text:String} AS text, {moment:DateTime64(3, 'UTC')} AS moment", {
    text,
    moment,
  });
  expect(row).toEqual({ text, moment: '2026-02-03T04:05:06.789Z' });
});

test('numbers come as numbers, what is missing as null', async () => {
  const row = await warehouse.one(
    'SELECT toUInt64(7) AS big, nan AS none, toBool(1) AS yes, CAST(NULL AS Nullable(String)) AS nothing',
  );
  expect(row).toEqual({ big: 7, none: null, yes: true, nothing: null });
});

test('a refused query says what ClickHouse said, with its code', async () => {
  await expect(warehouse.query('SELECT nothing FROM events')).rejects.toMatchObject({
    code: 'warehouse.query_failed',
    message: expect.stringMatching(/nothing/) as string,
    details: { code: '47', type: 'UNKNOWN_IDENTIFIER' },
  });
});

test('bytes of a query that fails in its middle fail too', async () => {
  const late =
    "SELECT throwIf(number = 3000000, 'half way') AS x, number FROM numbers(4000000) FORMAT JSONEachRow";
  await expect(warehouse.bytes(late).then(buffer)).rejects.toThrow(/half way/);
  const whole = await buffer(await warehouse.bytes('SELECT number FROM numbers(200000) FORMAT TSV'));
  expect(whole.toString().trimEnd().split('\n')).toHaveLength(200_000);
});

test('an aborted query stops with a code of its own', async () => {
  const stop = new AbortController();
  const endless = warehouse.query(
    'SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))',
    {},
    stop.signal,
  );
  const outcome = expect(endless).rejects.toMatchObject({ code: 'warehouse.aborted' });
  await wait(100);
  stop.abort();
  await outcome;
  await expect(warehouse.query('SELECT 1', {}, stop.signal)).rejects.toMatchObject({
    code: 'warehouse.aborted',
  });
});

test('a server that is not there is unreachable', async () => {
  const nobody = new Warehouse({ url: 'http://bellwether:secret@127.0.0.1:1/x' });
  await expect(nobody.query('SELECT 1')).rejects.toMatchObject({ code: 'warehouse.unreachable' });
  await expect(nobody.insert('events', [event('x')], { token: 'x' })).rejects.toMatchObject({
    code: 'warehouse.unreachable',
  });
  expect(await nobody.ping()).toBe(false);
  await nobody.close();
});

test('a table is rebuilt beside the old one and exchanged', async () => {
  await warehouse.command('CREATE TABLE identity_next AS identity');
  await warehouse.insert('identity_next', [{ alias: 'a', customer_id: 'c', linked_at: at(1) }], {
    token: 'exchange',
  });
  await warehouse.command('EXCHANGE TABLES identity AND identity_next');
  expect(await countOf('identity', "alias = 'a'")).toEqual({ n: 1 });
  expect(await countOf('identity_next', '1')).toEqual({ n: 0 });
});

test('what is not a name does not become SQL', () => {
  expect(identifier('events')).toBe('events');
  expect(() => identifier('events; DROP')).toThrow(AppError);
});
