import { expect, test } from 'vitest';
import { fitChunks } from '../../chunks.ts';
import { hashing } from '../../preprocess/hashing/hashing.ts';
import { Rng } from '../../random/rng.ts';
import { decode, encode } from '../../saved.ts';
import { sparseRowsAt, type SparseRows } from '../../sparse.ts';
import { sparseData } from '../../testing/check-data.ts';
import { rowsAt, tableOf, valuesAt } from '../../table.ts';
import { factorisationMachine } from './factors.ts';
import { ftrl, loadFtrl } from './ftrl.ts';
import { hashed } from './hashed.ts';
import { sgd } from './sgd.ts';
import { sparseSoftmax } from './softmax.ts';
import { textClassifier } from './text-classifier.ts';

const { x, y } = sparseData.make('binary', 900, 31);
const parts = [0, 300, 305].map((from, i, all) =>
  Array.from({ length: (all[i + 1] ?? 900) - from }, (_, row) => from + row),
);
const chunks = parts.map(at => ({ table: sparseRowsAt(x, at), target: valuesAt(y, at) }));
const wide = (rows: SparseRows): SparseRows => ({
  ...rows,
  width: 1 << 22,
  indices: rows.indices.map(i => i * 4001),
});

test.each([
  ['ftrl', ftrl({ l1: 0.1 })],
  ['adagrad', sgd({ shuffle: false })],
  ['inverse', sgd({ rate: 'inverse', l1: 1e-3, l2: 1e-3, shuffle: false, average: true })],
  ['softmax', sparseSoftmax({ epochs: 1, shuffle: false })],
  ['factors', factorisationMachine({ epochs: 1, shuffle: false })],
])(
  '%s learns the same from rows in pieces, and whether few of many features occur or all',
  async (_, estimator) => {
    const whole = await estimator.fit(x, y);
    const pieces = await fitChunks(
      estimator as typeof whole extends never ? never : ReturnType<typeof ftrl>,
      chunks,
    );
    expect(pieces.predict(x)).toEqual(whole.predict(x));
    const spread = await estimator.fit(wide(x), y);
    // where factors begin follows from the index, so those of other indices differ by a little
    expect(spread.progressiveLoss).toBeCloseTo(whole.progressiveLoss, 2);
  },
);

test('a model that was saved goes on where it stood; a model given out does not change', async () => {
  const estimator = ftrl();
  const first = estimator.learner();
  await first.partialFit(chunks[0]);
  const before = first.model();
  const told = before.predict(x);
  const second = estimator.learner({}, loadFtrl(decode(encode(before.save()))));
  for (const chunk of chunks.slice(1)) {
    await first.partialFit(chunk);
    await second.partialFit(chunk);
  }
  expect(second.model().predict(x)).toEqual(first.model().predict(x));
  expect(before.predict(x)).toEqual(told);
  expect(second.model().rowsSeen).toBe(900);
});

test('what does not fit what was learned before is refused', async () => {
  const learner = ftrl().learner();
  expect(() => learner.model()).toThrow(/nothing was learned/);
  await learner.partialFit(chunks[0]);
  await expect(learner.partialFit({ table: { ...x, width: 2000 }, target: y })).rejects.toThrow(/2000 wide/);
  expect(() => learner.model().predict({ ...x, width: 2000 })).toThrow(/2000 wide/);
  const averaged = await sgd({ average: true }).fit(x, y);
  const other = sgd().learner({}, averaged);
  await expect(other.partialFit(chunks[0])).rejects.toThrow(/other parameters/);
  const three = sparseSoftmax({ classes: 3 }).learner();
  await three.partialFit(chunks[0]);
  await expect(three.partialFit({ ...chunks[1], target: chunks[1].target.map(() => 3) })).rejects.toThrow(
    /row 0 of the target is 3; there are 3 classes/,
  );
});

test('l1 leaves weights of exactly 0, and more of it more of them', async () => {
  const zeros = async (l1: number) => (await ftrl({ l1 }).fit(x, y)).weights.filter(w => w === 0).length;
  const [none, some, many] = [await zeros(0), await zeros(1), await zeros(3)];
  expect(none).toBeLessThan(some);
  expect(some).toBeLessThan(many);
});

test('the progressive loss is about the loss of new rows', async () => {
  const { x: more, y: told } = sparseData.make('binary', 20_000, 32);
  const at = Array.from({ length: 10_000 }, (_, row) => row);
  const model = await ftrl().fit(sparseRowsAt(more, at), told.slice(0, 10_000));
  const rest = at.map(row => row + 10_000);
  const found = model.predict(sparseRowsAt(more, rest));
  const loss = found.reduce((sum, p, i) => sum - Math.log(told[10_000 + i] ? p : 1 - p) / 10_000, 0);
  expect(Math.abs(model.progressiveLoss - loss)).toBeLessThan(0.1);
});

test('factors know which features go together', async () => {
  const rng = new Rng(4);
  const rows = 4000;
  const pairs = Array.from({ length: rows }, () => [rng.integer(10), 10 + rng.integer(10)]);
  const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => 2 * row);
  const both: SparseRows = { rows, width: 20, offsets, indices: Uint32Array.from(pairs.flat()) };
  const target = Float32Array.from(pairs, ([a, b]) => Number((a + b) % 2 === 0));
  const model = await factorisationMachine({ factors: 4, eta: 0.1, spread: 0.3, epochs: 10 }).fit(
    both,
    target,
  );
  const right = model.predict(both).filter((p, row) => p > 0.5 === target[row] > 0.5).length;
  expect(right / rows).toBeGreaterThan(0.95);
});

test('a table is learned from in pieces through hashing, and contributions are told by column', async () => {
  const rng = new Rng(6);
  const city = Array.from({ length: 2000 }, () => ['Lyon', 'Nice', 'Paris'][rng.integer(3)] ?? null);
  const age = Float32Array.from(city, () => 20 + 60 * rng.uniform());
  const table = tableOf({ age, city });
  const target = Float32Array.from(city, (word, row) => Number((word === 'Nice') !== age[row] > 50));
  const estimator = hashed(hashing({ bins: 4, crosses: [['age', 'city']] }), ftrl({ alpha: 0.5 }));
  const all = Array.from({ length: 2000 }, (_, row) => row);
  const halves = [all.slice(0, 1000), all.slice(1000)].map(at => ({
    table: rowsAt(table, at),
    target: valuesAt(target, at),
  }));
  const model = await fitChunks(estimator, halves);
  const right = model.predict(table).filter((p, row) => p > 0.5 === target[row] > 0.5).length;
  expect(right / 2000).toBeGreaterThan(0.85);
  const told = model.contributions?.(table);
  const sum = (told?.base ?? NaN) + (told?.values[0] ?? NaN) + (told?.values[1] ?? NaN);
  expect(sum).toBeCloseTo(model.logOdds?.(table)[0] ?? NaN, 9);
});

test('texts are told apart by their words, in both scripts', async () => {
  const given = ['where is my parcel', '我的包裹在哪里', 'refund my money', '请退钱给我'];
  const texts = Array.from({ length: 20 }, () => given).flat();
  const target = Float32Array.from(texts, (_, row) => (row % 4 < 2 ? 0 : 1));
  const model = await textClassifier().fit(texts, target);
  expect([...model.classify(['the parcel?', '包裹', 'money, please', '退钱'])]).toEqual([0, 0, 1, 1]);
});
