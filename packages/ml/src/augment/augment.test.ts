import { expect, test } from 'vitest';
import { logistic } from '../linear/logistic.ts';
import { Rng } from '../random/rng.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { rowsAt, tableOf } from '../table.ts';
import { augmented } from './augmented.ts';
import { mixUp } from './mix-up.ts';
import { noise } from './noise.ts';
import { smote } from './smote.ts';

for (const augmentation of [noise(), mixUp(), smote()])
  checkEstimator(`logistic on rows with ${augmentation.name}`, {
    estimator: augmented(logistic(), augmentation),
    task: 'binary',
    weights: 'none',
  });

const rng = new Rng(9);
const rows = 120;
const table = tableOf({
  x: Float32Array.from({ length: rows }, () => 100 * rng.normal()),
  y: Float32Array.from({ length: rows }, () => 0.01 * rng.normal()),
  city: Array.from({ length: rows }, (_, row) => ['Lyon', 'Nice'][Number(row % 5 === 0)]),
});
const target = Float32Array.from({ length: rows }, (_, row) => (row < 20 ? 1 : row < 30 ? 2 : 0));

test('rarer classes grow to the size of the largest, the rows that were there stay first', () => {
  const made = smote().apply(table, target, { rng: new Rng(1) });
  const counts = [0, 1, 2].map(k => made.target.filter(y => y === k).length);
  expect(counts).toEqual([90, 90, 90]);
  expect(
    rowsAt(
      made.table,
      Uint32Array.from({ length: rows }, (_, row) => row),
    ),
  ).toEqual(table);
  expect(made.weights.length).toBe(270);
  expect(smote().apply(table, target, { rng: new Rng(1) })).toEqual(made);
  const half = smote({ share: 0.5 }).apply(table, target);
  expect([0, 1, 2].map(k => half.target.filter(y => y === k).length)).toEqual([90, 45, 45]);
});

test('a new row lies on the line between two rows of its class, one of them among the nearest of the other', () => {
  const [x, y] = table.columns;
  const numbers = { names: ['x', 'y'], rows, columns: [x, y] };
  const made = smote({ neighbours: 3 }).apply(numbers, target, { rng: new Rng(2) });
  const [a, b] = made.table.columns;
  const scaled = (i: number, j: number) => ((x[i] - x[j]) / 100) ** 2 + ((y[i] - y[j]) / 0.01) ** 2;
  for (let row = rows; row < made.table.rows; row++) {
    const own = Array.from({ length: rows }, (_, i) => i).filter(i => target[i] === made.target[row]);
    const onLine = own.some(i =>
      own
        .filter(j => j !== i)
        .sort((p, q) => scaled(i, p) - scaled(i, q))
        .slice(0, 5)
        .some(j => {
          const part = (a[row] - x[i]) / (x[j] - x[i]);
          return part > -1e-3 && part < 1.001 && Math.abs(y[i] + part * (y[j] - y[i]) - b[row]) < 1e-4;
        }),
    );
    expect(onLine).toBe(true);
  }
});

test('words of new rows are words that there are; a class of one row is repeated', () => {
  const made = smote().apply(table, target);
  expect(made.table.columns[2].every(code => code === 0 || code === 1)).toBe(true);
  const lonely = Float32Array.from({ length: rows }, (_, row) => Number(row === 7));
  const again = smote().apply(table, lonely);
  expect(new Set(again.table.columns[0].filter((_, row) => again.target[row] === 1)).size).toBe(1);
  expect(() => smote().apply(table, new Float32Array(rows))).toThrow('same class');
});

test('noise is as large as it says, on numbers only, and weights keep their sum', () => {
  const weights = Float32Array.from({ length: rows }, (_, row) => row % 3);
  const made = noise({ scale: 0.5, copies: 20 }).apply(table, target, { weights });
  expect(made.table.rows).toBe(21 * rows);
  const [x, , city] = made.table.columns;
  let squares = 0;
  for (let row = rows; row < x.length; row++) squares += (x[row] - x[row % rows]) ** 2;
  expect(Math.sqrt(squares / (20 * rows))).toBeGreaterThan(35);
  expect(Math.sqrt(squares / (20 * rows))).toBeLessThan(65);
  expect(city.every((code, row) => code === city[row % rows])).toBe(true);
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  expect(sum(made.weights)).toBeCloseTo(sum(weights), 2);
});

test('mixed rows lie within what there is; soft targets and weighted twins say the same', () => {
  const binary = target.map(y => Math.min(y, 1));
  const soft = mixUp({ share: 2 }).apply(table, binary, { rng: new Rng(3) });
  const twins = mixUp({ share: 2, targets: 'weights' }).apply(table, binary, { rng: new Rng(3) });
  expect(soft.table.rows).toBe(3 * rows);
  expect(twins.table.rows).toBe(5 * rows);
  const mean = ({ target: y, weights: w }: typeof soft) =>
    y.reduce((sum, value, row) => sum + value * w[row], 0) / w.reduce((sum, value) => sum + value, 0);
  expect(mean(soft)).toBeCloseTo(mean(twins), 5);
  const [x] = table.columns;
  expect(soft.table.columns[0].every(value => value >= Math.min(...x) && value <= Math.max(...x))).toBe(true);
  expect(soft.target.every(y => y >= 0 && y <= 1)).toBe(true);
  expect(soft.target.some(y => y > 0.05 && y < 0.95)).toBe(true);
});

test('rows that are made are seen by the fit alone, and groups are refused', async () => {
  const numbers = { names: ['x', 'y'], rows, columns: table.columns.slice(0, 2) };
  const seen: number[] = [];
  const inner = logistic();
  const spy = Object.freeze({
    ...inner,
    fit: (given: typeof table, y: Float32Array, options = {}) => {
      seen.push(given.rows);
      return inner.fit(given, y, options);
    },
  });
  const model = await augmented(spy, noise()).fit(
    numbers,
    target.map(y => Math.min(y, 1)),
  );
  expect(seen).toEqual([2 * rows]);
  expect(model.predict(numbers).length).toBe(rows);
  const groups = new Int32Array(rows);
  await expect(augmented(spy, noise()).fit(numbers, target, { groups })).rejects.toThrow('groups');
});
