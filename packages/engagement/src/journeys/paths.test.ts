import { DAY, type Condition, type JourneyGraph, type JourneyNode } from '@bellwether/contracts';
import { story } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { tick } from '../delivery/tick.ts';
import { recipients, shopPerTest } from '../testing/per-test.test-support.ts';
import { addCustomers, startJourney } from '../testing/shop.ts';

const here = shopPerTest();
const start = (nodes: JourneyNode[], changes: Partial<JourneyGraph> = {}) =>
  startJourney(here.shop.engagement, {
    ...changes,
    nodes: [{ id: 'start', kind: 'enter', audience: '', next: nodes[0]?.id ?? '' }, ...nodes],
  });
const mail = (id: string, next: string): JourneyNode => ({
  ...{ id, kind: 'email', template: 'thought-of-you-en', next },
});
const exit: JourneyNode = { id: 'end', kind: 'exit' };

/** An event of a customer, known to the warehouse at once, or later than it happened. */
async function does(
  customer: string,
  name: string,
  at = here.shop.clock.now(),
  received = at,
): Promise<void> {
  await here.warehouse.insert(
    'events',
    [
      {
        ...{ event_id: randomUUID(), type: 'track', name, user_id: customer },
        ...{ at: clickhouseTime(at), received_at: clickhouseTime(received), properties: '{"value":40}' },
      },
    ],
    { token: randomUUID() },
  );
}

async function left(): Promise<string[]> {
  const rows = await here.records
    .selectFrom('enrolments')
    .select(['customer_id', 'state', 'left_because'])
    .orderBy('customer_id')
    .execute();
  return rows.map(row => `${row.customer_id} ${row.state} ${row.left_because}`);
}

describe('a journey for baskets that were left', () => {
  const waits: JourneyNode[] = [
    {
      ...{ id: 'bought', kind: 'wait_event', event: 'Order Completed', within_days: 1 },
      where: [{ property: 'value', test: { op: 'at_least', number: 10 } }],
      ...{ next: 'end', timeout: 'remind' },
    },
    mail('remind', 'end'),
    exit,
  ];

  story('writes to those who did not buy within a day, and to nobody else', {
    given: async () => {
      await addCustomers(here.warehouse, [{ id: 'buys' }, { id: 'leaves' }, { id: 'bought-before' }]);
      await does('bought-before', 'Order Completed', here.shop.clock.now() - DAY);
      return start(waits);
    },
    when: async () => {
      await tick(here.shop.engagement);
      here.shop.clock.advance(DAY / 2);
      await does('buys', 'Order Completed');
      await does('leaves', 'Product Viewed');
      const noon = await tick(here.shop.engagement);
      const idle = await tick(here.shop.engagement);
      here.shop.clock.advance(DAY / 2);
      await tick(here.shop.engagement);
      return { noon, idle };
    },
    then: ({ noon, idle }) => {
      expect(noon).toMatchObject({ advanced: 1, sent: 0 });
      expect(idle).toMatchObject({ advanced: 0 });
      expect(recipients(here)).toEqual(['bought-before@example.com', 'leaves@example.com']);
    },
  });

  story('hears of an order that reached the warehouse late, while the person still waits', {
    given: async () => {
      await addCustomers(here.warehouse, [{ id: 'late' }]);
      return start(waits);
    },
    when: async () => {
      await tick(here.shop.engagement);
      const ordered = here.shop.clock.now() + DAY / 4;
      here.shop.clock.advance(DAY / 2);
      await tick(here.shop.engagement);
      await does('late', 'Order Completed', ordered, here.shop.clock.now() - 60_000);
      return tick(here.shop.engagement);
    },
    then: report => {
      expect(report).toMatchObject({ advanced: 1, sent: 0 });
    },
  });
});

story('a branch asks the warehouse of everybody who stands on it', {
  given: async () => {
    await addCustomers(here.warehouse, [
      { id: 'a', orders: 1 },
      { id: 'b', orders: 5 },
    ]);
    return start([
      {
        ...{ id: 'loyal', kind: 'branch', yes: 'mail', no: 'end' },
        when: { kind: 'field', field: 'orders', test: { op: 'at_least', number: 3 } },
      },
      mail('mail', 'end'),
      exit,
    ]);
  },
  when: () => tick(here.shop.engagement),
  then: report => {
    expect(report).toMatchObject({ advanced: 2, sent: 1 });
    expect(recipients(here)).toEqual(['b@example.com']);
  },
});

story('who reached the goal gets no second mail; who no longer belongs leaves', {
  given: async () => {
    await addCustomers(here.warehouse, [{ id: 'buys' }, { id: 'complains' }, { id: 'stays' }]);
    const did = (event: string): Condition => ({
      ...{ kind: 'event', event, where: [], times: { op: 'at_least', times: 1 } },
    });
    return startJourney(here.shop.engagement, {
      goal: did('Order Completed'),
      exit_when: did('Complaint Opened'),
    });
  },
  when: async () => {
    await tick(here.shop.engagement);
    here.shop.clock.advance(7 * DAY);
    await does('buys', 'Order Completed');
    await does('complains', 'Complaint Opened');
    return tick(here.shop.engagement);
  },
  then: async report => {
    expect(report).toMatchObject({ advanced: 3, sent: 1 });
    expect(await left()).toEqual(['buys done goal', 'complains exited exit_when', 'stays done exit']);
  },
});

story('a split tells the warehouse which way each was drawn, and with which probability', {
  given: async () => {
    await addCustomers(
      here.warehouse,
      Array.from({ length: 60 }, (_, n) => ({ id: `c${n}` })),
    );
    return start([
      {
        id: 'two',
        kind: 'split',
        ways: [
          { share: 0.5, next: 'mail' },
          { share: 0.5, next: 'end' },
        ],
      },
      mail('mail', 'end'),
      exit,
    ]);
  },
  when: () => tick(here.shop.engagement),
  then: async ({ sent }, journey) => {
    const told = await here.warehouse.query<{ arm: string; n: number }>(
      `SELECT arm, count() AS n FROM decisions FINAL WHERE subject = {subject:String} AND propensity = 0.5
       GROUP BY arm ORDER BY arm`,
      { subject: `journey:${journey.id}:two` },
    );
    expect(told).toEqual([
      { arm: 'end', n: 60 - sent },
      { arm: 'mail', n: sent },
    ]);
  },
});

story('a mail in the morning waits for the morning where the person is', {
  given: async () => {
    await addCustomers(here.warehouse, [{ id: 'here' }, { id: 'there', timezone: 'Asia/Shanghai' }]);
    return start([
      { id: 'morning', kind: 'wait_until', hour: 10, minute: 0, weekdays: [], next: 'mail' },
      mail('mail', 'end'),
      exit,
    ]);
  },
  when: async () => {
    // it is nine in the morning, UTC
    await tick(here.shop.engagement);
    here.shop.clock.advance(DAY / 24);
    return tick(here.shop.engagement);
  },
  then: ({ sent }) => {
    expect(sent).toBe(1);
    expect(recipients(here)).toEqual(['here@example.com']);
  },
});
