import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { loadModel } from '../registry.ts';
import { decode, encode } from '../saved.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { betaGeometric } from './beta-geometric.ts';
import { customersOf } from './customers.ts';
import { asTable, customers, oracle, paretoCustomers, type CountingOracle } from './oracle.testing.ts';
import { paretoProcess } from './pareto.ts';
import type { PurchaseProcess } from './process.ts';
import { bgNbd, mbgNbd, paretoNbd, type PurchaseModel } from './purchases.ts';

const methods: [string, typeof bgNbd, CountingOracle, Table, PurchaseProcess][] = [
  ['bg-nbd', bgNbd, oracle['bg-nbd'], customers, betaGeometric('bgNbd', 0)],
  ['mbg-nbd', mbgNbd, oracle['mbg-nbd'], customers, betaGeometric('mbgNbd', 1)],
  ['pareto-nbd', paretoNbd, oracle['pareto-nbd'], paretoCustomers, paretoProcess],
];
const first40 = (table: Table): Table => rowsAt(table, [...Array(40).keys()]);
const valuesOf = (model: PurchaseModel): number[] => model.parameters.map(parameter => parameter.value);

describe.each(methods)('%s', (_, method, peer, table, process) => {
  test('finds the likelihood and parameters that scipy finds, and tells of customers what lifetimes does', async () => {
    const model = await method().fit(table);
    expect(model.convergence.converged).toBe(true);
    expect(model.logLikelihood).toBeCloseTo(peer.log_likelihood, 5);
    expect(distance(valuesOf(model), peer.parameters)).toBeLessThan(1e-3);
    const some = first40(table);
    expect(distance(model.alive(some), peer.alive)).toBeLessThan(1e-4);
    expect(distance(model.expectedPurchases(some, 13), peer.purchases)).toBeLessThan(1e-4);
    expect(distance([0.5, 4, 52].map(model.expectedOfNew), peer.new)).toBeLessThan(1e-4);
    if (peer.chances)
      expect(
        distance(
          [0, 1, 2, 3, 4].map(n => model.probabilityOfNew(n, 20)),
          peer.chances,
        ),
      ).toBeLessThan(1e-4);
  });

  test('the chances of all counts sum to 1, and their mean is what is expected', async () => {
    const model = await method().fit(table);
    const chances = Array.from({ length: 400 }, (_, n) => model.probabilityOfNew(n, 30));
    expect(chances.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 8);
    expect(chances.reduce((sum, p, n) => sum + n * p, 0)).toBeCloseTo(model.expectedOfNew(30), 6);
    expect([model.probabilityOfNew(0, 0), model.probabilityOfNew(1, 0)]).toEqual([1, 0]);
  });

  test('the distribution of purchases to come has the mean that is expected, and its interval holds enough of it', async () => {
    const model = await method().fit(table);
    const some = first40(table);
    const { expected, none, low, high, variance } = model.counts(some, 30);
    expect(distance(expected, [...model.expectedPurchases(some, 30)])).toBeLessThan(1e-6);
    const alive = model.alive(some);
    const theta = Float64Array.from(valuesOf(model));
    for (let row = 0; row < some.rows; row++) {
      const above: number[] = [];
      process.eachCountAlive(theta, some.columns[0][row], some.columns[2][row], 30, (n, tail) => {
        above[n] = alive[row] * tail;
      });
      expect(none[row]).toBeCloseTo(1 - above[0], 10);
      expect(variance[row]).toBeGreaterThan(0);
      const belowLow = low[row] === 0 ? 0 : 1 - above[low[row] - 1];
      expect(belowLow + (above[high[row]] ?? 0)).toBeLessThanOrEqual(0.05 + 1e-9);
    }
  });

  test('of a customer with no history yet they are those of a new one', async () => {
    const model = await method().fit(table);
    const fresh = model.counts(asTable({ frequency: [0], recency: [0], age: [0] }), 20);
    expect(fresh.none[0]).toBeCloseTo(model.probabilityOfNew(0, 20), 6);
    expect(fresh.expected[0]).toBeCloseTo(model.expectedOfNew(20), 6);
  });

  test('the gradient is that of differences', () => {
    const logLikelihood = process.logLikelihood(customersOf(table, 'test'));
    for (const theta of [Float64Array.of(0.7, 6, 0.9, 2.5), Float64Array.of(2, 3, 1.5, 9)]) {
      const [gradient, other] = [new Float64Array(4), new Float64Array(4)];
      logLikelihood(theta, gradient);
      theta.forEach((value, j) => {
        const h = 1e-5 * value;
        const slope =
          (logLikelihood(theta.with(j, value + h), other) - logLikelihood(theta.with(j, value - h), other)) /
          (2 * h);
        expect(Math.abs(slope - gradient[j]) / Math.max(1, Math.abs(slope))).toBeLessThan(1e-4);
      });
    }
  });

  test('a weight is a customer repeated', async () => {
    const weights = Float32Array.from({ length: table.rows }, (_, row) => row % 3);
    const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
    const [weighted, repeated] = [
      await method().fit(table, undefined, { weights }),
      await method().fit(rowsAt(table, repeats)),
    ];
    expect(distance(valuesOf(weighted), valuesOf(repeated))).toBeLessThan(1e-4);
    expect(weighted.logLikelihood).toBeCloseTo(repeated.logLikelihood, 5);
  });

  test('tells finite things of extreme customers', async () => {
    const model = await method().fit(table);
    const extreme = asTable({
      frequency: [0, 0, 5000, 5000, 1, 20000, 3, 300],
      recency: [0, 0, 1e5, 10, 1e-3, 4e4, 0, 299.99],
      age: [0, 1e6, 1e5, 1e5, 1e6, 4e4, 1e-6, 300],
    });
    const alive = model.alive(extreme);
    expect(alive.every(p => p >= 0 && p <= 1)).toBe(true);
    expect(alive[2]).toBeGreaterThan(0.9);
    expect(alive[3]).toBeLessThan(1e-100);
    const soon = model.expectedPurchases(extreme, 50);
    expect(soon.every(count => count >= 0 && count < Infinity)).toBe(true);
    // 5000 in 100,000 go on at that rate
    expect(soon[2]).toBeGreaterThan(2.2);
    expect(soon[2]).toBeLessThan(2.6);
  });

  test('saved and loaded, it tells the same', async () => {
    const model = await method({ unit: 'days' }).fit(table);
    const loaded = loadModel(decode(encode(model.save()))) as PurchaseModel; // of the kind that was saved
    expect(loaded.unit).toBe('days');
    expect(loaded.parameters).toEqual(model.parameters);
    expect(loaded.expectedPurchases(table, 10)).toEqual(model.expectedPurchases(table, 10));
    expect(() => loadModel({ ...model.save(), arrays: {} })).toThrow(/theta/);
  });

  test('a penalty keeps the parameters nearer to where they started', async () => {
    const few = rowsAt(table, [...Array(30).keys()]);
    const start = process.start(customersOf(few, 'test'));
    const away = async (penalty: number): Promise<number> =>
      Math.max(
        ...valuesOf(await method({ penalty }).fit(few)).map((v, j) => Math.abs(Math.log(v / start[j]))),
      );
    expect(await away(10)).toBeLessThan(await away(0));
    expect(await away(1e6)).toBeLessThan(0.01);
  });

  test('learns from one customer, and from customers who never came back, or says why not', async () => {
    for (const rows of [
      asTable({ frequency: [2], recency: [5], age: [9] }),
      asTable({ frequency: [0, 0], recency: [0, 0], age: [4, 8] }),
    ]) {
      const model = await method({ penalty: 1 }).fit(rows);
      expect(model.expectedPurchases(rows, 5).every(Number.isFinite)).toBe(true);
    }
  });
});

test('intervals hold the truth about as often as they say', async () => {
  const [truth, rng] = [[0.8, 6, 0.9, 2.5], new Rng(5)];
  const expected = betaGeometric('bgNbd', 0).expectedNew(Float64Array.from(truth), 26);
  let held = 0;
  const rounds = 60;
  for (let round = 0; round < rounds; round++) {
    const model = await bgNbd().fit(simulated(truth, 300, rng));
    const { low, high } = model.uncertain(each => Float64Array.of(each.expectedOfNew(26)));
    held += Number(low[0] <= expected && expected <= high[0]);
  }
  expect(held / rounds).toBeGreaterThan(0.85);
});

test('intervals of probabilities stay inside 0 to 1, around the value', async () => {
  const model = await bgNbd().fit(customers);
  const { value, low, high } = model.uncertain(each => each.alive(customers), { scale: 'logit', level: 0.8 });
  value.forEach((p, row) =>
    expect(low[row] <= p && p <= high[row] && low[row] >= 0 && high[row] <= 1).toBe(true),
  );
});

test('histories that cannot be are refused by their row', async () => {
  const spoilt = async (change: Record<string, number[]>) =>
    bgNbd().fit(asTable({ frequency: [1, 0], recency: [2, 0], age: [5, 5], ...change }));
  await expect(spoilt({ recency: [2, 1] })).rejects.toThrow(/row 1 of column "recency"/);
  await expect(spoilt({ age: [5, NaN] })).rejects.toThrow(/row 1 of column "age"/);
  await expect(spoilt({ frequency: [1.5, 0] })).rejects.toThrow(/row 0 of column "frequency"/);
  await expect(spoilt({ recency: [6, 0] })).rejects.toThrow(/from 0 to the age/);
  await expect(bgNbd().fit(asTable({ frequency: [1] }))).rejects.toThrow(/no column recency, age/);
  await expect(bgNbd().fit(asTable({ frequency: [], recency: [], age: [] }))).rejects.toMatchObject({
    code: 'ml.no_rows',
  });
  const model = await bgNbd().fit(customers);
  const words = tableOf({ frequency: ['a'], recency: Float32Array.of(0), age: Float32Array.of(1) });
  expect(() => model.alive(words)).toThrow(/"frequency" is of words/);
  expect(() => model.expectedOfNew(-1)).toThrow(/t must be/);
  expect(() => bgNbd({ penalty: -1 })).toThrow(/penalty/);
  await expect(bgNbd().fit(customers, undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ml.stopped',
  });
});

function simulated([r, alpha, a, b]: number[], n: number, rng: Rng): Table {
  const rows = Array.from({ length: n }, () => {
    const [rate, loss] = [gamma(r, rng) / alpha, gamma(a, rng)];
    const lost = loss / (loss + gamma(b, rng));
    let [x, last] = [0, 0];
    for (let now = wait(rate, rng); now < 40; now += wait(rate, rng)) {
      [x, last] = [x + 1, now];
      if (rng.uniform() < lost) break;
    }
    return [x, last];
  });
  return asTable({
    frequency: rows.map(row => row[0]),
    recency: rows.map(row => row[1]),
    age: rows.map(() => 40),
  });
}

function wait(rate: number, rng: Rng): number {
  return -Math.log(1 - rng.uniform()) / rate;
}

/** By Marsaglia and Tsang (2000). */
function gamma(shape: number, rng: Rng): number {
  if (shape < 1) return gamma(shape + 1, rng) * rng.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = rng.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
