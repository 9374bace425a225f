import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { adjustedRand } from './agreement.ts';
import type { Clusterer } from './clusterer.ts';
import { dbscan } from './dbscan.ts';
import { hdbscan } from './hdbscan.ts';
import { kdTree, nearestTo, pointAt, within } from './kd-tree.ts';
import { blobs, moons, oracle, weights } from './oracle.testing.ts';
import { spanningTree } from './spanning-tree.ts';

const predict = (model: Clusterer, table: Table): Int32Array => model.assign(table);
const common = { task: 'regression', supervised: false, predict } as const;
checkEstimator('dbscan', { estimator: dbscan({ radius: 0.4 }), ...common });
checkEstimator('hdbscan', { estimator: hdbscan({ least: 8, sample: 1500 }), ...common, weights: 'none' });

/** Whether two lists of labels part the rows in the same way; -1 means the same in both. */
function isSamePartition(found: ArrayLike<number>, expected: readonly number[]): boolean {
  const pairs = new Set(expected.map((label, row) => `${found[row]} ${label}`));
  const noise = expected.every((label, row) => (label === -1) === (found[row] === -1));
  const count = (labels: ArrayLike<number>) => new Set(Array.from(labels)).size;
  return noise && pairs.size === count(found) && pairs.size === count(expected);
}

test('clusters by density agree with scikit-learn, but for rows on the border of two', async () => {
  const model = await dbscan({ radius: 0.2, neighbours: 6 }).fit(moons);
  expect(isSamePartition(model.assign(moons), oracle.dbscan)).toBe(true);
  const weighted = await dbscan({ radius: 1.2, neighbours: 10 }).fit(blobs, undefined, { weights });
  const found = weighted.assign(blobs);
  // a row between cores of two clusters is given to the nearer here, to the first found there
  const border = oracle.dbscan_weighted.filter((label, row) => label !== found[row]).length;
  expect(border).toBeLessThan(8);
  expect(oracle.dbscan_weighted.every((label, row) => (label === -1) === (found[row] === -1))).toBe(true);
});

test('clusters of unlike density agree with scikit-learn', async () => {
  const one = await hdbscan({ least: 15, neighbours: 5 }).fit(moons);
  expect(isSamePartition(one.labels, oracle.hdbscan_moons)).toBe(true);
  expect(one.assign(moons)).toEqual(one.labels);
  const other = await hdbscan({ least: 10, neighbours: 4 }).fit(blobs);
  // where two links are as long, either may be cut first: a row may fall to the other side
  expect(adjustedRand(other.labels, oracle.hdbscan_blobs)).toBeGreaterThan(0.98);
  await expect(hdbscan().fit(blobs, undefined, { weights })).rejects.toThrow('weights must be absent');
});

test('a sample finds what all rows would, and assigns the rest', async () => {
  const rng = new Rng(4);
  const rows = 3000;
  const centre = (row: number) => 10 * (row % 3);
  const table = tableOf({
    x: Float32Array.from({ length: rows }, (_, row) => centre(row) + rng.normal()),
    y: Float32Array.from({ length: rows }, () => rng.normal()),
  });
  const model = await hdbscan({ sample: 600 }).fit(table);
  const labels = model.assign(table);
  expect(model.clusters).toBe(3);
  const pairs = new Set([...labels].flatMap((label, row) => (label < 0 ? [] : [`${label} ${row % 3}`])));
  expect(pairs.size).toBe(3);
  expect(labels.filter(label => label < 0).length).toBeLessThan(rows / 5);
});

test('many rows upon each other, and fewer than a cluster needs, do not crash', async () => {
  const same = rowsAt(moons, new Array<number>(50).fill(3));
  expect((await hdbscan({ least: 5 }).fit(same)).labels.length).toBe(50);
  expect((await hdbscan().fit(rowsAt(moons, [0, 1, 2]))).assign(moons).every(label => label === -1)).toBe(
    true,
  );
  expect((await dbscan({ radius: 0.1 }).fit(rowsAt(moons, [0]))).clusters).toBe(0);
});

const points = fc
  .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
    maxLength: 400,
    size: 'max',
  })
  .map(list => [Float32Array.from(list, ([x]) => x), Float32Array.from(list, ([, y]) => y)]);

test('the tree of points finds what measuring all of them would', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 7 }), ([x, y], count) => {
      const tree = kdTree([x, y], x.length);
      const place = Float64Array.of(1.5, -2);
      const all = [...x].map((value, row) => (value - 1.5) ** 2 + (y[row] + 2) ** 2).sort((a, b) => a - b);
      const expected = Array.from({ length: count }, (_, i) => all[i] ?? Infinity);
      expect([...nearestTo(tree, place, count).squares]).toEqual(expected);
      let seen = 0;
      within(tree, place, 4, () => seen++);
      expect(seen).toBe(all.filter(square => square <= 16).length);
    }),
  );
});

test('the spanning tree is as short as the one that Prim finds', async () => {
  await fc.assert(
    fc.asyncProperty(points, async ([x, y]) => {
      const tree = kdTree([x, y], x.length);
      const cores = Float64Array.from(tree.order, (_, at) =>
        Math.sqrt(nearestTo(tree, pointAt(tree, at), 2).squares[1]),
      );
      const edges = await spanningTree(tree, cores, undefined);
      expect(edges.length).toBe(x.length - 1);
      const apart = (a: number, b: number) => {
        const [p, q] = [pointAt(tree, a), pointAt(tree, b)];
        return Math.max(Math.hypot(p[0] - q[0], p[1] - q[1]), cores[a], cores[b]);
      };
      const near = Float64Array.from(cores, (_, at) => (at === 0 ? 0 : Infinity));
      const left = new Set(near.keys());
      let total = 0;
      while (left.size > 0) {
        const at = [...left].reduce((best, each) => (near[each] < near[best] ? each : best));
        total += near[at];
        left.delete(at);
        for (const other of left) near[other] = Math.min(near[other], apart(at, other));
      }
      expect(edges.reduce((sum, edge) => sum + edge.length, 0)).toBeCloseTo(total, 6);
    }),
    { numRuns: 30 },
  );
});
