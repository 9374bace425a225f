import { DAY, HOUR, SCHEDULE_PIECES, SteppedClock } from '@bellwether/contracts';
import { freshRecords, story } from '@bellwether/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askDue, changeSchedule, DEFAULT_SCHEDULE, nextAt, scheduleState, type Due } from './index.ts';

const ZONES = ['UTC', 'Europe/London', 'Asia/Shanghai', 'America/New_York', 'Pacific/Apia', 'Asia/Kolkata'];
const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });
const hour = fc.integer({ min: 0, max: 23 });
const shownAt = (at: number, timeZone: string): { hour: number; weekday: string } => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    weekday: 'long',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { hour: Number(parts.get('hour')), weekday: parts.get('weekday') ?? '' };
};

test('the daily hour is the next at which the shop’s clocks show it, less than two days on', () => {
  fc.assert(
    fc.property(moment, hour, zone, (after, hour, timezone) => {
      const due = nextAt('all', { ...DEFAULT_SCHEDULE, hour }, after, timezone) ?? NaN;
      expect(due).toBeGreaterThan(after);
      // 25 hours where the clocks go back; a day more where a day is left out, as in Apia
      expect(due - after).toBeLessThanOrEqual(2 * DAY + HOUR);
      const skipped = shownAt(due, timezone).hour !== hour;
      if (skipped) expect(shownAt(due - 1, timezone).hour).not.toBe(hour);
      // asked again at that moment, it is another day's
      expect(nextAt('all', { ...DEFAULT_SCHEDULE, hour }, due, timezone)).toBeGreaterThan(due + 20 * HOUR);
    }),
  );
});

test('once a day and no more, through the changes of the clocks', () => {
  for (const timezone of ['Europe/London', 'America/New_York'])
    for (const hour of [0, 1, 2, 3, 23]) {
      let [at, times] = [Date.UTC(2026, 0, 1), 0];
      for (; at < Date.UTC(2027, 0, 1); times++)
        at = nextAt('all', { ...DEFAULT_SCHEDULE, hour }, at, timezone) ?? NaN;
      expect([365, 366]).toContain(times);
    }
});

test('weekly training is on the shop’s Mondays; what is off is never due', () => {
  fc.assert(
    fc.property(moment, zone, (after, timezone) => {
      const due = nextAt('train', { ...DEFAULT_SCHEDULE, train: 'weekly' }, after, timezone) ?? NaN;
      expect(shownAt(due, timezone).weekday).toBe('Monday');
      expect(due - after).toBeLessThanOrEqual(8 * DAY + HOUR);
      for (const piece of SCHEDULE_PIECES)
        expect(nextAt(piece, { ...DEFAULT_SCHEDULE, on: false }, after, timezone)).toBeUndefined();
      expect(nextAt('changed', { ...DEFAULT_SCHEDULE, changed: 'off' }, after, timezone)).toBeUndefined();
    }),
  );
});

const TERMS = { timezone: 'UTC', byDefault: true };
const START = Date.UTC(2026, 0, 1, 12);
const given = async () => ({ records: await freshRecords(), clock: new SteppedClock(START) });
/** Puts into the queue what is due, as the server does. */
const askAll = (stores: Awaited<ReturnType<typeof given>>, queue: Due[] = []) =>
  askDue(stores, ['s'], TERMS, async due => queue.push(due));

story('each piece is asked for at its hour, and what was missed is asked for once', {
  given,
  when: async stores => {
    const asked = [await askAll(stores)];
    for (const wait of [HOUR, 0, 14 * HOUR, 9 * DAY]) {
      stores.clock.advance(wait);
      asked.push(await askAll(stores));
    }
    return asked.map(dues => dues.map(({ piece }) => piece));
  },
  then: async (asked, stores) => {
    expect(asked).toEqual([[], ['changed'], [], ['changed', 'all', 'train'], ['changed', 'all', 'train']]);
    await stores.records.destroy();
  },
});

story('two nodes that look at the same moment ask once', {
  given,
  when: async stores => {
    await askAll(stores);
    stores.clock.advance(2 * DAY);
    const queue: Due[] = [];
    const slowly = () =>
      askDue(stores, ['s'], TERMS, async due => {
        await new Promise(later => setTimeout(later, 20));
        queue.push(due);
      });
    await Promise.all([slowly(), slowly(), slowly()]);
    return queue.map(({ piece }) => piece);
  },
  then: async (queue, stores) => {
    expect(queue.sort()).toEqual(['all', 'changed', 'train']);
    await stores.records.destroy();
  },
});

story('a crash while asking loses nothing: the work and its next time are one transaction', {
  given,
  when: async stores => {
    await askAll(stores);
    stores.clock.advance(2 * DAY);
    const crash = askDue(stores, ['s'], TERMS, () => Promise.reject(new Error('killed')));
    await expect(crash).rejects.toThrow('killed');
    return askAll(stores);
  },
  then: async (asked, stores) => {
    expect(asked).toHaveLength(3);
    expect(await askAll(stores)).toEqual([]);
    await stores.records.destroy();
  },
});

story('a schedule that was switched off asks for nothing, and on again begins from then', {
  given,
  when: async stores => {
    const off = await changeSchedule(stores, 's', { ...DEFAULT_SCHEDULE, on: false }, TERMS);
    stores.clock.advance(3 * DAY);
    const asked = await askAll(stores);
    const on = await changeSchedule(stores, 's', { ...DEFAULT_SCHEDULE, hour: 5 }, TERMS);
    return { off, asked, on, after: await askAll(stores) };
  },
  then: async ({ off, asked, on, after }, stores) => {
    expect(off.next).toEqual({ changed: null, all: null, train: null });
    expect([asked, after]).toEqual([[], []]);
    expect(on).toMatchObject({ is_default: false, next: { all: '2026-01-05T05:00:00.000Z' } });
    const demo = await scheduleState(stores, 'other', { ...TERMS, byDefault: false });
    expect(demo).toMatchObject({ on: false, is_default: true });
    await stores.records.destroy();
  },
});
