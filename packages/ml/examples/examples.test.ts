import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@bellwether/ml';
import { expect, test, vi } from 'vitest';
import { madeCustomers } from './customers.ts';
import { gradientDescent } from './gradient-descent.ts';
import { purchasedLogistic } from './purchased-logistic.ts';
import { purchasedPerceptron } from './purchased-perceptron.ts';

// The likelier class is the right one for some 88 % of these customers: the rest is chance. A straight line in age misses
// that the middle of it buys most, which units find.
test('logistic regression on age, income and history', async () => {
  const found = await purchasedLogistic();
  expect(found).toBeGreaterThan(0.74);
  expect(found).toBeLessThan(0.9);
});

test('100 ReLU units to one sigmoid, ten epochs of Adam, do better than a straight line', async () => {
  expect(await purchasedPerceptron()).toBeGreaterThan((await purchasedLogistic()) + 0.02);
});

test('gradient descent at a rate of 0.001 finds a curved border', async () => {
  expect(await gradientDescent()).toBeGreaterThan(0.8);
});

test('both read a file of their own', async () => {
  const { table, target } = madeCustomers(2_000, new Rng(9));
  const [age, income, history] = table.columns;
  const lines = Array.from(target, (y, row) => [age[row], income[row], history[row], y].join(','));
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-examples-'));
  try {
    const file = join(folder, 'customers.csv');
    writeFileSync(file, ['age,income,history,purchased', ...lines].join('\n'));
    expect(await purchasedLogistic(file)).toBeGreaterThan(0.7);
    expect(await purchasedPerceptron(file)).toBeGreaterThan(0.7);
    await expect(purchasedLogistic(new URL('csv.ts', import.meta.url).pathname)).rejects.toThrow(
      'has no column "age"',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the tour of the README is the one that is run here', async () => {
  const text = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  expect(text('../README.md')).toContain(text('tour.ts').trim());
  const said: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation(line => void said.push(line));
  await import('./tour.ts');
  const [auc, why, isSame] = said;
  expect(Number(String(auc).slice(4))).toBeGreaterThan(0.9);
  expect(why).toMatchObject([{ feature: expect.any(String) }, { feature: expect.any(String) }]);
  expect(isSame).toBe(true);
});
