import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inverse } from '../numeric/symmetric.ts';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { balanced } from './balance.ts';
import { sweep } from './gramian.ts';
import { madeInteractions, dense } from './made.testing.ts';
import { merged } from './recommender.ts';
import { slim } from './slim.ts';

test('sweeping a matrix gives minus its inverse, of one block of columns and of several', async () => {
  for (const n of [64, 192]) {
    const rng = new Rng(n);
    const half = Float64Array.from({ length: n * n }, () => rng.normal());
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) matrix[i * n + j] += half[i * n + k] * half[j * n + k];
        if (i === j) matrix[i * n + j] += n;
      }
    const swept = await withTeam('recommend', { threads: 2 }, async team => {
      const own = team.copied(matrix);
      await sweep(team, own, n);
      return own.slice();
    });
    const expected = inverse(matrix, n);
    for (let i = 0; i < n; i++)
      expect(
        distance(
          swept.subarray(i * n, i * n + i + 1).map(value => -value),
          expected.subarray(i * n, i * n + i + 1),
        ),
      ).toBeLessThan(1e-9);
  }
});

test('one step for one pair moves along the gradient of ln sigmoid (finite differences)', () => {
  const rng = new Rng(5);
  const [rank, rate, l2, fixed] = [8, 1e-3, 0.3, 7];
  const random = (n: number): Float32Array => Float32Array.from({ length: n }, () => rng.normal());
  const [x, y] = [random(rank), random(2 * rank)];
  x[fixed] = 1;
  // one user who has item 0 of two: the pair is (0, 1)
  const moved = withTeam('recommend', { threads: 1 }, team => {
    const [own, items] = [team.copied(x), team.copied(y)];
    const data = [Uint32Array.of(0, 1), Uint32Array.of(0), Uint32Array.of(0)].map(each => team.copied(each));
    const state = team.copied(Rng.seedWords(1));
    team.run('pairwiseSteps', 1, 1, ...data, 1, 2, own, items, rank, fixed, rate, l2, state);
    return { x: own.slice(), y: items.slice() };
  });
  const gain = (a: Float64Array, b: Float64Array): number => {
    let apart = 0;
    for (let j = 0; j < rank; j++) apart += a[j] * (b[j] - b[rank + j]);
    const square = [...a, ...b].reduce((sum, value) => sum + value * value, 0);
    return -Math.log1p(Math.exp(-apart)) - (l2 / 2) * square;
  };
  const [a, b] = [Float64Array.from(x), Float64Array.from(y)];
  const slopeOf = (values: Float64Array, at: number): number => {
    const h = 1e-5;
    const before = values[at];
    values[at] = before + h;
    const up = gain(a, b);
    values[at] = before - h;
    const down = gain(a, b);
    values[at] = before;
    return (up - down) / (2 * h);
  };
  for (let j = 0; j < rank; j++)
    if (j !== fixed) expect((moved.x[j] - x[j]) / rate).toBeCloseTo(slopeOf(a, j), 2);
  for (let j = 0; j < 2 * rank; j++) expect((moved.y[j] - y[j]) / rate).toBeCloseTo(slopeOf(b, j), 2);
  expect(moved.x[fixed]).toBe(1);
});

test('the weights of slim are where no coordinate can be better', async () => {
  const data = madeInteractions(200, 40, 8);
  const [l1, l2, n] = [1, 4, 40];
  const weights = dense((await slim({ l1, l2 }).fit(data)).weights);
  const x = dense(data).map(value => Number(value > 0));
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      let slope = l1 + l2 * weights[i * n + j];
      for (let u = 0; u < 200; u++) {
        let rest = x[u * n + j];
        for (let m = 0; m < n; m++) rest -= x[u * n + m] * weights[m * n + j];
        slope -= x[u * n + i] * rest;
      }
      // zero where the weight is not; not below zero where it is
      if (weights[i * n + j] > 0) expect(Math.abs(slope)).toBeLessThan(0.2);
      else expect(slope).toBeGreaterThan(-0.2);
    }
});

test('blocks hold every row once, and no more work than asked but for single rows', () => {
  const lengths = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 60 }), (counts, most) => {
      const offsets = new Uint32Array(counts.length + 1);
      counts.forEach((count, row) => (offsets[row + 1] = offsets[row] + count));
      const indices = new Uint32Array(offsets[counts.length]);
      const bounds = balanced({ rows: counts.length, width: 1, offsets, indices }, 1, most);
      expect([bounds[0], bounds[bounds.length - 1]]).toEqual([0, counts.length]);
      for (let block = 1; block < bounds.length; block++) {
        const rows = bounds[block] - bounds[block - 1];
        const work = rows + offsets[bounds[block]] - offsets[bounds[block - 1]];
        expect(rows === 1 || work <= most).toBe(true);
        expect(rows).toBeGreaterThan(0);
      }
    }),
  );
});

test('items that come again in a row are summed', () => {
  const twice = {
    rows: 2,
    width: 5,
    offsets: Uint32Array.of(0, 3, 4),
    indices: Uint32Array.of(4, 1, 4, 2),
    values: Float32Array.of(1, 2, 3, 4),
  };
  expect(merged(twice)).toEqual({
    rows: 2,
    width: 5,
    offsets: Uint32Array.of(0, 2, 3),
    indices: Uint32Array.of(1, 4, 2),
    values: Float32Array.of(2, 4, 4),
  });
});
