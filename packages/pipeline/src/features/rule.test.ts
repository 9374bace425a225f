import { tableOf } from '@bellwether/ml';
import { expect, test } from 'vitest';
import { rule } from './rule.ts';

const name = { en: 'bought lately', 'zh-CN': '近期购买' };
const lately = rule({
  name,
  tiers: [
    { when: { recency_days: { to: 30 }, orders: { from: 2 } }, says: 0.5 },
    { when: { recency_days: { to: 30 } }, says: 0.3 },
  ],
  otherwise: 0.1,
});
const table = tableOf({
  recency_days: Float32Array.of(5, 30, 31, NaN),
  orders: Float32Array.of(2, 1, 9, 9),
});

test('the first tier whose bounds all hold is told; what is missing is within no bound', async () => {
  const model = await lately.estimator.fit(table, Float32Array.of(0, 1, 1, 0));
  expect([...model.predict(table)]).toEqual([0.5, 0.3, 0.1, 0.1]);
  expect(model.features).toEqual(['recency_days', 'orders']);
});

test('data change nothing in it', async () => {
  const [one, other] = await Promise.all([
    lately.estimator.fit(table, Float32Array.of(0, 0, 0, 1)),
    lately.estimator.fit(table, Float32Array.of(1, 1, 1, 0)),
  ]);
  expect(one.predict(table)).toEqual(other.predict(table));
});

test.each([
  ['a probability above 1', { tiers: [], otherwise: 1.2 }, /1.2 is no probability/],
  ['a tier without bounds', { tiers: [{ when: {}, says: 0.2 }], otherwise: 0 }, /leave nobody/],
])('%s is refused', (_, wrong, sentence) => {
  expect(() => rule({ name, ...wrong })).toThrow(sentence);
});
