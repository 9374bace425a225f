import { DAY } from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { arrivals } from './arrivals.ts';
import { page, Stage } from './fixtures/stage.ts';
import { quarantinePage } from './quarantine.ts';

let stage: Stage;
beforeEach(async () => {
  stage = new Stage(await freshWarehouse());
});
afterEach(() => stage.strike());

test('refused events are tried again through the same steps, once, with the moment of their arrival', async () => {
  const { warehouse } = stage;
  const collection = await stage.open();
  const cured = page('m1');
  await stage.send(collection, { type: 'page' }, { type: 'track', userId: 'u' });
  await collection.drained();
  const { rows } = await stage.openQuarantine();
  // the cause is mended: here, by mending the text
  await warehouse.command(
    "ALTER TABLE quarantine UPDATE raw = {raw:String} WHERE reason = 'no_identity'",
    { raw: JSON.stringify(cured) },
    { mutations_sync: '2' },
  );
  stage.clock.advance(DAY);
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
  expect(await stage.openQuarantine()).toMatchObject({
    total: 1,
    reasons: [{ reason: 'no_event_name', source: 'website', count: 1 }],
  });
});

test('a replayed event that its client had sent again is not stored twice', async () => {
  const { warehouse } = stage;
  const collection = await stage.open();
  await stage.send(collection, { type: 'page', messageId: 'm1' }, page('m1'));
  await collection.drained();
  await warehouse.command(
    'ALTER TABLE quarantine UPDATE raw = {raw:String} WHERE 1',
    { raw: JSON.stringify(page('m1')) },
    { mutations_sync: '2' },
  );
  stage.clock.advance(30 * DAY);
  expect(await collection.replay({})).toEqual({ accepted: 1, refused: 0 });
  expect(await stage.stored()).toEqual(['m1']);
});

test('rows of imports are left to their importer', async () => {
  const { warehouse } = stage;
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
        at: stage.clock.now() / 1000,
      },
    ],
    { token: 't' },
  );
  const collection = await stage.open();
  expect(await collection.replay({})).toEqual({ accepted: 0, refused: 0 });
});

test('a request refused as a whole fails, and its text is kept', async () => {
  const collection = await stage.open();
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
  const { rows, reasons } = await stage.openQuarantine();
  expect(rows.map(({ reason, raw }) => [reason, raw]).sort()).toEqual([
    ['not_json', '{"userId'],
    ['unknown_write_key', '{"a":1}'],
  ]);
  expect(reasons).toHaveLength(2);
  expect(collection.counts().refused).toEqual({ not_json: 1, unknown_write_key: 1 });
});

test('arrivals count what came, what was refused, and by day', async () => {
  const { warehouse } = stage;
  const collection = await stage.open();
  expect(await arrivals({ warehouse }, collection)).toEqual({
    events_total: 0,
    orders_total: 0,
    quarantined: 0,
    waiting: 0,
    last_received_at: null,
    by_day: [],
  });
  await stage.send(collection, page('a'), page('b'), { type: 'page' });
  stage.clock.advance(DAY);
  await stage.send(collection, page('c'));
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
  const { warehouse } = stage;
  const collection = await stage.open();
  for (const n of [1, 2, 3]) {
    await stage.send(collection, { type: 'page', name: `${n}` });
    stage.clock.advance(1000);
  }
  await stage.send(collection, { type: 'track', userId: 'u' });
  await collection.drained();
  const { rows, total } = await quarantinePage(warehouse, { reason: 'no_identity', offset: 1, limit: 1 });
  expect(total).toBe(3);
  expect(rows.map(({ raw }) => raw)).toEqual([expect.stringContaining('"name":"2"')]);
  expect((await quarantinePage(warehouse, { source: 'elsewhere', offset: 0, limit: 9 })).total).toBe(0);
});
