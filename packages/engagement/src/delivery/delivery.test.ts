import { DAY, HOUR, MINUTE } from '@bellwether/contracts';
import { recordConsent, isSuppressed, suppress } from '@bellwether/privacy';
import { freshRecords, freshWarehouse } from '@bellwether/testing';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { journeyMessages } from '../journeys/messages.ts';
import { addCustomers, emptyStores, openShop, startJourney, type TestShop } from '../testing/shop.ts';
import { claimMessages, handOver } from './claim.ts';
import { tick } from './tick.ts';
import { pauseAfter } from './deliver.ts';

let warehouse: Warehouse;
let records: Records;
let shop: TestShop;

beforeAll(async () => {
  [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
});
beforeEach(async () => {
  await emptyStores(warehouse, records);
  shop = openShop({ warehouse, records });
});
afterEach(() => shop.engagement.close());
afterAll(async () => {
  await Promise.all([warehouse.close(), records.destroy()]);
});

const people = (...ids: string[]) =>
  addCustomers(
    warehouse,
    ids.map(id => ({ id })),
  );
const recipients = () => shop.channel.received.map(message => message.to.address).sort();
const states = async () =>
  Object.fromEntries(
    (
      await records.selectFrom('outbox').select(['customer_id', 'state', 'reason']).orderBy('key').execute()
    ).map(row => [row.customer_id, row.reason === '' ? row.state : `${row.state}: ${row.reason}`]),
  );
const told = async () =>
  warehouse.query<{ customer_id: string; what: string; reason: string }>(
    'SELECT customer_id, what, reason FROM deliveries FINAL ORDER BY customer_id, node, what',
  );

describe('guards at the moment of sending', () => {
  test.each([
    [
      'suppressed',
      () =>
        suppress(records, {
          channel: 'email',
          address: 'A@example.com',
          reason: 'complained',
          at: new Date(),
        }),
    ],
    [
      'consent_withdrawn',
      () =>
        recordConsent(records, {
          ...{ customerId: 'a', channel: 'email', purpose: 'marketing', state: 'denied' },
          ...{ source: 'console', proof: '', at: new Date() },
        }),
    ],
  ] as const)('%s after the journey began: the mail does not leave', async (reason, act) => {
    await people('a');
    await startJourney(shop.engagement);
    shop.channel.answer = () => ({ state: 'retry', reason: '451 later' });
    await tick(shop.engagement);
    await act();
    shop.channel.received.length = 0;
    shop.clock.advance(HOUR);
    expect(await tick(shop.engagement)).toMatchObject({ refused: 1, sent: 0 });
    expect(shop.channel.received).toEqual([]);
    expect(await states()).toEqual({ a: `refused: ${reason}` });
    expect(await told()).toEqual([{ customer_id: 'a', what: 'refused', reason }]);
  });

  test('nobody gets more than the cap allows, over all journeys; after its time the next may go', async () => {
    await people('a', 'b');
    await startJourney(shop.engagement);
    await startJourney(shop.engagement);
    expect(await tick(shop.engagement)).toMatchObject({ sent: 2, refused: 2 });
    shop.clock.advance(7 * DAY);
    expect(await tick(shop.engagement)).toMatchObject({ sent: 2, refused: 2 });
    expect(recipients()).toHaveLength(4);
  });

  test('who is out of the journey or held out is not written to, even if a message exists', async () => {
    await people('out', 'held');
    await startJourney(shop.engagement);
    shop.channel.answer = () => ({ state: 'retry', reason: 'later' });
    await tick(shop.engagement);
    await records
      .updateTable('enrolments')
      .set({ state: 'exited' })
      .where('customer_id', '=', 'out')
      .execute();
    await records
      .updateTable('enrolments')
      .set({ arm: 'holdout' })
      .where('customer_id', '=', 'held')
      .execute();
    shop.clock.advance(HOUR);
    await tick(shop.engagement);
    expect(await states()).toEqual({ out: 'refused: left_journey', held: 'refused: holdout' });
  });

  test('in quiet hours a message waits, and goes when they end', async () => {
    const morning = shop.clock.now() + 2 * HOUR;
    await shop.engagement.close();
    shop = openShop(
      { warehouse, records },
      { quietHours: (_, now) => (now < morning ? morning : undefined) },
    );
    await people('a');
    await startJourney(shop.engagement);
    expect(await tick(shop.engagement)).toMatchObject({ sent: 0, pending: 1, refused: 0 });
    shop.clock.advanceTo(morning);
    expect(await tick(shop.engagement)).toMatchObject({ sent: 1 });
  });
});

describe('what the other side says', () => {
  test('later: tried again with longer and longer pauses, then given up', async () => {
    await people('a');
    await startJourney(shop.engagement);
    shop.channel.answer = () => ({ state: 'retry', reason: '451 try later' });
    expect(await tick(shop.engagement)).toMatchObject({ pending: 1 });
    expect(await tick(shop.engagement)).toMatchObject({ pending: 0 });
    for (let attempt = 1; attempt < 10; attempt++) {
      shop.clock.advance(pauseAfter(attempt));
      await tick(shop.engagement);
    }
    expect(shop.channel.received).toHaveLength(10);
    expect(await states()).toEqual({ a: 'failed: 451 try later' });
    expect([1, 2, 3, 20].map(pauseAfter)).toEqual([MINUTE / 2, MINUTE, 2 * MINUTE, HOUR]);
  });

  test('never: failed, and a bad address is suppressed', async () => {
    await people('bad', 'busy');
    await startJourney(shop.engagement);
    shop.channel.answer = ({ to }) => ({
      state: 'failed',
      reason: '550',
      badAddress: to.address.startsWith('bad'),
    });
    expect(await tick(shop.engagement)).toMatchObject({ failed: 2 });
    expect(await isSuppressed(records, 'email', 'bad@example.com')).toBe(true);
    expect(await isSuppressed(records, 'email', 'busy@example.com')).toBe(false);
  });

  test('nothing: unknown, and never sent again', async () => {
    await people('a');
    await startJourney(shop.engagement);
    shop.channel.answer = () => ({ state: 'unknown', reason: 'line lost' });
    expect(await tick(shop.engagement)).toMatchObject({ unknown: 1 });
    shop.clock.advance(DAY);
    expect(await tick(shop.engagement)).toMatchObject({ unknown: 0, sent: 0 });
    expect(shop.channel.received).toHaveLength(1);
  });
});

describe('after a failure', () => {
  test('what a worker that is gone had claimed goes back; what it had handed over is unknown', async () => {
    await people('claimed', 'handed');
    const journey = await startJourney(shop.engagement);
    shop.channel.answer = () => ({ state: 'retry', reason: 'later' });
    await tick(shop.engagement);
    shop.clock.advance(MINUTE);
    const gone = openShop({ warehouse, records });
    gone.clock.advanceTo(shop.clock.now());
    await gone.engagement.identity.hold();
    const claimed = await claimMessages(gone.engagement, journey.id, 10);
    const handed = claimed.filter(message => message.customer_id === 'handed');
    await handOver(
      gone.engagement,
      handed.map(message => ({ message, address: 'handed@example.com', subject: '' })),
    );
    shop.channel.answer = () => ({ state: 'sent' });
    // while it lives, nobody touches what it holds
    expect(await tick(shop.engagement)).toMatchObject({ sent: 0, unknown: 0 });
    await gone.engagement.close();
    expect(await tick(shop.engagement)).toMatchObject({ sent: 1, unknown: 1 });
    expect(await states()).toEqual({ claimed: 'sent', handed: 'unknown: worker_gone' });
  });

  test('the warehouse away at the wrong moment: nothing is lost, nothing is doubled', async () => {
    await people('a', 'b', 'c');
    await startJourney(shop.engagement);
    const query = warehouse.query.bind(warehouse);
    let calls = 0;
    warehouse.query = (...args) => (++calls === 3 ? Promise.reject(new Error('away')) : query(...args));
    await expect(tick(shop.engagement)).rejects.toThrow('away');
    warehouse.query = query;
    await tick(shop.engagement);
    expect(recipients()).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  });

  test('what was sent while the records were away is written down when they are back', async () => {
    await people('a');
    await startJourney(shop.engagement);
    const flush = shop.engagement.settlement.flush.bind(shop.engagement.settlement);
    shop.channel.answer = () => {
      shop.engagement.settlement.flush = () => Promise.reject(new Error('records away'));
      return { state: 'sent' };
    };
    await expect(tick(shop.engagement)).rejects.toThrow('records away');
    shop.engagement.settlement.flush = flush;
    expect(await states()).toEqual({ a: 'sending' });
    await tick(shop.engagement);
    expect(await states()).toEqual({ a: 'sent' });
    expect(shop.channel.received).toHaveLength(1);
  });

  test('a template that cannot be rendered fails its message and no other', async () => {
    await people('a');
    const journey = await startJourney(shop.engagement);
    const mjml =
      '<mjml><mj-body><mj-raw>{% for i in (1..20000000) %}{{ i }}{% endfor %}</mj-raw></mj-body></mjml>';
    await records
      .insertInto('templates')
      .values({ id: 'thought-of-you-en', name: 'x', subject: 'x', mjml, updated_at: new Date() })
      .execute();
    expect(await tick(shop.engagement)).toMatchObject({ failed: 1 });
    const { rows } = await journeyMessages(shop.engagement, journey.id, { offset: 0, limit: 1 });
    expect(rows[0]?.reason).toMatch(/^not rendered: /);
  });
});

test('two workers share the work without overlap', async () => {
  await people(...Array.from({ length: 900 }, (_, i) => `c${i}`));
  await startJourney(shop.engagement);
  const other = openShop({ warehouse, records }, { channels: [shop.channel] });
  const reports = await Promise.all([tick(shop.engagement), tick(other.engagement), tick(other.engagement)]);
  const again = await Promise.all([tick(shop.engagement), tick(other.engagement)]);
  const sum = (what: 'treated' | 'advanced' | 'sent') =>
    [...reports, ...again].reduce((total, report) => total + report[what], 0);
  expect([sum('treated'), sum('advanced'), sum('sent')]).toEqual([900, 900, 900]);
  expect(new Set(shop.channel.received.map(message => message.key)).size).toBe(900);
  expect(shop.channel.received).toHaveLength(900);
  await other.engagement.close();
});

test('what happened to messages is heard as events, under names that others know', async () => {
  const events: unknown[] = [];
  await shop.engagement.close();
  shop = openShop({ warehouse, records }, { emit: async heard => void events.push(...heard) });
  await people('a');
  await startJourney(shop.engagement);
  await tick(shop.engagement);
  expect(events).toMatchObject([
    { type: 'track', event: 'Email Sent', userId: 'a', timestamp: '2026-03-01T09:00:00.000Z' },
  ]);
});
