import { clickhouseTime } from '@bellwether/warehouse';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentOf, momentWriter } from './moment.ts';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31T12:00:00+0200', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31 12:00', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
])('%s is %s in any zone of the machine', (said, moment) => {
  expect(new Date(momentOf(said)).toISOString()).toBe(moment);
});

test.each(['', 'yesterday', 'order 1', '1', '31/01/2026', '2026-13-01T00:00:00Z', null, {}])(
  '%j is no moment',
  said => {
    expect(momentOf(said)).toBeNaN();
  },
);

test('property: the writer writes what the warehouse package writes, in any order', () => {
  const write = momentWriter();
  const moment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2200, 0, 1) });
  fc.assert(
    fc.property(moment, at => {
      expect(write(at)).toBe(clickhouseTime(at));
    }),
  );
});
