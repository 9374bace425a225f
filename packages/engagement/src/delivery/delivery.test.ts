import { DAY, HOUR, MINUTE } from '@bellwether/contracts';
import { recordConsent, isSuppressed, suppress } from '@bellwether/privacy';
import { describe, expect, test } from 'vitest';
import { journeyMessages } from '../journeys/messages.ts';
import {
  addPeople,
  outboxStates,
  recipients,
  shopPerTest,
  toldDeliveries,
} from '../testing/per-test.test-support.ts';
import { openShop, startJourney } from '../testing/shop.ts';
import { claimMessages, handOver } from './claim.ts';
import { tick } from './tick.ts';
import { pauseAfter } from './deliver.ts';

const here = shopPerTest();
const people = (...ids: string[]) => addPeople(here, ...ids);

describe('guards at the moment of sending', () => {
  test.each([
    [
      'suppressed',
      () =>
        suppress(here.records, {
          channel: 'email',
          address: 'A@example.com',
          reason: 'complained',
          at: new Date(),
        }),
    ],
    [
      'consent_withdrawn',
      () =>
        recordConsent(here.records, {
          ...{ customerId: 'a', channel: 'email', purpose: 'marketing', state: 'denied' },
          ...{ source: 'console', proof: '', at: new Date() },
        }),
    ],
  ] as const)('%s after the journey began: the mail does not leave', async (reason, act) => {
    await people('a');
    await startJourney(here.shop.engagement);
    here.shop.channel.answer = () => ({ state: 'retry', reason: '451 later' });
    await tick(here.shop.engagement);
    await act();
    here.shop.channel.received.length = 0;
    here.shop.clock.advance(HOUR);
    expect(await tick(here.shop.engagement)).toMatchObject({ refused: 1, sent: 0 });
    expect(here.shop.channel.received).toEqual([]);
    expect(await outboxStates(here)).toEqual({ a: `refused: ${reason}` });
    expect(await toldDeliveries(here)).toEqual([{ customer_id: 'a', what: 'refused', reason }]);
  });

  test('nobody gets more than the cap allows, over all journeys; after its time the next may go', async () => {
    await people('a', 'b');
    await startJourney(here.shop.engagement);
    await startJourney(here.shop.engagement);
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 2, refused: 2 });
    here.shop.clock.advance(7 * DAY);
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 2, refused: 2 });
    expect(recipients(here)).toHaveLength(4);
  });

  test('who is out of the journey or held out is not written to, even if a message exists', async () => {
    await people('out', 'held');
    await startJourney(here.shop.engagement);
    here.shop.channel.answer = () => ({ state: 'retry', reason: 'later' });
    await tick(here.shop.engagement);
    await here.records
      .updateTable('enrolments')
      .set({ state: 'exited' })
      .where('customer_id', '=', 'out')
      .execute();
    await here.records
      .updateTable('enrolments')
      .set({ arm: 'holdout' })
      .where('customer_id', '=', 'held')
      .execute();
    here.shop.clock.advance(HOUR);
    await tick(here.shop.engagement);
    expect(await outboxStates(here)).toEqual({ out: 'refused: left_journey', held: 'refused: holdout' });
  });

  test('in quiet hours a message waits, and goes when they end', async () => {
    const morning = here.shop.clock.now() + 2 * HOUR;
    await here.shop.engagement.close();
    here.shop = openShop(
      { warehouse: here.warehouse, records: here.records },
      { quietHours: (_, now) => (now < morning ? morning : undefined) },
    );
    await people('a');
    await startJourney(here.shop.engagement);
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 0, pending: 1, refused: 0 });
    here.shop.clock.advanceTo(morning);
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 1 });
  });
});

describe('what the other side says', () => {
  test('later: tried again with longer and longer pauses, then given up', async () => {
    await people('a');
    await startJourney(here.shop.engagement);
    here.shop.channel.answer = () => ({ state: 'retry', reason: '451 try later' });
    expect(await tick(here.shop.engagement)).toMatchObject({ pending: 1 });
    expect(await tick(here.shop.engagement)).toMatchObject({ pending: 0 });
    for (let attempt = 1; attempt < 10; attempt++) {
      here.shop.clock.advance(pauseAfter(attempt));
      await tick(here.shop.engagement);
    }
    expect(here.shop.channel.received).toHaveLength(10);
    expect(await outboxStates(here)).toEqual({ a: 'failed: 451 try later' });
    expect([1, 2, 3, 20].map(pauseAfter)).toEqual([MINUTE / 2, MINUTE, 2 * MINUTE, HOUR]);
  });

  test('never: failed, and a bad address is suppressed', async () => {
    await people('bad', 'busy');
    await startJourney(here.shop.engagement);
    here.shop.channel.answer = ({ to }) => ({
      state: 'failed',
      reason: '550',
      badAddress: to.address.startsWith('bad'),
    });
    expect(await tick(here.shop.engagement)).toMatchObject({ failed: 2 });
    expect(await isSuppressed(here.records, 'email', 'bad@example.com')).toBe(true);
    expect(await isSuppressed(here.records, 'email', 'busy@example.com')).toBe(false);
  });

  test('nothing: unknown, and never sent again', async () => {
    await people('a');
    await startJourney(here.shop.engagement);
    here.shop.channel.answer = () => ({ state: 'unknown', reason: 'line lost' });
    expect(await tick(here.shop.engagement)).toMatchObject({ unknown: 1 });
    here.shop.clock.advance(DAY);
    expect(await tick(here.shop.engagement)).toMatchObject({ unknown: 0, sent: 0 });
    expect(here.shop.channel.received).toHaveLength(1);
  });
});

describe('after a failure', () => {
  test('what a worker that is gone had claimed goes back; what it had handed over is unknown', async () => {
    await people('claimed', 'handed');
    const journey = await startJourney(here.shop.engagement);
    here.shop.channel.answer = () => ({ state: 'retry', reason: 'later' });
    await tick(here.shop.engagement);
    here.shop.clock.advance(MINUTE);
    const gone = openShop(here);
    gone.clock.advanceTo(here.shop.clock.now());
    await gone.engagement.identity.hold();
    const claimed = await claimMessages(gone.engagement, journey.id, 10);
    const handed = claimed.filter(message => message.customer_id === 'handed');
    await handOver(
      gone.engagement,
      handed.map(message => ({ message, address: 'handed@example.com', subject: '' })),
    );
    here.shop.channel.answer = () => ({ state: 'sent' });
    // while it lives, nobody touches what it holds
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 0, unknown: 0 });
    await gone.engagement.close();
    expect(await tick(here.shop.engagement)).toMatchObject({ sent: 1, unknown: 1 });
    expect(await outboxStates(here)).toEqual({ claimed: 'sent', handed: 'unknown: worker_gone' });
  });

  test('the warehouse away at the wrong moment: nothing is lost, nothing is doubled', async () => {
    await people('a', 'b', 'c');
    await startJourney(here.shop.engagement);
    const query = here.warehouse.query.bind(here.warehouse);
    let calls = 0;
    here.warehouse.query = (...args) => (++calls === 3 ? Promise.reject(new Error('away')) : query(...args));
    await expect(tick(here.shop.engagement)).rejects.toThrow('away');
    here.warehouse.query = query;
    await tick(here.shop.engagement);
    expect(recipients(here)).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  });

  test('what was sent while the records were away is written down when they are back', async () => {
    await people('a');
    await startJourney(here.shop.engagement);
    const flush = here.shop.engagement.settlement.flush.bind(here.shop.engagement.settlement);
    here.shop.channel.answer = () => {
      here.shop.engagement.settlement.flush = () => Promise.reject(new Error('records away'));
      return { state: 'sent' };
    };
    await expect(tick(here.shop.engagement)).rejects.toThrow('records away');
    here.shop.engagement.settlement.flush = flush;
    expect(await outboxStates(here)).toEqual({ a: 'sending' });
    await tick(here.shop.engagement);
    expect(await outboxStates(here)).toEqual({ a: 'sent' });
    expect(here.shop.channel.received).toHaveLength(1);
  });

  test('a template that cannot be rendered fails its message and no other', async () => {
    await people('a');
    const journey = await startJourney(here.shop.engagement);
    const mjml =
      '<mjml><mj-body><mj-raw>{% for i in (1..20000000) %}{{ i }}{% endfor %}</mj-raw></mj-body></mjml>';
    await here.records
      .insertInto('templates')
      .values({ id: 'thought-of-you-en', name: 'x', subject: 'x', mjml, updated_at: new Date() })
      .execute();
    expect(await tick(here.shop.engagement)).toMatchObject({ failed: 1 });
    const { rows } = await journeyMessages(here.shop.engagement, journey.id, { offset: 0, limit: 1 });
    expect(rows[0]?.reason).toMatch(/^not rendered: /);
  });
});

test('two workers share the work without overlap', async () => {
  await people(...Array.from({ length: 900 }, (_, i) => `c${i}`));
  await startJourney(here.shop.engagement);
  const other = openShop(here, { channels: [here.shop.channel] });
  const reports = await Promise.all([
    tick(here.shop.engagement),
    tick(other.engagement),
    tick(other.engagement),
  ]);
  const again = await Promise.all([tick(here.shop.engagement), tick(other.engagement)]);
  const sum = (what: 'treated' | 'advanced' | 'sent') =>
    [...reports, ...again].reduce((total, report) => total + report[what], 0);
  expect([sum('treated'), sum('advanced'), sum('sent')]).toEqual([900, 900, 900]);
  expect(new Set(here.shop.channel.received.map(message => message.key)).size).toBe(900);
  expect(here.shop.channel.received).toHaveLength(900);
  await other.engagement.close();
});

test('what happened to messages is heard as events, under names that others know', async () => {
  const events: unknown[] = [];
  await here.shop.engagement.close();
  here.shop = openShop(here, { emit: async heard => void events.push(...heard) });
  await people('a');
  await startJourney(here.shop.engagement);
  await tick(here.shop.engagement);
  expect(events).toMatchObject([
    { type: 'track', event: 'Email Sent', userId: 'a', timestamp: '2026-03-01T09:00:00.000Z' },
  ]);
});
