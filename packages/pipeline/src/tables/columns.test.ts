import { Rng } from '@bellwether/ml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnOf } from './columns.ts';

const rng = new Rng(3);
const times = (count: number, make: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => make(at));

test('each kind of column is what it is', () => {
  const kinds = {
    age: times(200, () => String(18 + rng.integer(60))),
    price: times(200, () => `${(rng.uniform() * 100).toFixed(2).replace('.', ',')} €`),
    channel: times(200, () => ['web', 'shop', 'phone'][rng.integer(3)]),
    bought: times(200, () => ['yes', 'no'][rng.integer(2)]),
    signup: times(200, at => `2024-0${1 + (at % 9)}-1${at % 9}`),
    customer_id: times(200, at => String(5_000 + at * 3)),
    row: times(200, at => String(at + 1)),
    token: times(200, () => rng.integer(2 ** 31).toString(36)),
    comment: times(200, at => `the parcel number ${at} came late and the box was open`),
    country: times(200, () => 'FR'),
    score: times(200, () => rng.uniform().toFixed(6)),
  };
  const found = Object.entries(kinds).map(([name, cells]) => [name, columnOf(name, cells).kind]);
  expect(Object.fromEntries(found)).toEqual({
    ...{ age: 'number', price: 'number', channel: 'category', bought: 'yes_no', signup: 'date' },
    ...{ customer_id: 'id', row: 'id', token: 'id', comment: 'text', country: 'constant', score: 'number' },
  });
});

test('999 that stands for none is found, and said; 99 among its like is not', () => {
  const days = times(500, at => (at % 10 === 0 ? String(1 + rng.integer(20)) : '999'));
  const found = columnOf('pdays', days);
  expect(found.sentinels).toEqual([999]);
  expect(found.overview.notes[0].en).toContain('999 (90.0 % of the values)');
  expect(
    columnOf(
      'points',
      times(500, at => String(at % 100)),
    ).sentinels,
  ).toEqual([]);
});

test('the histogram holds every value that is there, whatever the column', () => {
  const cell = fc.oneof(
    fc.constant('NA'),
    fc.integer({ min: -50, max: 50 }).map(String),
    fc.constantFrom('a', 'b', 'x y'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 60 }), cells => {
      const { overview, kind } = columnOf('any', cells);
      const counted = overview.histogram.reduce((sum, { count }) => sum + count, 0);
      const present = Math.round((1 - overview.missing) * cells.length);
      const unreadable = cells.filter(text => text !== 'NA' && Number.isNaN(Number(text))).length;
      expect(counted).toBe(kind === 'number' ? present - unreadable : present);
    }),
  );
});

test('values that cannot be read are told of, with some of them', () => {
  const cells = times(100, at => (at === 7 ? 'twelve' : String(at)));
  const { kind, overview } = columnOf('amount', cells);
  expect(kind).toBe('number');
  expect(overview.notes[0].en).toBe('1 values are no number (“twelve”): they are read as missing.');
});
