import { expect, test } from 'vitest';
import { printed } from './bench.ts';
import { growthExponent, interleaved, median } from './measure.ts';

test('the exponent of a power law is its power', () => {
  const points = [1, 10, 100].map(size => [size, 3 * size ** 1.5] as const);
  expect(growthExponent(points)).toBeCloseTo(1.5, 10);
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('works that are compared take turns, and the order turns too', async () => {
  const order: string[] = [];
  await interleaved(2, { ours: () => order.push('ours'), peer: () => order.push('peer') });
  expect(order).toEqual(['ours', 'peer', 'peer', 'ours']);
});

test('a ratio below 1 is ahead, for costs and for rates', () => {
  expect(printed({ work: 'w', ours: 1, peer: 2, unit: 's' }).ratio).toBe(0.5);
  expect(printed({ work: 'w', ours: 200, peer: 100, unit: 'rows/s' }).ratio).toBe(0.5);
  expect(printed({ work: 'w', ours: 1, unit: 's' })).toEqual({
    work: 'w',
    ours: 1,
    peer: null,
    ratio: null,
    quality: null,
    unit: 's',
  });
});
