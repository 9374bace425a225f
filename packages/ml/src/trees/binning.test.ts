import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { binnedTable, binOf, learnBins, SAMPLE } from './binning.ts';

const numbers = fc.array(fc.oneof(fc.float({ noDefaultInfinity: true }), fc.constantFrom(NaN, 0, -0, 1)), {
  minLength: 1,
  maxLength: 400,
});

/** Bins of every value by the kernels: by column, and by row read back to columns. */
function byKernel(table: Table, bins: ReturnType<typeof learnBins>): number[][][] {
  return withTeam('boosting', {}, team => {
    const binned = binnedTable(team, table, bins);
    const { rows, width, stride } = binned;
    const column = (j: number) => [...binned.byColumn.slice(j * rows, (j + 1) * rows)];
    const place = (i: number, j: number) => (Math.floor(j / width) * rows + i) * stride + (j % width);
    const row = (j: number) => Array.from({ length: rows }, (_, i) => binned.byRow[place(i, j)]);
    return table.columns.map((_, j) => [column(j), row(j)]);
  });
}

const plain = (table: Table, bins: ReturnType<typeof learnBins>) =>
  table.columns.map((column, j) => [...column].map(value => binOf(bins[j], value)));

test('the kernels bin as their plain twin, by column and by row', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 2, max: 255 }),
      fc.integer({ min: 1, max: 70 }),
      (values, bins, columns) => {
        const x = Float32Array.from(values);
        const table = tableOf(
          Object.fromEntries(
            Array.from({ length: columns }, (_, j) => [`x${j}`, x.map(v => (j % 3 ? v : v * v))]),
          ),
        );
        const finite = {
          ...table,
          columns: table.columns.map(c => c.map(v => (Math.abs(v) === Infinity ? 1 : v))),
        };
        const learned = learnBins(finite, { bins });
        expect(byKernel(finite, learned)).toEqual(plain(finite, learned).map(column => [column, column]));
      },
    ),
    { numRuns: 60 },
  );
});

test('a question about bins parts the rows as the same question about values', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 2, max: 20 }), (values, bins) => {
      const x = Float32Array.from(values);
      const [learned] = learnBins(tableOf({ x }), { bins });
      expect(learned.edges.length).toBe(learned.bins - 1);
      expect(learned.bins).toBeLessThanOrEqual(bins);
      learned.edges.forEach((edge, b) => {
        for (const v of x) if (!Number.isNaN(v)) expect(binOf(learned, v) <= b + 1).toBe(v <= edge);
      });
    }),
  );
});

describe('edges', () => {
  test('lie halfway between the values where there are few, even between neighbours', () => {
    const next = Math.fround(1 + 2 ** -23);
    const [learned] = learnBins(tableOf({ x: Float32Array.of(next, 1, 5, 5, NaN, -0, 0) }));
    expect([...learned.edges]).toEqual([0.5, 1, Math.fround(next + (5 - next) / 2)]);
  });
  test('give equal shares, and a frequent value a bin of its own', () => {
    const rng = new Rng(3);
    const x = Float32Array.from({ length: 20_000 }, (_, i) => (i % 2 ? 0.25 : rng.uniform()));
    const [learned] = learnBins(tableOf({ x }), { bins: 16 });
    const counts = new Float64Array(17);
    for (const v of x) counts[binOf(learned, v)]++;
    expect(learned.bins).toBe(16);
    expect(counts[binOf(learned, 0.25)]).toBeLessThan(11_000);
    const others = [...counts].filter((count, bin) => bin > 0 && bin !== binOf(learned, 0.25));
    expect(Math.max(...others)).toBeLessThan(1200);
  });
  test('of weighted rows are those of the rows repeated', () => {
    const rng = new Rng(5);
    const table = tableOf({ x: Float32Array.from({ length: 900 }, () => rng.normal()) });
    const weights = Float32Array.from({ length: 900 }, () => rng.integer(4));
    const positions = [...weights].flatMap((weight, row) => Array<number>(weight).fill(row));
    const repeated = rowsAt(table, positions);
    expect(learnBins(table, { bins: 20, weights })).toEqual(learnBins(repeated, { bins: 20 }));
  });
  test('of a sample are near those of all rows', () => {
    const x = Float32Array.from({ length: 4 * SAMPLE }, (_, i) => (i * 7919) % (4 * SAMPLE));
    const [learned] = learnBins(tableOf({ x }), { bins: 10 });
    learned.edges.forEach((edge, b) =>
      expect(Math.abs(edge / (4 * SAMPLE) - (b + 1) / 10)).toBeLessThan(0.01),
    );
  });
});

describe('categories', () => {
  const words = (counts: readonly number[]) =>
    counts.flatMap((count, code) => Array<string>(count).fill(String(code).padStart(3, '0')));
  test('are bins in order of their codes; one that no row has is as missing', () => {
    const { names, columns, rows } = tableOf({ c: words([2, 1, 3]) });
    const table = { names, columns, rows, dictionaries: { c: ['000', '001', '002', 'never'] } };
    expect(learnBins(table)[0]).toEqual({
      bins: 3,
      edges: new Float32Array(),
      codes: Uint8Array.of(1, 2, 3, 0),
    });
  });
  test('share the last bin where they are rare and too many', () => {
    const table = tableOf({ c: words([5, 1, 4, 1, 6]) });
    const [learned] = learnBins(table, { bins: 4 });
    expect([...(learned.codes ?? [])]).toEqual([1, 4, 2, 4, 3]);
    const weights = table.columns[0].map(code => (code === 1 ? 9 : 1));
    expect([...(learnBins(table, { bins: 4, weights })[0].codes ?? [])]).toEqual([1, 2, 4, 4, 3]);
  });
});

test('more bins than a byte can name are refused', () => {
  expect(() => learnBins(tableOf({ x: Float32Array.of(1) }), { bins: 256 })).toThrow('bins must be');
});
