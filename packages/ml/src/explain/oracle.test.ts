import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import type { Table } from '../table.ts';
import { forestOf, oracle, tableFrom } from '../trees/oracle.testing.ts';
import { predictForest } from '../trees/predict.ts';
import { partialDependence } from './dependence.ts';
import { permutationImportance } from './permutation.ts';

const { explanations } = oracle;
const forest = forestOf(explanations.forest, [0, 0, 0, 0]);
const model = { predict: (table: Table) => predictForest(forest, table) };
const table = tableFrom(explanations.x);

test('partial dependence is that of scikit-learn, on one feature and on two', () => {
  const at = { x0: explanations.at, x1: explanations.at, x2: explanations.at };
  expect(distance(partialDependence(model, table, ['x0'], { at }).values, explanations.one)).toBeLessThan(
    1e-6,
  );
  expect(
    distance(partialDependence(model, table, ['x1', 'x2'], { at }).values, explanations.two),
  ).toBeLessThan(1e-6);
});

test('permutation importance is that of scikit-learn, within what shuffling leaves open', async () => {
  const target = Float32Array.from(explanations.target);
  const score = (_: typeof model, rows: Table, y: Float32Array): number =>
    -model.predict(rows).reduce((sum, value, row) => sum + (value - y[row]) ** 2, 0) / y.length;
  const found = await permutationImportance(model, table, target, { score, repeats: 60 });
  const { mean, deviation } = explanations.importance;
  found.forEach((own, j) => {
    expect(Math.abs(own.mean - mean[j])).toBeLessThan((5 * deviation[j]) / Math.sqrt(30));
    expect(own.deviation / deviation[j]).toBeGreaterThan(0.6);
    expect(own.deviation / deviation[j]).toBeLessThan(1.6);
  });
});
