import { BATCH_BYTES, TrackingEvent } from '@bellwether/contracts';
import { expect, test } from 'vitest';
import { story } from '@bellwether/testing';
import { batchesOf, createMarket, type Market } from './index.ts';

const DAYS = 60;
const START = Date.UTC(2026, 0, 1);
const open = (seed = 7): Market =>
  createMarket({ seed, customers: 400, products: 80, start: START, days: DAYS });
const play = (market: Market, days = DAYS): TrackingEvent[] =>
  Array.from({ length: days }, () => market.nextDay()).flat();
const idsOf = (market: Market): string[] => market.people.map(person => person.face.userId);
const buyersOf = (events: readonly TrackingEvent[]): Set<unknown> =>
  new Set(events.filter(event => event.event === 'Order Completed').map(event => event.userId));

story('the same seed gives the same market, another seed another', {
  given: () => [open(), open(), open(8)],
  when: markets => markets.map(market => play(market)),
  then: ([first, again, other]) => {
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  },
});

test('events are those of the tracking specification, each with an id of its own, inside their day', () => {
  const market = open();
  const ids = new Set<unknown>();
  for (let day = 0; day < DAYS; day++) {
    const midnight = market.midnight;
    for (const event of market.nextDay()) {
      TrackingEvent.parse(event);
      expect(ids.has(event.messageId)).toBe(false);
      ids.add(event.messageId);
      if (event.timestamp === undefined || event.timestamp === 'yesterday evening') continue;
      const at = Date.parse(String(event.timestamp));
      expect(at).toBeGreaterThanOrEqual(midnight);
      expect(at).toBeLessThan(midnight + 86_400_000);
    }
  }
  expect(ids.size).toBeGreaterThan(1000);
});

story('nobody buys before registering, so every order has a customer', {
  given: open,
  when: market => play(market),
  then: events => {
    const registered = new Set(events.filter(event => event.type === 'identify').map(event => event.userId));
    for (const buyer of buyersOf(events)) expect(registered).toContain(buyer);
  },
});

story('a customer whom messages move buys more often after one, on the same chance', {
  given: () => {
    const [silent, contacted] = [open(), open()];
    play(silent, 30);
    play(contacted, 30);
    return { silent, contacted };
  },
  when: ({ silent, contacted }) => {
    for (const id of idsOf(contacted)) contacted.receive(id);
    return { silent: buyersOf(play(silent, 7)), contacted: buyersOf(play(contacted, 7)) };
  },
  then: ({ silent, contacted }) => expect(contacted.size).toBeGreaterThan(silent.size),
});

story('the true lift is what the two worlds differ by, and nothing where nobody is reached', {
  given: () => {
    const market = open();
    play(market, 40);
    return market;
  },
  when: market => ({
    everybody: market.trueLift({ userIds: idsOf(market), wait: 0, days: 7, futures: 20, seed: 1 }),
    tooLate: market.trueLift({ userIds: idsOf(market), wait: 9, days: 7, futures: 5, seed: 1 }),
  }),
  then: ({ everybody, tooLate }) => {
    expect(everybody.lift).toBeGreaterThan(0.01);
    expect(everybody.treated - everybody.untreated).toBeCloseTo(everybody.lift, 12);
    expect(tooLate.lift).toBe(0);
  },
});

test('asking for the truth does not move the market', () => {
  const [asked, left] = [open(), open()];
  play(asked, 20);
  play(left, 20);
  asked.trueLift({ userIds: idsOf(asked), wait: 1, days: 14, futures: 2, seed: 1 });
  expect(play(asked, 20)).toEqual(play(left, 20));
});

test('batches keep every event, in order, within the limit of a request', () => {
  const events = play(open(), 20);
  const batches = batchesOf(events, 20_000);
  expect(batches.length).toBeGreaterThan(3);
  for (const batch of batches)
    expect(Buffer.byteLength(batch)).toBeLessThan(Math.min(BATCH_BYTES, 20_000 + 64));
  const sent = batches.flatMap(batch => (JSON.parse(batch) as { batch: unknown[] }).batch);
  expect(sent).toEqual(JSON.parse(JSON.stringify(events)));
});
