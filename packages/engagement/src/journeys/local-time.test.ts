import { DAY } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextLocal } from './local-time.ts';

const at = (text: string): number => Date.parse(text);
const nine = { hour: 9, minute: 0, weekdays: [] };

test.each([
  ['later today', '2026-06-01T00:30:00Z', 'Asia/Shanghai', nine, '2026-06-01T01:00:00Z'],
  ['tomorrow, when it is past', '2026-06-01T02:00:00Z', 'Asia/Shanghai', nine, '2026-06-02T01:00:00Z'],
  [
    'on the day that is there, not here',
    '2026-06-01T23:00:00Z',
    'Pacific/Auckland',
    nine,
    '2026-06-02T21:00:00Z',
  ],
  ['on a Monday', '2026-06-03T00:00:00Z', 'UTC', { ...nine, weekdays: [1] }, '2026-06-08T09:00:00Z'],
  ['after the clocks went forward', '2026-03-28T12:00:00Z', 'Europe/London', nine, '2026-03-29T08:00:00Z'],
  ['after the clocks went back', '2026-10-24T12:00:00Z', 'Europe/London', nine, '2026-10-25T09:00:00Z'],
  [
    'an hour that does not exist',
    '2026-03-28T12:00:00Z',
    'Europe/Berlin',
    { ...nine, hour: 2 },
    '2026-03-29T01:00:00Z',
  ],
  ['where the zone is unknown', '2026-06-01T00:30:00Z', 'Mars/Base', nine, '2026-06-01T09:00:00Z'],
])('the next moment is %s', (_, now, zone, time, expected) => {
  expect(new Date(nextLocal(at(now), zone, time)).toISOString()).toBe(new Date(at(expected)).toISOString());
});

test('it lies ahead, within eight days, and shows the time that was asked', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Asia/Shanghai',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
  );
  const time = fc.record({
    hour: fc.integer({ min: 4, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: at('2020-01-01'), max: at('2030-01-01') }),
      zones,
      time,
      (now, zone, asked) => {
        const next = nextLocal(now, zone, asked);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(8 * DAY);
        const shown = new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          hour: '2-digit',
          minute: '2-digit',
        });
        const [hour, minute] = shown.format(next).split(':').map(Number);
        expect([hour, minute]).toEqual([asked.hour, asked.minute]);
      },
    ),
  );
});
