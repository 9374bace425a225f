import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { sparseOf } from '../sparse.ts';
import { als } from './als.ts';
import { bpr } from './bpr.ts';
import { alsLoss } from './least-squares.ts';
import { dense, madeInteractions } from './made.testing.ts';
import { factorsOf } from './factors.ts';

const data = madeInteractions(250, 80, 10);
const METHOD = { factors: 5, iterations: 1, alpha: 2, l2: 0.5, scaling: 0.5, steps: 3 };

/** The loss cell by cell, as Hu, Koren and Volinsky write it. */
function slowLoss(x: Float32Array, y: Float32Array): number {
  const [users, items, f] = [data.rows, data.width, METHOD.factors];
  const values = dense(data);
  const activity = (count: number): number => METHOD.l2 * (count + 1) ** METHOD.scaling;
  const countOf = (cells: Iterable<number>): number => [...cells].filter(value => value !== 0).length;
  let loss = 0;
  for (let u = 0; u < users; u++)
    for (let i = 0; i < items; i++) {
      let score = 0;
      for (let j = 0; j < f; j++) score += x[u * f + j] * y[i * f + j];
      const value = values[u * items + i];
      loss += (1 + METHOD.alpha * value) * (Number(value > 0) - score) ** 2;
    }
  const square = (v: Float32Array): number => v.reduce((sum, value) => sum + value * value, 0);
  for (let u = 0; u < users; u++)
    loss +=
      activity(countOf(values.subarray(u * items, (u + 1) * items))) * square(x.subarray(u * f, (u + 1) * f));
  for (let i = 0; i < items; i++) {
    const column = Array.from({ length: users }, (_, u) => values[u * items + i]);
    loss += activity(countOf(column)) * square(y.subarray(i * f, (i + 1) * f));
  }
  return loss;
}

test('the loss is that of every cell, and falls with each iteration', async () => {
  let from = await als(METHOD).fit(data);
  let before = Infinity;
  for (let iteration = 0; iteration < 5; iteration++) {
    const loss = alsLoss(data, factorsOf(5, from.userFactors, from.itemFactors), METHOD);
    expect(Math.abs(loss / slowLoss(from.userFactors, from.itemFactors) - 1)).toBeLessThan(1e-5);
    expect(loss).toBeLessThan(before);
    before = loss;
    from = await als(METHOD).fit(data, { from });
  }
});

test('the gradient is zero where a fold-in ends (finite differences)', async () => {
  const model = await als({ ...METHOD, iterations: 10 }).fit(data);
  const x = model.foldIn(data);
  const lossAt = (users: Float32Array): number => slowLoss(users, model.itemFactors);
  const base = lossAt(x);
  for (const at of [0, 3, 7, 12, 101]) {
    const h = 1e-2;
    const [up, down] = [x.slice(), x.slice()];
    up[at] += h;
    down[at] -= h;
    const [rise, fall] = [lossAt(up), lossAt(down)];
    // a parabola around x: its slope is small beside its bend
    expect(Math.abs(rise - fall)).toBeLessThan(1e-2 * (rise + fall - 2 * base));
  }
});

test('the fold-in of a user that was learned from is close to the vector learned', async () => {
  const model = await als({ factors: 6, iterations: 40, l2: 1 }).fit(data);
  expect(distance(model.foldIn(data), model.userFactors)).toBeLessThan(0.05);
  const users = Uint32Array.from({ length: data.rows }, (_, row) => row);
  const known = model.recommend(data, { k: 5, users });
  const folded = model.recommend(data, { k: 5 });
  const same = known.items.filter((item, at) => item === folded.items[at]).length;
  expect(same / known.items.length).toBeGreaterThan(0.95);
});

test('bpr folds users in: they rank as those that were learned from', async () => {
  const model = await bpr({ factors: 8, iterations: 120, rate: 0.05, l2: 0.02 }).fit(data);
  const users = Uint32Array.from({ length: data.rows }, (_, row) => row);
  const [known, folded] = [model.scores(data, { users }), model.scores(data)];
  let agreeing = 0;
  const rng = new Rng(3);
  for (let pair = 0; pair < 20_000; pair++) {
    const row = rng.integer(data.rows) * data.width;
    const [i, j] = [row + rng.integer(data.width), row + rng.integer(data.width)];
    if (known[i] > known[j] === folded[i] > folded[j]) agreeing++;
  }
  expect(agreeing / 20_000).toBeGreaterThan(0.85);
});

test('a warm start keeps what is known and takes in new users and items', async () => {
  const known = await als({ factors: 6, iterations: 10 }).fit(data);
  const more = madeInteractions(260, 84, 10);
  const next = await als({ factors: 6, iterations: 1 }).fit(more, { from: known });
  expect(next.userFactors.length).toBe(260 * 6);
  expect(next.itemFactors.length).toBe(84 * 6);
  await expect(als({ factors: 5 }).fit(data, { from: known })).rejects.toThrow(
    /a model of 5 factors; it has 6/,
  );
});

test('users who are not known are refused', async () => {
  const model = await als({ factors: 4, iterations: 1 }).fit(data);
  const one = sparseOf(80, [[[1, 1]]]);
  expect(() => model.recommend(one, { k: 2, users: Uint32Array.of(250) })).toThrow(/user 250 of history 0/);
  expect(() => model.recommend(one, { k: 2, users: Uint32Array.of(1, 2) })).toThrow(/2 known users for 1/);
  expect(() => als({ factors: 0 })).toThrow(/factors must be/);
  expect(() => als({ l2: 0 })).toThrow(/l2 must be/);
});
