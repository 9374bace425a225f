import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitChunks } from '../chunks.ts';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { rowsAt, type Table } from '../table.ts';
import { centresIn, place, shapeOf } from './centres.ts';
import { kMeans } from './k-means.ts';
import { lloydReference, nearestOf } from './nearest.reference.ts';
import { blobs, oracle, weights } from './oracle.testing.ts';

const NO_TARGET = new Float32Array();

function made(rows: number, columns: number, seed: number): Table {
  const rng = new Rng(seed);
  const draw = () => Float32Array.from({ length: rows }, () => rng.normal() + 4 * rng.integer(3));
  return {
    names: Array.from({ length: columns }, (_, j) => `x${j}`),
    rows,
    columns: Array.from({ length: columns }, draw),
  };
}

test('from the same start, centres, labels and inertia agree with scikit-learn', async () => {
  const estimator = kMeans({ k: 4, init: oracle.start, tolerance: 0 });
  for (const [expected, options] of [
    [oracle.k_means, {}],
    [oracle.k_means_weighted, { weights }],
  ] as const) {
    const model = await estimator.fit(blobs, NO_TARGET, options);
    expect(distance(model.centres, expected.centres)).toBeLessThan(1e-6);
    expect([...model.assign(blobs)]).toEqual(expected.labels);
    expect(Math.abs(model.inertia / expected.inertia - 1)).toBeLessThan(1e-6);
    expect(model.converged).toBe(true);
  }
});

test('the kernel that finds the nearest centre agrees with its plain twin to the last bit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 19 }),
      fc.integer({ min: 1, max: 21 }),
      (rows, columns, k) => {
        const table = made(rows, columns, rows * 31 + columns);
        const rng = new Rng(k);
        const centres = Float64Array.from({ length: k * columns }, () => 3 * rng.normal());
        const found = withTeam('cluster', { threads: 1 }, team => {
          const shape = shapeOf(rows, columns, k);
          team.scratch(shape.places * 16 + 64);
          const own = centresIn(team, shape);
          place(own, centres, shape);
          const [labels, upper, lower] = [team.i32(rows), team.f32(rows), team.f32(rows)];
          team.run(
            'assign',
            rows,
            32,
            team.rows(table),
            shape.stride,
            columns,
            own.turned,
            shape.places,
            labels,
            upper,
            lower,
          );
          return { labels: labels.slice(), distances: upper.slice() };
        });
        expect(found).toEqual(nearestOf(table, centres));
      },
    ),
    { numRuns: 60 },
  );
});

test('bounds leave out no row that changes hands: Lloyd with and without them come to the same', async () => {
  for (const [columns, k] of [
    [2, 3],
    [5, 9],
    [16, 20],
  ]) {
    const table = made(3000, columns, k);
    const start = Array.from({ length: k }, (_, c) => table.columns.map(column => column[c * 7]));
    const own = Float32Array.from({ length: 3000 }, (_, row) => row % 3);
    for (const given of [undefined, own]) {
      const model = await kMeans({ k, init: start, maxIterations: 12, tolerance: 0 }).fit(table, NO_TARGET, {
        weights: given,
      });
      const expected = lloydReference(table, Float64Array.from(start.flat()), model.iterations, given);
      expect(distance(model.centres, expected)).toBeLessThan(1e-5);
    }
  }
});

test('weights act as repeated rows', async () => {
  const own = Float32Array.from({ length: blobs.rows }, (_, row) => row % 4);
  const repeats = [...own].flatMap((times, row) => new Array<number>(times).fill(row));
  const estimator = kMeans({ k: 4, init: oracle.start, tolerance: 0 });
  const weighted = await estimator.fit(blobs, NO_TARGET, { weights: own });
  const repeated = await estimator.fit(rowsAt(blobs, repeats));
  expect(distance(weighted.centres, repeated.centres)).toBeLessThan(1e-6);
  expect(weighted.sizes).toEqual(repeated.sizes);
});

test('a centre that lost its rows starts again elsewhere', async () => {
  const far = [1000, 1000, 1000];
  const model = await kMeans({ k: 4, init: [...oracle.start.slice(0, 3), far] }).fit(blobs);
  expect(Math.min(...model.sizes)).toBeGreaterThan(20);
  expect(model.inertia).toBeLessThan(oracle.k_means.inertia * 1.01);
});

test('fewer different rows than clusters leave some empty, and nothing breaks', async () => {
  const same = rowsAt(blobs, [0, 0, 0, 0, 1]);
  const model = await kMeans({ k: 4 }).fit(same);
  expect(model.inertia).toBe(0);
  expect(new Set(model.assign(same)).size).toBe(2);
  await expect(kMeans({ k: 9 }).fit(same)).rejects.toThrow(
    'k must be at most the number of rows, 5; it is 9',
  );
});

test('k-means++ finds blobs that a poor start misses, and batches come near', async () => {
  const best = oracle.k_means.inertia;
  const whole = await kMeans({ k: 4 }).fit(blobs, NO_TARGET, { rng: new Rng(5) });
  expect(whole.inertia).toBeLessThan(best * 1.001);
  const batches = await kMeans({ k: 4, batch: 60 }).fit(blobs, NO_TARGET, { rng: new Rng(5) });
  expect(batches.inertia).toBeLessThan(best * 1.1);
});

test('chunk by chunk it comes near what all rows give, and goes on from a model', async () => {
  const estimator = kMeans({ k: 4 });
  const order = new Rng(1).permutation(blobs.rows);
  const parts = Array.from({ length: 6 }, (_, part) =>
    rowsAt(blobs, order.subarray(part * 40, part * 40 + 40)),
  );
  const chunks = parts.map(table => ({ table, target: NO_TARGET }));
  const first = await fitChunks(estimator, chunks, { rng: new Rng(2) });
  const learner = estimator.learner({}, first);
  for (let round = 0; round < 5; round++) for (const table of parts) await learner.partialFit({ table });
  const labels = learner.model().assign(blobs);
  const pairs = new Set([...labels].map((label, row) => `${label} ${oracle.k_means.labels[row]}`));
  expect(pairs.size).toBeLessThan(8);
  expect(learner.model().sizes.reduce((sum, size) => sum + size, 0)).toBe(blobs.rows * 6);
  expect(() => estimator.learner().model()).toThrow('has not seen a row');
});
