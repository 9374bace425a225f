import { DAY, SteppedClock, type Clock } from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import type { Warehouse } from '@bellwether/warehouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { arrivals } from './arrivals.ts';
import { openCollection, type Collection, type CollectionOptions } from './collection.ts';
import { seeded } from './fixtures/killed.ts';
import { quarantinePage } from './quarantine.ts';

let folder = '';
let warehouse: Warehouse;
let clock: SteppedClock;
const opened: Collection[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-collection-'));
  warehouse = await freshWarehouse();
  clock = new SteppedClock(Date.UTC(2026, 0, 31, 12));
});
afterEach(async () => {
  for (const collection of opened.splice(0)) await collection.close();
  await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(more: Partial<CollectionOptions> = {}): Promise<Collection> {
  const collection = await openCollection({ folder, warehouse, clock, ...more });
  opened.push(collection);
  return collection;
}

async function close(collection: Collection): Promise<void> {
  opened.splice(opened.indexOf(collection), 1);
  await collection.close();
}

const page = (messageId: string, more: object = {}): object => ({
  type: 'page',
  messageId,
  userId: 'u',
  ...more,
});
const send = (collection: Collection, ...batch: object[]) =>
  collection.receive(
    'batch',
    Buffer.from(JSON.stringify({ batch, sentAt: new Date(clock.now()) })),
    'website',
  );

/** Every event id in the warehouse as often as it is there. */
async function stored(table = 'events'): Promise<string[]> {
  const rows = await warehouse.query<{ event_id: string }>(`SELECT event_id FROM ${table} ORDER BY event_id`);
  return rows.map(row => row.event_id);
}
const openQuarantine = () => quarantinePage(warehouse, { offset: 0, limit: 50 });

/** A warehouse that can be told to go away, or to take an insert and lose the answer. */
function frail() {
  const state: { fails: 'no' | 'before' | 'after'; clock?: Clock } = { fails: 'no' };
  const away = (): Error => new Error('the warehouse: connect ECONNREFUSED');
  const target: CollectionOptions['warehouse'] = {
    query: (...args) => (state.fails === 'before' ? Promise.reject(away()) : warehouse.query(...args)),
    bytes: (...args) => (state.fails === 'before' ? Promise.reject(away()) : warehouse.bytes(...args)),
    insertBytes: async (...args) => {
      if (state.fails === 'before') throw away();
      await warehouse.insertBytes(...args);
      if (state.fails === 'after') throw away();
    },
  };
  return { state, target };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(done => setTimeout(done, 20));
}

test('what is acknowledged is in the warehouse once drained, also in the tables that follow from it', async () => {
  const collection = await open();
  const order = {
    type: 'track',
    messageId: 'm1',
    userId: 'u',
    event: 'Order Completed',
    properties: {
      order_id: 'o1',
      currency: 'eur',
      products: [{ sku: 's1', quantity: 2, price: 3.5 }],
      说明: 'a"b\\\n',
    },
  };
  const receipt = await send(collection, order, page('m2', { context: { userAgent: 'curl/8.0' } }), {
    type: 'page',
  });
  expect(receipt).toMatchObject({ accepted: 2, refused: [{ index: 2, reason: 'no_identity' }] });
  await collection.drained();
  const [row] = await warehouse.query<Record<string, string>>(
    "SELECT name, properties, at, received_at, source FROM events WHERE event_id = 'm1'",
  );
  expect(JSON.parse(row?.['properties'] ?? '')).toEqual(order.properties);
  expect(row).toMatchObject({ name: 'Order Completed', at: '2026-01-31T12:00:00.000Z', source: 'website' });
  expect(await warehouse.query('SELECT order_id, quantity, currency FROM order_lines')).toEqual([
    { order_id: 'o1', quantity: 2, currency: 'EUR' },
  ]);
  expect(await stored('subject_events')).toEqual(['m1', 'm2']);
  expect(await warehouse.query('SELECT event_id, bot FROM events WHERE bot')).toEqual([
    { event_id: 'm2', bot: true },
  ]);
  expect(collection.state()).toEqual({
    waiting_events: 0,
    waiting_bytes: 0,
    last_loaded_at: '2026-01-31T12:00:00.000Z',
    last_error: null,
  });
});

test('a messageId sent again is counted, not stored: in a batch, in a later one, and after a restart', async () => {
  const first = await open();
  await send(first, page('a'), page('b'), page('a', { name: 'again' }));
  await first.drained();
  await send(
    first,
    page('b', { timestamp: '2026-01-30T00:00:00Z' }),
    page('c'),
    page('with "quotes" \u0001 语'),
  );
  await first.drained();
  expect(first.counts()).toEqual({ accepted: 6, refused: {}, duplicates: 2 });
  await close(first);
  clock.advance(DAY);
  const second = await open();
  await send(second, page('a'), page('c'), page('d'), page('with "quotes" \u0001 语'));
  await second.drained();
  expect(second.counts().duplicates).toBe(3);
  expect(await stored()).toEqual(['a', 'b', 'c', 'd', 'with "quotes" \u0001 语']);
});

test('while the warehouse is away events are taken, and it is said; when it is back all are there', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const collection = await open({ warehouse: target });
  await send(collection, page('a'), page('b'));
  await until(() => collection.state().last_error !== null);
  expect(collection.state()).toMatchObject({ waiting_events: 2, last_loaded_at: null });
  expect(collection.state().last_error).toContain('ECONNREFUSED');
  await send(collection, page('c'));
  state.fails = 'no';
  await collection.drained();
  expect(await stored()).toEqual(['a', 'b', 'c']);
  expect(collection.state().last_error).toBeNull();
});

test('what waits while the warehouse is away survives a restart', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const first = await open({ warehouse: target });
  await send(first, page('a'), page('b'), { type: 'page' });
  await close(first);
  const second = await open();
  await second.drained();
  expect(await stored()).toEqual(['a', 'b']);
  expect((await openQuarantine()).total).toBe(1);
});

test('an insert whose answer was lost is not repeated: neither by the same process nor by the next', async () => {
  const { state, target } = frail();
  state.fails = 'after';
  const first = await open({ warehouse: target });
  await send(first, page('a'), page('b'), page('a'), { type: 'page' });
  await until(() => first.state().last_error !== null);
  expect(first.state().waiting_events).toBe(3);
  await close(first);
  await send(await open(), page('b'), page('c'));
  await opened.at(-1)?.drained();
  expect(await stored()).toEqual(['a', 'b', 'c']);
  expect(await stored('subject_events')).toEqual(['a', 'b', 'c']);
  expect((await openQuarantine()).total).toBe(1);
});

test('a bound on what waits turns requests away', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const collection = await open({ warehouse: target, backlogBytes: 500 });
  await send(collection, page('a'), page('b'), page('c'));
  await expect(send(collection, page('d'))).rejects.toMatchObject({ code: 'collection.backlogged' });
  state.fails = 'no';
  await collection.drained();
  await send(collection, page('d'));
  await collection.drained();
  expect(await stored()).toEqual(['a', 'b', 'c', 'd']);
});

test('a row that the warehouse refuses goes to quarantine alone, and comes back when the cause is mended', async () => {
  await warehouse.command("ALTER TABLE events ADD CONSTRAINT no_poison CHECK name NOT LIKE 'poison%'");
  const collection = await open();
  const batch = Array.from({ length: 40 }, (_, n) => page(`m${String(n).padStart(2, '0')}`));
  batch.splice(7, 0, page('p1', { name: 'poison 1' }));
  batch.splice(23, 0, page('p2', { name: 'poison 2' }));
  await send(collection, ...batch);
  await collection.drained();
  expect(await stored()).toHaveLength(40);
  const { rows } = await openQuarantine();
  expect(rows.map(({ id, reason }) => [id, reason])).toEqual([
    ['row:p1', 'invalid_field'],
    ['row:p2', 'invalid_field'],
  ]);
  expect(rows[0]?.detail).toContain('no_poison');
  expect(collection.counts().refused).toEqual({ invalid_field: 2 });
  await warehouse.command('ALTER TABLE events DROP CONSTRAINT no_poison');
  expect(await collection.replay({})).toEqual({ accepted: 2, refused: 0 });
  expect(await stored()).toHaveLength(42);
  expect((await openQuarantine()).total).toBe(0);
});

test('refused events are tried again through the same steps, once, with the moment of their arrival', async () => {
  const collection = await open();
  const cured = page('m1');
  await send(collection, { type: 'page' }, { type: 'track', userId: 'u' });
  await collection.drained();
  const { rows } = await openQuarantine();
  // the cause is mended: here, by mending the text
  await warehouse.command(
    "ALTER TABLE quarantine UPDATE raw = {raw:String} WHERE reason = 'no_identity'",
    { raw: JSON.stringify(cured) },
    { mutations_sync: '2' },
  );
  clock.advance(DAY);
  expect(await collection.replay({ reason: 'no_event_name' })).toEqual({ accepted: 0, refused: 1 });
  const both = await Promise.all([collection.replay({}), collection.replay({})]);
  expect(both).toEqual([
    { accepted: 1, refused: 1 },
    { accepted: 0, refused: 1 },
  ]);
  expect(await collection.replay({ ids: rows.map(row => row.id) })).toEqual({ accepted: 0, refused: 1 });
  expect(await warehouse.query('SELECT event_id, received_at FROM events')).toEqual([
    { event_id: 'm1', received_at: '2026-01-31T12:00:00.000Z' },
  ]);
  expect(await openQuarantine()).toMatchObject({
    total: 1,
    reasons: [{ reason: 'no_event_name', source: 'website', count: 1 }],
  });
});

test('a replayed event that its client had sent again is not stored twice', async () => {
  const collection = await open();
  await send(collection, { type: 'page', messageId: 'm1' }, page('m1'));
  await collection.drained();
  await warehouse.command(
    'ALTER TABLE quarantine UPDATE raw = {raw:String} WHERE 1',
    { raw: JSON.stringify(page('m1')) },
    { mutations_sync: '2' },
  );
  clock.advance(30 * DAY);
  expect(await collection.replay({})).toEqual({ accepted: 1, refused: 0 });
  expect(await stored()).toEqual(['m1']);
});

test('whatever fails and whenever it is restarted: each acknowledged event is stored once, or in quarantine', async () => {
  await warehouse.command("ALTER TABLE events ADD CONSTRAINT no_poison CHECK name != 'poison'");
  const random = seeded(7);
  const lossy: CollectionOptions['warehouse'] = {
    query: (...args) => (random() < 0.2 ? Promise.reject(new Error('away')) : warehouse.query(...args)),
    bytes: (...args) => (random() < 0.2 ? Promise.reject(new Error('away')) : warehouse.bytes(...args)),
    insertBytes: async (...args) => {
      if (random() < 0.2) throw new Error('away');
      await warehouse.insertBytes(...args);
      if (random() < 0.2) throw new Error('away, and the rows are in');
    },
  };
  const ids = new Set<string>();
  for (let round = 0; round < 12; round++) {
    const collection = await open({ warehouse: lossy, segmentBytes: 4096 });
    const chosen = Array.from({ length: 1 + Math.floor(random() * 30) }, () => Math.floor(random() * 200));
    await send(collection, ...chosen.map(n => page(`m${n}`, n % 50 === 0 ? { name: 'poison' } : {})));
    for (const n of chosen) ids.add(`m${n}`);
    const loaded = collection.drained().catch(() => undefined); // closed before: the next one goes on
    await Promise.race([loaded, new Promise(done => setTimeout(done, random() * 400))]);
    await close(collection);
    await loaded;
  }
  await (await open()).drained();
  const isPoison = (id: string): boolean => Number(id.slice(1)) % 50 === 0;
  expect(await stored()).toEqual([...ids].filter(id => !isPoison(id)).sort());
  expect(await stored('subject_events')).toEqual(await stored());
  const rows = await warehouse.query<{ id: string }>('SELECT DISTINCT id FROM quarantine ORDER BY id');
  expect(rows.map(row => row.id)).toEqual(
    [...ids]
      .filter(isPoison)
      .map(id => `row:${id}`)
      .sort(),
  );
});

test('rows of imports are left to their importer', async () => {
  await warehouse.insert(
    'quarantine',
    [
      {
        id: 'i1',
        source: 'file',
        import_id: 'imp',
        line: 1,
        reason: 'not_a_date',
        detail: '',
        raw: '{}',
        at: clock.now() / 1000,
      },
    ],
    { token: 't' },
  );
  const collection = await open();
  expect(await collection.replay({})).toEqual({ accepted: 0, refused: 0 });
});

test('a request refused as a whole fails, and its text is kept', async () => {
  const collection = await open();
  await expect(collection.receive('track', Buffer.from('{"userId'), 'website')).rejects.toMatchObject({
    code: 'collection.not_json',
  });
  await collection.refuse(
    'unknown_write_key',
    'no key begins with "wk_x"',
    Buffer.from('{"a":1}'),
    'unknown',
  );
  await collection.drained();
  const { rows, reasons } = await openQuarantine();
  expect(rows.map(({ reason, raw }) => [reason, raw]).sort()).toEqual([
    ['not_json', '{"userId'],
    ['unknown_write_key', '{"a":1}'],
  ]);
  expect(reasons).toHaveLength(2);
  expect(collection.counts().refused).toEqual({ not_json: 1, unknown_write_key: 1 });
});

test('arrivals count what came, what was refused, and by day', async () => {
  const collection = await open();
  expect(await arrivals({ warehouse }, collection)).toEqual({
    events_total: 0,
    orders_total: 0,
    quarantined: 0,
    waiting: 0,
    last_received_at: null,
    by_day: [],
  });
  await send(collection, page('a'), page('b'), { type: 'page' });
  clock.advance(DAY);
  await send(collection, page('c'));
  await collection.drained();
  expect(await arrivals({ warehouse }, collection)).toMatchObject({
    events_total: 3,
    quarantined: 1,
    last_received_at: '2026-02-01T12:00:00.000Z',
    by_day: [
      { day: '2026-01-31', events: 2, refused: 1 },
      { day: '2026-02-01', events: 1, refused: 0 },
    ],
  });
});

test('quarantine pages, newest first, by reason and source', async () => {
  const collection = await open();
  for (const n of [1, 2, 3]) {
    await send(collection, { type: 'page', name: `${n}` });
    clock.advance(1000);
  }
  await send(collection, { type: 'track', userId: 'u' });
  await collection.drained();
  const { rows, total } = await quarantinePage(warehouse, { reason: 'no_identity', offset: 1, limit: 1 });
  expect(total).toBe(3);
  expect(rows.map(({ raw }) => raw)).toEqual([expect.stringContaining('"name":"2"')]);
  expect((await quarantinePage(warehouse, { source: 'elsewhere', offset: 0, limit: 9 })).total).toBe(0);
});
