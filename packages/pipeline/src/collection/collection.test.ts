import { DAY } from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CollectionOptions } from './collection.ts';
import { seeded } from './fixtures/killed.ts';
import { page, Stage } from './fixtures/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = new Stage(await freshWarehouse());
});
afterEach(() => stage.strike());

/** A warehouse that can be told to go away, or to take an insert and lose the answer. */
function frail() {
  const { warehouse } = stage;
  const state: { fails: 'no' | 'before' | 'after' } = { fails: 'no' };
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
  const { warehouse } = stage;
  const collection = await stage.open();
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
  const receipt = await stage.send(collection, order, page('m2', { context: { userAgent: 'curl/8.0' } }), {
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
  expect(await stage.stored('subject_events')).toEqual(['m1', 'm2']);
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
  const first = await stage.open();
  await stage.send(first, page('a'), page('b'), page('a', { name: 'again' }));
  await first.drained();
  await stage.send(
    first,
    page('b', { timestamp: '2026-01-30T00:00:00Z' }),
    page('c'),
    page('with "quotes" \u0001 语'),
  );
  await first.drained();
  expect(first.counts()).toEqual({ accepted: 6, refused: {}, duplicates: 2 });
  await stage.close(first);
  stage.clock.advance(DAY);
  const second = await stage.open();
  await stage.send(second, page('a'), page('c'), page('d'), page('with "quotes" \u0001 语'));
  await second.drained();
  expect(second.counts().duplicates).toBe(3);
  expect(await stage.stored()).toEqual(['a', 'b', 'c', 'd', 'with "quotes" \u0001 语']);
});

test('while the warehouse is away events are taken, and it is said; when it is back all are there', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const collection = await stage.open({ warehouse: target });
  await stage.send(collection, page('a'), page('b'));
  await until(() => collection.state().last_error !== null);
  expect(collection.state()).toMatchObject({ waiting_events: 2, last_loaded_at: null });
  expect(collection.state().last_error).toContain('ECONNREFUSED');
  await stage.send(collection, page('c'));
  state.fails = 'no';
  await collection.drained();
  expect(await stage.stored()).toEqual(['a', 'b', 'c']);
  expect(collection.state().last_error).toBeNull();
});

test('what waits while the warehouse is away survives a restart', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const first = await stage.open({ warehouse: target });
  await stage.send(first, page('a'), page('b'), { type: 'page' });
  await stage.close(first);
  const second = await stage.open();
  await second.drained();
  expect(await stage.stored()).toEqual(['a', 'b']);
  expect((await stage.openQuarantine()).total).toBe(1);
});

test('an insert whose answer was lost is not repeated: neither by the same process nor by the next', async () => {
  const { state, target } = frail();
  state.fails = 'after';
  const first = await stage.open({ warehouse: target });
  await stage.send(first, page('a'), page('b'), page('a'), { type: 'page' });
  await until(() => first.state().last_error !== null);
  expect(first.state().waiting_events).toBe(3);
  await stage.close(first);
  const second = await stage.open();
  await stage.send(second, page('b'), page('c'));
  await second.drained();
  expect(await stage.stored()).toEqual(['a', 'b', 'c']);
  expect(await stage.stored('subject_events')).toEqual(['a', 'b', 'c']);
  expect((await stage.openQuarantine()).total).toBe(1);
});

test('a plan whose bytes the disk has lost is made anew from what is left', async () => {
  const { state, target } = frail();
  state.fails = 'after';
  const first = await stage.open({ warehouse: target, segmentBytes: 1 });
  await stage.send(first, page('a'));
  await until(() => first.state().last_error !== null);
  await stage.send(first, page('b'));
  await stage.close(first);
  rmSync(join(stage.folder, 'journal', '000000000001.journal'));
  const second = await stage.open();
  await stage.send(second, page('a'), page('c'));
  await second.drained();
  expect(await stage.stored()).toEqual(['a', 'b', 'c']);
});

test('a bound on what waits turns requests away', async () => {
  const { state, target } = frail();
  state.fails = 'before';
  const collection = await stage.open({ warehouse: target, backlogBytes: 500 });
  await stage.send(collection, page('a'), page('b'), page('c'));
  await expect(stage.send(collection, page('d'))).rejects.toMatchObject({ code: 'collection.backlogged' });
  state.fails = 'no';
  await collection.drained();
  await stage.send(collection, page('d'));
  await collection.drained();
  expect(await stage.stored()).toEqual(['a', 'b', 'c', 'd']);
});

test('a row that the warehouse refuses goes to quarantine alone, and comes back when the cause is mended', async () => {
  const { warehouse } = stage;
  await warehouse.command("ALTER TABLE events ADD CONSTRAINT no_poison CHECK name NOT LIKE 'poison%'");
  const collection = await stage.open();
  const batch = Array.from({ length: 40 }, (_, n) => page(`m${String(n).padStart(2, '0')}`));
  batch.splice(7, 0, page('p1', { name: 'poison 1' }));
  batch.splice(23, 0, page('p2', { name: 'poison 2' }));
  await stage.send(collection, ...batch);
  await collection.drained();
  expect(await stage.stored()).toHaveLength(40);
  const { rows } = await stage.openQuarantine();
  expect(rows.map(({ id, reason }) => [id, reason])).toEqual([
    ['row:p1', 'invalid_field'],
    ['row:p2', 'invalid_field'],
  ]);
  expect(rows[0]?.detail).toContain('no_poison');
  expect(collection.counts().refused).toEqual({ invalid_field: 2 });
  await warehouse.command('ALTER TABLE events DROP CONSTRAINT no_poison');
  expect(await collection.replay({})).toEqual({ accepted: 2, refused: 0 });
  expect(await stage.stored()).toHaveLength(42);
  expect((await stage.openQuarantine()).total).toBe(0);
});

test('whatever fails and whenever it is restarted: each acknowledged event is stored once, or in quarantine', async () => {
  const { warehouse } = stage;
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
    const collection = await stage.open({ warehouse: lossy, segmentBytes: 4096 });
    const chosen = Array.from({ length: 1 + Math.floor(random() * 30) }, () => Math.floor(random() * 200));
    await stage.send(collection, ...chosen.map(n => page(`m${n}`, n % 50 === 0 ? { name: 'poison' } : {})));
    for (const n of chosen) ids.add(`m${n}`);
    const loaded = collection.drained().catch(() => undefined); // closed before: the next one goes on
    await Promise.race([loaded, new Promise(done => setTimeout(done, random() * 400))]);
    await stage.close(collection);
    await loaded;
  }
  await (await stage.open()).drained();
  const isPoison = (id: string): boolean => Number(id.slice(1)) % 50 === 0;
  expect(await stage.stored()).toEqual([...ids].filter(id => !isPoison(id)).sort());
  expect(await stage.stored('subject_events')).toEqual(await stage.stored());
  const rows = await warehouse.query<{ id: string }>('SELECT DISTINCT id FROM quarantine ORDER BY id');
  expect(rows.map(row => row.id)).toEqual(
    [...ids]
      .filter(isPoison)
      .map(id => `row:${id}`)
      .sort(),
  );
});
