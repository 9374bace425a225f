import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { loadModel } from '../registry.ts';
import { decode, encode } from '../saved.ts';
import { rowsAt } from '../table.ts';
import { gammaGamma, type SpendModel } from './gamma-gamma.ts';
import { lifetimeValue } from './lifetime-value.ts';
import { asTable, customers, oracle } from './oracle.testing.ts';
import { bgNbd } from './purchases.ts';

const peer = oracle['gamma-gamma'];
const first40 = rowsAt(customers, [...Array(40).keys()]);

test('gamma-gamma: the likelihood and parameters of scipy, the averages of lifetimes', async () => {
  const model = await gammaGamma().fit(customers);
  expect(model.logLikelihood).toBeCloseTo(peer.log_likelihood, 5);
  const values = model.parameters.map(parameter => parameter.value);
  expect(distance(values, peer.parameters)).toBeLessThan(1e-3);
  expect(distance(model.expectedAverage(first40), peer.average)).toBeLessThan(1e-5);
  const loaded = loadModel(decode(encode(model.save()))) as SpendModel; // of the kind that was saved
  expect(loaded.expectedAverage(first40)).toEqual(model.expectedAverage(first40));
});

test('the value of each customer is that of lifetimes, inside its interval', async () => {
  const [purchases, spend] = [await bgNbd().fit(customers), await gammaGamma().fit(customers)];
  const options = { periods: 6, period: 4.345, discount: 0.01 };
  const { value, low, high } = lifetimeValue(purchases, spend, first40, options);
  expect(distance(value, peer.value)).toBeLessThan(1e-4);
  value.forEach((v, row) => expect(low[row] < v && v < high[row]).toBe(true));
  const half = lifetimeValue(purchases, spend, first40, { ...options, margin: 0.5, discount: 0.2 });
  half.value.forEach((v, row) => expect(v).toBeLessThan(value[row] / 2));
  expect(() => lifetimeValue(purchases, spend, first40, { ...options, periods: 0 })).toThrow(/periods/);
});

test('gamma-gamma: a weight is a customer repeated, and the gradient leads to the top', async () => {
  const weights = Float32Array.from({ length: customers.rows }, (_, row) => row % 3);
  const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
  const weighted = await gammaGamma().fit(customers, undefined, { weights });
  const repeated = await gammaGamma().fit(rowsAt(customers, repeats));
  expect(weighted.convergence.converged && weighted.convergence.gradient < 1e-7).toBe(true);
  expect(distance(weighted.expectedAverage(first40), repeated.expectedAverage(first40))).toBeLessThan(1e-5);
});

test('gamma-gamma: who bought once is worth the average, and amounts of nothing are refused', async () => {
  const model = await gammaGamma().fit(customers);
  const [p, q, v] = model.parameters.map(parameter => parameter.value);
  expect(model.expectedAverage(asTable({ frequency: [0], monetary: [0] }))[0]).toBeCloseTo(
    (p * v) / (q - 1),
    10,
  );
  const spoilt = asTable({ frequency: [1, 2], monetary: [5, 0] });
  await expect(gammaGamma().fit(spoilt)).rejects.toThrow(/row 1 of column "monetary"/);
  const once = asTable({ frequency: [0, 0], monetary: [0, 0] });
  await expect(gammaGamma().fit(once)).rejects.toMatchObject({ code: 'ml.no_rows' });
});
