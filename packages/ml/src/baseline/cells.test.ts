import { expect, test } from 'vitest';
import { loadClassifier } from '../registry.ts';
import { auc } from '../metrics/roc.ts';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { tableOf } from '../table.ts';
import { cells } from './cells.ts';

const rng = new Rng(2);
const x = Float32Array.from({ length: 2000 }, () => rng.uniform());
const table = tableOf({ x, noise: Float32Array.from({ length: 2000 }, () => rng.normal()) });
const target = x.map(v => Number(rng.uniform() < (v > 0.4 && v < 0.6 ? 0.9 : 0.1)));

test('each cell tells its own rate, drawn towards the rate of all', async () => {
  const model = await cells({ columns: ['x'], bins: 5, shrinkage: 0 }).fit(table, target);
  const [low, middle] = model.predict(tableOf({ x: Float32Array.of(0.05, 0.5) }));
  expect(low).toBeLessThan(0.15);
  expect(middle).toBeGreaterThan(0.75);
  const shrunk = await cells({ columns: ['x'], shrinkage: 1e9 }).fit(table, target);
  expect(shrunk.predict(tableOf({ x: Float32Array.of(0.5) }))[0]).toBeCloseTo(0.26, 1);
});

test('it ranks by cells, takes missing values as lowest, and can be saved', async () => {
  const model = await cells({ columns: ['x', 'noise'] }).fit(table, target);
  expect(auc(model.predict(table), target)).toBeGreaterThan(0.8);
  const hole = tableOf({ x: Float32Array.of(NaN, 0), noise: Float32Array.of(0, 0) });
  expect(model.predict(hole)[0]).toBe(model.predict(hole)[1]);
  expect(loadClassifier(decode(encode(model.save()))).predict(table)).toEqual(model.predict(table));
});
