import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  differenceOfMeans,
  differenceOfShares,
  sampleRatioP,
  scaled,
  tQuantile,
  type Sums,
} from './statistics.ts';

interface Reference {
  shares: { given: [number, number, number, number]; low: number; high: number }[];
  means: { one: number[]; two: number[]; low: number; high: number }[];
  ratios: { given: [number, number, number]; p: number }[];
  quantiles: { given: [number, number]; t: number }[];
}
// written by reference.py with SciPy and statsmodels
const reference = JSON.parse(
  readFileSync(new URL('./reference/reference.json', import.meta.url), 'utf8'),
) as Reference;

const sums = (values: readonly number[]): Sums => ({
  n: values.length,
  sum: values.reduce((a, b) => a + b, 0),
  squares: values.reduce((a, b) => a + b * b, 0),
});

describe('figures equal to those of SciPy and statsmodels', () => {
  test.each(reference.shares)('difference of shares $given', ({ given: [a, n, b, m], low, high }) => {
    const ours = differenceOfShares({ successes: a, n }, { successes: b, n: m });
    expect(ours.low).toBeCloseTo(low, 10);
    expect(ours.high).toBeCloseTo(high, 10);
    expect(ours.value).toBeCloseTo(a / n - b / m, 12);
  });
  test.each(reference.means)('difference of means $low', ({ one, two, low, high }) => {
    const ours = differenceOfMeans(sums(one), sums(two));
    expect(ours.low).toBeCloseTo(low, 8);
    expect(ours.high).toBeCloseTo(high, 8);
  });
  test.each(reference.ratios)('sample ratio $given', ({ given: [held, treated, share], p }) => {
    const n = held + treated;
    const ours = sampleRatioP([held, treated], [share * n, (1 - share) * n]);
    expect(Math.abs(ours - p)).toBeLessThan(1e-10 * Math.max(p, 1e-3) + 1e-15);
  });
  test.each(reference.quantiles)('quantile of t $given', ({ given: [p, degrees], t }) => {
    expect(tQuantile(p, degrees)).toBeCloseTo(t, 8);
  });
});

test('what the data cannot say is null, not a number', () => {
  const nobody = { n: 0, sum: 0, squares: 0 };
  const some = { n: 5, sum: 10, squares: 30 };
  expect(differenceOfShares({ successes: 1, n: 4 }, { successes: 0, n: 0 })).toEqual({
    ...{ value: null, low: null, high: null, n: 4 },
  });
  expect(differenceOfMeans(nobody, some)).toEqual({ value: null, low: null, high: null, n: 5 });
  const idle = { n: 5, sum: 0, squares: 0 };
  expect(differenceOfMeans(idle, idle)).toEqual({ value: 0, low: null, high: null, n: 10 });
  expect(scaled({ value: 2, low: null, high: 3, n: 9 }, 10)).toEqual({
    value: 20,
    low: null,
    high: 30,
    n: 9,
  });
});
