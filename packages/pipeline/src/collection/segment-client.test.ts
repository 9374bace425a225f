import { systemClock } from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import { Analytics } from '@segment/analytics-node';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCollection } from './collection.ts';
import { serveTracking } from './fixtures/served.ts';

test("Segment's own client for Node sends every call, and every call arrives", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-segment-'));
  const warehouse = await freshWarehouse();
  const collection = await openCollection({ folder, warehouse, clock: systemClock });
  const { url, server } = await serveTracking(collection);

  const analytics = new Analytics({ writeKey: 'wk_1', host: url });
  const failures: unknown[] = [];
  analytics.on('error', error => failures.push(error));
  const timestamp = new Date(Date.now() - 60_000);
  analytics.identify({ userId: 'u1', traits: { email: 'ann@example.com', plan: 'pro' } });
  analytics.track({
    userId: 'u1',
    event: 'Order Completed',
    timestamp,
    properties: { order_id: 'o1', products: [] },
  });
  analytics.page({ anonymousId: 'a1', name: 'Home', properties: { path: '/' } });
  analytics.screen({ anonymousId: 'a1', name: 'Start' });
  analytics.group({ userId: 'u1', groupId: 'g1', traits: { name: 'Initech' } });
  analytics.alias({ userId: 'u1', previousId: 'a1' });
  await analytics.closeAndFlush();
  await collection.drained();

  expect(failures).toEqual([]);
  const rows = await warehouse.query<Record<string, string>>('SELECT * FROM events ORDER BY type');
  expect(
    rows.map(row => [row['type'], row['name'], row['user_id'] || row['anonymous_id'], row['source']]),
  ).toEqual([
    ['alias', '', 'u1', 'wk_1'],
    ['group', '', 'u1', 'wk_1'],
    ['identify', '', 'u1', 'wk_1'],
    ['page', 'Home', 'a1', 'wk_1'],
    ['screen', 'Start', 'a1', 'wk_1'],
    ['track', 'Order Completed', 'u1', 'wk_1'],
  ]);
  const called = Object.fromEntries(rows.map(row => [row['type'], row]));
  expect(JSON.parse(called['identify']?.['properties'] ?? '')).toEqual({
    email: 'ann@example.com',
    plan: 'pro',
  });
  expect(JSON.parse(called['group']?.['properties'] ?? '')).toEqual({ name: 'Initech', groupId: 'g1' });
  expect(called['alias']?.['previous_id']).toBe('a1');
  const at = Date.parse(called['track']?.['at'] ?? '');
  expect(Math.abs(at - timestamp.getTime())).toBeLessThan(5_000); // one clock: corrected by the time on the wire
  expect(await warehouse.query('SELECT customer_id, email FROM customer_facts')).toEqual([
    { customer_id: 'u1', email: 'ann@example.com' },
  ]);

  server.close();
  await collection.close();
  await warehouse.close();
  rmSync(folder, { recursive: true });
});
