import { freshRecords, freshWarehouse } from '@bellwether/testing';
import { expect, test } from 'vitest';

test('both stores take every migration', async () => {
  const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
  const event = { event_id: 'e1', type: 'track', name: 'Order Completed', at: '2026-01-02 03:04:05.678' };
  await warehouse.insert('events', [event], { token: 't1' });
  await warehouse.insert('events', [event], { token: 't1' });
  expect(await warehouse.query('SELECT event_id, at FROM events')).toEqual([
    { event_id: 'e1', at: '2026-01-02T03:04:05.678Z' },
  ]);
  expect(await warehouse.one('SELECT count() AS n FROM subject_events')).toEqual({ n: 1 });
  await records
    .insertInto('settings')
    .values({ key: 'a', value: JSON.stringify({ b: 1 }) })
    .execute();
  expect(await records.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'a', value: { b: 1 } }]);
  await warehouse.close();
  await records.destroy();
});
