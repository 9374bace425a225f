import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawsFor } from './random.ts';

const many = <T>(n: number, draw: (n: number) => T): T[] => Array.from({ length: n }, (_, i) => draw(i));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('a stream depends on its key alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 4 }), key => {
      const [a, b] = [drawsFor(...key), drawsFor(...key)];
      expect(many(5, () => a.uniform())).toEqual(many(5, () => b.uniform()));
    }),
  );
});

test('neighbouring keys give streams that do not follow each other', () => {
  const first = many(4000, i => drawsFor(7, 2, i, 0).uniform());
  const second = many(4000, i => drawsFor(7, 2, i, 1).uniform());
  const covariance = mean(first.map((value, i) => (value - 0.5) * ((second[i] ?? 0) - 0.5)));
  expect(Math.abs(covariance * 12)).toBeLessThan(0.06);
});

test('draws have the moments of their distributions', () => {
  const draws = drawsFor(1);
  const uniform = many(20_000, () => draws.uniform());
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(mean(many(20_000, () => draws.normal() ** 2))).toBeCloseTo(1, 1);
  expect(mean(many(20_000, () => draws.poisson(2.5)))).toBeCloseTo(2.5, 1);
  expect(mean(many(20_000, () => draws.gamma(0.7, 3)))).toBeCloseTo(3, 0);
  const picked = many(20_000, () => draws.weighted([1, 0, 3]));
  expect(picked).not.toContain(1);
  expect(picked.filter(index => index === 2).length / picked.length).toBeCloseTo(0.75, 1);
});
