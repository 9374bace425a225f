import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { logistic } from '../linear/logistic.ts';
import { distance } from '../oracle.testing.ts';
import { pipeline } from '../pipeline.ts';
import { standardise } from '../preprocess/standardise.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { decode, encode } from '../saved.ts';
import { sparseOf, type SparseRows } from '../sparse.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { eigenOf } from './eigen.ts';
import { loadPca, pca } from './pca.ts';
import { scatterOf } from './products.ts';
import { placesFor } from './subspace.ts';
import { denseTimesTwice, sparseTimesTwice, timesTwiceReference } from './times-twice.ts';
import { loadTruncatedSvd, truncatedSvd } from './truncated-svd.ts';

interface Components {
  vectors: number[];
  variances: number[];
  shares: number[];
  means: number[];
}
interface Singular {
  vectors: number[];
  values: number[];
}

/** What `oracles/reduce.py` wrote. */
interface Oracle {
  rows: number[][];
  weights: number[];
  sparse: { width: number; offsets: number[]; indices: number[]; values: number[] };
  pca: Components;
  pca_weighted: Components;
  whitened: number[];
  svd_sparse: Singular;
  svd_dense: Singular;
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/reduce.json', import.meta.url), 'utf8'),
) as Oracle;

const asTable = (rows: readonly (readonly number[])[]): Table => ({
  names: rows[0].map((_, j) => `x${j}`),
  rows: rows.length,
  columns: rows[0].map((_, j) => Float32Array.from(rows, row => row[j])),
});
const table = asTable(oracle.rows);
const weights = Float32Array.from(oracle.weights);
const sparse: SparseRows = {
  rows: 80,
  width: oracle.sparse.width,
  offsets: Uint32Array.from(oracle.sparse.offsets),
  indices: Uint32Array.from(oracle.sparse.indices),
  values: Float32Array.from(oracle.sparse.values),
};
const made = (rows: number, columns: number, seed: number): number[][] => {
  const rng = new Rng(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(rng.normal())));
};
const dense = (rows: SparseRows): number[][] =>
  Array.from({ length: rows.rows }, (_, row) => {
    const line = new Array<number>(rows.width).fill(0);
    for (let at = rows.offsets[row]; at < rows.offsets[row + 1]; at++)
      line[rows.indices[at]] = rows.values?.[at] ?? 1;
    return line;
  });

for (const components of [1, 3])
  checkEstimator(`logistic on ${components} principal components`, {
    estimator: pipeline([standardise(), pca({ components, whiten: true })], logistic()),
    task: 'binary',
    weights: 'none',
  });
checkEstimator('logistic on singular vectors', {
  estimator: pipeline([standardise(), truncatedSvd({ components: 1 })], logistic()),
  task: 'binary',
  weights: 'none',
});

test('components, variances and weights agree with scikit-learn', async () => {
  for (const [options, expected] of [
    [{}, oracle.pca],
    [{ weights }, oracle.pca_weighted],
  ] as const) {
    const fitted = await pca({ components: 4 }).fit(table, undefined, options);
    expect(distance(fitted.vectors.slice(0, 18), expected.vectors.slice(0, 18))).toBeLessThan(1e-4);
    expect(distance(fitted.variances, expected.variances)).toBeLessThan(1e-5);
    expect(distance(fitted.shares, expected.shares)).toBeLessThan(1e-5);
    expect(distance(fitted.means, expected.means)).toBeLessThan(1e-6);
  }
});

test('whitened components agree with scikit-learn but for their sign', async () => {
  const { columns } = (await pca({ components: 4, whiten: true }).fit(table)).transform(table);
  const found = Array.from({ length: table.rows }, (_, row) => columns.map(column => Math.abs(column[row])));
  expect(distance(found.flat(), oracle.whitened)).toBeLessThan(1e-3);
});

test('many columns go by random directions, whose components give the rows back', async () => {
  const [left, right] = [made(60, 4, 1), made(4, 450, 2)];
  const noise = made(60, 450, 3);
  const rows = left.map((line, i) =>
    noise[i].map((e, j) => 5 + 0.01 * e + line.reduce((sum, v, k) => sum + (4 - k) * v * right[k][j], 0)),
  );
  const wide = asTable(rows);
  const fitted = await pca({ components: 3 }).fit(wide);
  expect(fitted.variances.length).toBe(3);
  const back = fitted.inverse(fitted.transform(wide));
  const four = await pca({ components: 4 }).fit(wide);
  const whole = four.inverse(four.transform(wide));
  const off = (t: Table) =>
    distance(
      t.columns.flatMap(c => [...c]),
      wide.columns.flatMap(c => [...c]),
    );
  expect(off(whole)).toBeLessThan(0.02);
  expect(off(back)).toBeGreaterThan(off(whole));
});

test('all components together give the columns back', async () => {
  const fitted = await pca().fit(table);
  const back = fitted.inverse(fitted.transform(table));
  expect(back.names).toEqual(table.names);
  back.columns.forEach((column, j) => expect(distance(column, table.columns[j])).toBeLessThan(1e-5));
  expect(fitted.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});

test('singular values and vectors agree with scikit-learn, of sparse rows and dense', async () => {
  const found = await truncatedSvd({ components: 5, iterations: 40 }).fit(sparse);
  expect(distance(found.singularValues, oracle.svd_sparse.values)).toBeLessThan(1e-5);
  expect(distance(found.vectors, oracle.svd_sparse.vectors)).toBeLessThan(1e-3);
  const same = await truncatedSvd({ components: 5, iterations: 40 }).fit(asTable(dense(sparse)));
  expect(distance(same.singularValues, oracle.svd_dense.values)).toBeLessThan(1e-5);
  const [a, b] = [found.transform(sparse), same.transform(asTable(dense(sparse)))];
  a.columns.forEach((column, c) => expect(distance(column, b.columns[c])).toBeLessThan(1e-3));
  expect(() => same.transform(sparse)).toThrow('learned from tables');
});

test('kernels agree with their plain twins', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 700 }),
      fc.integer({ min: 1, max: 11 }),
      async (rows, columns) => {
        const values = made(rows, columns, rows + columns);
        const given = asTable(values);
        const basis = Float32Array.from(made(columns, placesFor(3), 5).flat());
        const expected = timesTwiceReference(values, basis);
        await withTeam('dense', { threads: 1 }, async team => {
          expect(distance(denseTimesTwice(team, given, undefined)(basis), expected)).toBeLessThan(1e-5);
          const lists = values.map(line => line.map((value, j) => [j, value] as const));
          const found = sparseTimesTwice(team, sparseOf(columns, lists), undefined)(basis);
          expect(distance(found, expected)).toBeLessThan(1e-4);
          const { scatter, means } = await scatterOf(team, given, undefined);
          const mean = given.columns.map(column => column.reduce((sum, v) => sum + v, 0) / rows);
          const product = (i: number, j: number) =>
            values.reduce((sum, line) => sum + (line[i] - mean[i]) * (line[j] - mean[j]), 0);
          const own = mean.flatMap((_, i) => mean.map((_m, j) => product(i, j)));
          expect(Math.max(...scatter.map((v, at) => Math.abs(v - own[at])))).toBeLessThan(1e-4 * rows);
          expect(Math.max(...means.map((v, j) => Math.abs(v - mean[j])))).toBeLessThan(1e-6);
        });
      },
    ),
    { numRuns: 25 },
  );
});

test('eigenvalues and vectors give the matrix back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.integer(), (n, seed) => {
      const half = made(n, n, seed).flat();
      const matrix = Float64Array.from(
        { length: n * n },
        (_, at) => half[at] + half[(at % n) * n + Math.floor(at / n)],
      );
      const { values, vectors } = eigenOf(matrix, n);
      const back = Array.from(matrix, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return values.reduce((sum, value, c) => sum + value * vectors[c * n + i] * vectors[c * n + j], 0);
      });
      expect(Math.max(...back.map((v, at) => Math.abs(v - matrix[at])))).toBeLessThan(1e-10);
      expect([...values]).toEqual([...values].sort((a, b) => b - a));
    }),
  );
});

test('threads change nothing; saved and loaded it does the same; constant columns and one row come through', async () => {
  const many = asTable(made(40_000, 7, 8));
  const [one, two] = [
    await pca().fit(many, undefined, { threads: 1 }),
    await pca().fit(many, undefined, { threads: 2 }),
  ];
  expect(Buffer.compare(encode(one.save()), encode(two.save()))).toBe(0);
  expect(loadPca(decode(encode(one.save()))).transform(many)).toEqual(one.transform(many));
  const svd = await truncatedSvd({ components: 2 }).fit(sparse);
  expect(loadTruncatedSvd(decode(encode(svd.save()))).transform(sparse)).toEqual(svd.transform(sparse));
  const constant = tableOf({ a: new Float32Array(5).fill(0.1), b: new Float32Array(5).fill(3) });
  const fitted = await pca({ whiten: true }).fit(constant);
  expect(fitted.transform(constant).columns.every(column => column.every(Number.isFinite))).toBe(true);
  expect((await pca().fit(rowsAt(table, [0]))).transform(table).columns.length).toBe(1);
});
