import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { minimise, type Objective } from './lbfgs.ts';
import { factored, inverse, inverseOf, solved } from './symmetric.ts';

/** Rosenbrock's valley (1960): its floor at (1, 1). */
const valley: Objective = ([x, y], gradient) => {
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

test('finds the floor of a curved valley', async () => {
  const { x, convergence } = await minimise(valley, Float64Array.of(-1.2, 1), {
    maxIterations: 100,
    tolerance: 1e-10,
  });
  expect(distance(x, [1, 1])).toBeLessThan(1e-8);
  expect(convergence.converged).toBe(true);
});

test('with an L1 penalty it ends where each coordinate is shrunk, and exactly at zero below the penalty', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async seed => {
      const rng = new Rng(seed);
      const [to, bend, l1] = [3, 0.5, 1].map(size =>
        Float64Array.from({ length: 8 }, () => size * (0.1 + Math.abs(rng.normal()))),
      );
      const signs = to.map(() => Math.sign(rng.normal()));
      // separable: half a parabola's curvature times the squared way to `to`
      const objective: Objective = (x, gradient) =>
        x.reduce((sum, v, i) => {
          const off = v - signs[i] * to[i];
          gradient[i] = bend[i] * off;
          return sum + (bend[i] / 2) * off * off;
        }, 0);
      const start = to.map(() => rng.normal());
      const { x } = await minimise(objective, start, { maxIterations: 500, tolerance: 1e-9, l1 });
      x.forEach((found, i) => {
        const expected = signs[i] * Math.max(0, to[i] - l1[i] / bend[i]);
        expect(Math.abs(found - expected)).toBeLessThan(1e-6);
        if (to[i] < 0.99 * (l1[i] / bend[i])) expect(Math.abs(found)).toBe(0);
      });
    }),
    { numRuns: 50 },
  );
});

test('a pause is asked for before each iteration, and may end the work', async () => {
  let pauses = 0;
  const pause = async (): Promise<void> => {
    if (++pauses === 3) throw new Error('enough');
  };
  const work = minimise(valley, Float64Array.of(-1.2, 1), { maxIterations: 100, tolerance: 1e-10, pause });
  await expect(work).rejects.toThrow('enough');
});

test('a factor solves, inverts, and leaves out a column that others determine', () => {
  // columns 0, 1 and their sum: of rank 2
  const matrix = Float64Array.of(2, 0, 0, 1, 3, 0, 3, 4, 7);
  const factor = factored(matrix, 3, 1e-10);
  expect(factor.lower[8]).toBe(0);
  const x = solved(factor, [1, 2, 3]);
  expect(x[2]).toBe(0);
  expect(distance([2 * x[0] + x[1], x[0] + 3 * x[1]], [1, 2])).toBeLessThan(1e-12);
  expect([...inverseOf(factor).subarray(6)]).toEqual([0, 0, 0]);
  expect(distance(inverse(Float64Array.of(2, 0, 1, 3), 2), [0.6, -0.2, -0.2, 0.4])).toBeLessThan(1e-12);
  expect(() => inverse(Float64Array.of(1, 0, 2, 1), 2)).toThrow('not positive definite at row 1');
});
