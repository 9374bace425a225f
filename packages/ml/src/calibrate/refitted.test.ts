import { expect, test } from 'vitest';
import { boosting } from '../trees/boosting/boosting.ts';
import { loadCalibratedModel } from '../registry.ts';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { tableOf, type Table } from '../table.ts';
import { calibrated } from './calibrated.ts';
import { platt } from './platt.ts';
import { refitted } from './refitted.ts';

function world(seed: number, rows: number): { table: Table; target: Float32Array; truth: Float64Array } {
  const rng = new Rng(seed);
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: rows }, () => rng.normal()));
  const truth = Float64Array.from(a, (x, row) => 1 / (1 + Math.exp(1 - x - Math.abs(b[row]))));
  return {
    table: tableOf({ a, b }),
    target: Float32Array.from(truth, p => Number(rng.uniform() < p)),
    truth,
  };
}

const method = boosting({ loss: 'logistic', trees: 60, leaves: 4, minLeaf: 30 });
const [train, later, unseen] = [world(1, 2_000), world(2, 1_000), world(3, 1_000)];

async function made(refits: number) {
  const model = await method.fit(train.table, train.target);
  const others = [];
  for (let round = 0; round < refits; round++) {
    const rng = new Rng(10 + round);
    const weights = train.target.map(() => -Math.log(1 - rng.uniform()));
    others.push(await method.fit(train.table, train.target, { weights }));
  }
  const whole = refitted(model, others);
  return calibrated(whole, await platt({ logOdds: whole.logOdds(later.table), target: later.target }));
}

test('intervals of boosted trees hold the true probability as often as they say, and not by being wide', async () => {
  const { low, high } = (await made(8)).judge(unseen.table);
  const held = unseen.truth.filter((p, row) => low[row] <= p && p <= high[row]).length;
  const width = high.reduce((sum, value, row) => sum + value - low[row], 0) / high.length;
  expect(held / unseen.table.rows).toBeGreaterThan(0.9);
  expect(width).toBeLessThan(0.3);
});

test('it predicts as its model does, and comes back from its bytes with the same intervals', async () => {
  const whole = await made(3);
  const again = loadCalibratedModel(decode(encode(whole.save())));
  expect(again.judge(unseen.table)).toEqual(whole.judge(unseen.table));
  expect(whole.model.predict(unseen.table)).toEqual(whole.model.model.predict(unseen.table));
  expect(again.effects(unseen.table)).toEqual(whole.effects(unseen.table));
});

test('one refit tells no spread', async () => {
  await expect(made(1)).rejects.toMatchObject({ code: 'ml.bad_parameter' });
});
