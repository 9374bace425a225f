import { TableChoices } from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import { publicData } from '@bellwether/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leaksOf, type Suspect } from './leaks.ts';
import { prepareTable } from './prepare.ts';
import { readTable } from './read.ts';

const seeds = fc.integer({ min: 1, max: 1e6 });

function drawn(rows: number, rng: Rng, share = 0.3): Float32Array {
  return Float32Array.from({ length: rows }, () => Number(rng.uniform() < share));
}

const numbers = (name: string, values: ArrayLike<number>): Suspect => ({
  ...{ name, kind: 'number' },
  values: Float32Array.from(values),
});

/** Tells the target as a good column does: shifted by so many deviations where the answer is yes. */
function good(target: Float32Array, shift: number, rng: Rng): Float32Array {
  return target.map(y => shift * y + rng.normal());
}

describe('ordinary tables', () => {
  test('columns that tell nothing, something or much are no leaks, whatever the draw', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 150, max: 1500 }), (seed, rows) => {
        const rng = new Rng(seed);
        const target = drawn(rows, rng);
        const suspects = [0, 0.3, 0.8, 1.2].map((shift, at) => numbers(`x${at}`, good(target, shift, rng)));
        const words: Suspect = {
          ...{ name: 'city', kind: 'category', words: ['a', 'b', 'c', 'd'] },
          values: Float32Array.from(target, () => rng.integer(4)),
        };
        const leaks = leaksOf([...suspects, words], target).filter(({ verdict }) => verdict === 'leak');
        expect(leaks).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('values that are missing at random are no leak', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const rng = new Rng(seed);
        const target = drawn(800, rng);
        const values = good(target, 0.7, rng).map(value => (rng.uniform() < 0.4 ? NaN : value));
        expect(leaksOf([numbers('income', values)], target)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('columns that know the outcome', () => {
  const leaking: Record<string, (target: Float32Array, rng: Rng) => Float32Array> = {
    'the target in other numbers': target => target.map(y => 7 - 3 * y),
    'the target with some noise': (target, rng) => target.map(y => 100 * y + 5 * rng.normal()),
    'filled in only where the answer is yes': (target, rng) =>
      target.map(y => (y === 1 ? rng.uniform() : NaN)),
    'spent, which is above 0 only for yes': (target, rng) =>
      target.map(y => (y === 1 && rng.uniform() < 0.5 ? 10 * rng.uniform() + 1 : 0)),
  };

  test.each(Object.entries(leaking))('%s is a leak, and alone is', (_, make) => {
    fc.assert(
      fc.property(seeds, seed => {
        const rng = new Rng(seed);
        const target = drawn(1000, rng);
        const suspects = [numbers('age', good(target, 0.5, rng)), numbers('amount', make(target, rng))];
        const leaks = leaksOf(suspects, target).filter(({ verdict }) => verdict === 'leak');
        expect(leaks.map(({ column }) => column)).toEqual(['amount']);
        expect(leaks[0].evidence.en.length).toBeGreaterThan(40);
      }),
      { numRuns: 20 },
    );
  });

  test('a name that speaks of afterwards is a leak only where the column tells much, and never of the past', () => {
    const rng = new Rng(5);
    const target = drawn(2000, rng);
    const named = (name: string, shift: number): string[] =>
      leaksOf([numbers(name, good(target, shift, rng)), numbers('age', good(target, 0.4, rng))], target)
        .filter(({ verdict }) => verdict === 'leak')
        .map(({ column }) => column);
    expect(named('call_duration', 1.2)).toEqual(['call_duration']);
    expect(named('通话时长', 1.2)).toEqual(['通话时长']);
    expect(named('call_duration', 0)).toEqual([]);
    expect(named('last_call_duration', 1.2)).toEqual([]);
    expect(named('loyalty', 1.2)).toEqual([]);
  });

  test('dates later than their row are a leak', () => {
    const rng = new Rng(9);
    const target = drawn(500, rng);
    const late: Suspect = { ...numbers('closed_on', good(target, 0, rng)), kind: 'date', later: 0.4 };
    expect(leaksOf([late], target)[0]).toMatchObject({ sign: 'later_date', verdict: 'leak' });
  });

  test('a file that is sorted by its answer is said to be', () => {
    const target = Float32Array.from({ length: 600 }, (_, row) => Number(row < 200));
    expect(leaksOf([], target)).toMatchObject([{ column: '', sign: 'row_order', verdict: 'warning' }]);
  });
});

describe('real files', () => {
  const files: [file: string, target: string, yes: string, leaks: string[]][] = [
    ['purchase/bank-additional-full.csv.gz', 'y', 'yes', ['duration']],
    ['purchase/orange_juice.csv', 'Purchase', 'MM', []],
    ['purchase/orange_juice.csv', 'Purchase', 'CH', []],
    ['uplift/hillstrom_mens_half.csv.gz', 'conversion', '1', ['spend', 'visit']],
    ['uplift/hillstrom_mens_half.csv.gz', 'visit', '1', ['conversion', 'spend']],
  ];
  for (const [file, target, yes, expected] of files) {
    const path = publicData(file);
    test.skipIf(path === undefined)(
      `${file}, ${target} = ${yes}: ${expected.join(', ') || 'no column'} leaks, and no other is named${path === undefined ? ' (skipped: the file is not on this machine)' : ''}`,
      async () => {
        const raw = await readTable({ path: path ?? '', name: file });
        const { leaks, faults } = prepareTable(raw, TableChoices.parse({ target, yes }));
        expect(faults).toEqual([]);
        const named = leaks.filter(({ verdict }) => verdict === 'leak').map(({ column }) => column);
        expect(named.sort()).toEqual(expected);
        const warned = leaks.filter(({ verdict, sign }) => verdict === 'warning' && sign !== 'row_order');
        expect(warned.map(({ sign }) => sign).filter(sign => sign !== 'id_tells')).toEqual([]);
      },
      30_000,
    );
  }
});
