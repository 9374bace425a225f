import { SteppedClock, type Progress } from '@bellwether/contracts';
import {
  auc,
  decode,
  encode,
  loadCalibratedModel,
  MlError,
  Rng,
  stratifiedFold,
  tableOf,
  type Data,
  type Table,
} from '@bellwether/ml';
import { expect, test } from 'vitest';
import { compete, fiveFamilies, timeSplitsOf, traitsOf } from './index.ts';

type Truth = (row: { x: number; y: number; city: number }) => number;

/** A moment of a market whose truth is known: two numbers, a long tail, a city, gaps. */
function moment(
  seed: number,
  rows: number,
  truth: Truth,
): { table: Table; target: Float32Array; ids: string[]; p: Float64Array } {
  const rng = new Rng(seed);
  const [x, y, noise] = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => rng.normal()));
  const city = Array.from({ length: rows }, () => rng.integer(4));
  const odds = (row: number): number => truth({ x: x[row], y: y[row], city: city[row] });
  const p = Float64Array.from({ length: rows }, (_, row) => 1 / (1 + Math.exp(-odds(row))));
  const gaps = noise.map(value => (rng.uniform() < 0.1 ? NaN : Math.exp(2 * value)));
  return {
    table: tableOf({ x, y, gaps, city: city.map(at => (at === 3 ? null : ['Lyon', 'Nice', 'Lille'][at])) }),
    target: Float32Array.from(p, share => Number(rng.uniform() < share)),
    ids: Array.from({ length: rows }, (_, row) => `c${row}`),
    p,
  };
}

const straight: Truth = ({ x, y, city }) => x - 0.5 * y + (city === 1 ? 0.8 : 0) - 1;
const crooked: Truth = ({ x, y, city }) => (x * y > 0 ? 1.6 : -1.6) + (city === 1 ? 0.8 : 0) - 0.4;
const small = { refits: 4 };

function pastOf(truth: Truth, rows = 700) {
  const parts = [1, 2, 3].map(seed => moment(seed, rows, truth));
  return { ...timeSplitsOf(parts), calibration: moment(4, rows, truth), later: moment(5, rows, truth) };
}

test('where the truth is a line the line wins, being the simplest within one standard error', async () => {
  const { data, splits, calibration, later } = pastOf(straight);
  const { leaderboard, winner, model } = await compete({ data, splits, calibration, seed: 1, budget: small });
  expect(leaderboard.map(({ family }) => family)).toEqual([
    'logistic',
    'tree',
    'forest',
    'boosting',
    'perceptron',
  ]);
  expect(winner.family).toBe('logistic');
  expect(winner.why.en).toContain('Chosen');
  expect(leaderboard.filter(({ chosen }) => chosen)).toEqual([winner]);
  leaderboard.forEach(({ log_loss, auc: rank, why }) => {
    expect(log_loss.low).toBeLessThan(log_loss.value ?? 0);
    expect(rank.high).toBeGreaterThan(rank.value ?? 1);
    expect(Object.values(why).every(text => text.length > 5)).toBe(true);
  });
  expect(auc(model.predict(later.table), later.target)).toBeGreaterThan(auc(later.p, later.target) - 0.03);
});

test('where it is crooked another wins; its intervals hold the truth, its reasons sum, and its bytes tell the same', async () => {
  const { data, splits, calibration, later } = pastOf(crooked);
  const { winner, leaderboard, model } = await compete({ data, splits, calibration, seed: 1 });
  expect(winner.family).not.toBe('logistic');
  expect(leaderboard[0].why.en).toMatch(/Not chosen: its log loss is 0\.\d+ above/);
  const { probability, low, high } = model.judge(later.table);
  const held = later.p.filter((p, row) => low[row] <= p && p <= high[row]).length / later.p.length;
  expect(held).toBeGreaterThan(0.85);
  const { base, values, features } = model.effects(later.table);
  probability.forEach((p, row) => {
    const own = values.subarray(row * features.length, (row + 1) * features.length);
    expect(own.reduce((sum, value) => sum + value, base)).toBeCloseTo(p, 6);
  });
  const again = loadCalibratedModel(decode(encode(model.save())));
  expect(again.judge(later.table)).toEqual({ probability, low, high });
});

test.each(fiveFamilies(traitsOf(moment(1, 50, straight).table)))(
  'the $family family alone gives a probability in its interval and reasons that sum to it',
  async candidate => {
    const { data, splits, calibration, later } = pastOf(crooked, 400);
    const one = { ...candidate, points: candidate.points.slice(-1) };
    const { model } = await compete({ data, splits, calibration, seed: 1, candidates: [one], budget: small });
    const { probability, low, high } = model.judge(later.table);
    const { base, values, features } = model.effects(later.table);
    expect(features).toEqual(data.table.names);
    probability.forEach((p, row) => {
      expect(low[row] <= p && p <= high[row] && low[row] < high[row]).toBe(true);
      const own = values.subarray(row * features.length, (row + 1) * features.length);
      expect(own.reduce((sum, value) => sum + value, base)).toBeCloseTo(p, 6);
    });
  },
);

test('the same seed gives the same bytes; folds do in the place of moments, and then calibrate too', async () => {
  const { table, target } = moment(7, 600, straight);
  const data: Data = { table, target };
  const splits = stratifiedFold(target, 3, new Rng(1));
  const candidates = fiveFamilies(traitsOf(table)).filter(({ family }) => family !== 'perceptron');
  const once = () => compete({ data, splits, seed: 3, candidates, budget: small });
  const [first, second] = [await once(), await once()];
  expect(encode(second.model.save())).toEqual(encode(first.model.save()));
  expect(second.leaderboard).toEqual(first.leaderboard);
  expect(first.leaderboard[0].auc.n).toBe(600);
});

test('many rows are tuned on few first, and no more than the budget are used', async () => {
  const { data, splits, calibration } = pastOf(straight, 12_500);
  const candidates = fiveFamilies(traitsOf(data.table)).filter(({ family }) => family === 'tree');
  const budget = { tuneRows: 12_000, fitRows: 9_000, ...small };
  const { winner, rows } = await compete({ data, splits, calibration, seed: 1, candidates, budget });
  expect(winner.trials).toBe(5 + 2);
  expect(winner.rows).toBe(12_000);
  expect(rows).toBe(9_000);
});

test('it says which family is at work, takes its time from the clock, and stops when told to', async () => {
  const { data, splits, calibration } = pastOf(straight, 300);
  const clock = new SteppedClock(0);
  const stop = new AbortController();
  const seen: Progress[] = [];
  const halted = compete(
    { data, splits, calibration, seed: 1, clock },
    {
      signal: stop.signal,
      onProgress: progress => {
        seen.push(progress);
        clock.advance(500);
        if (progress.step === 'train.boosting') stop.abort();
      },
    },
  );
  await expect(halted).rejects.toBeInstanceOf(MlError);
  expect([...new Set(seen.map(({ step }) => step))]).toEqual([
    'train.logistic',
    'train.tree',
    'train.forest',
    'train.boosting',
  ]);
  expect(seen[1]).toMatchObject({ done: 1, total: 4, unit: 'trials' });
});

test('moments are judged by what came before them; a single one by itself', () => {
  const parts = [1, 2, 3, 4].map(seed => moment(seed, 10 * seed, straight));
  const { data, splits } = timeSplitsOf(parts);
  expect(data.table.rows).toBe(100);
  expect(splits.map(({ train, test: judged }) => [train.length, judged[0], judged.length])).toEqual([
    [30, 30, 30],
    [60, 60, 40],
  ]);
  expect(data.groups?.[0]).toBe(data.groups?.[10]);
  const [only] = timeSplitsOf(parts.slice(0, 1)).splits;
  expect(only.train).toEqual(only.test);
});

test('long tails and words are seen in the columns', () => {
  const { log, words } = traitsOf(moment(1, 500, straight).table);
  expect(log).toEqual(['gaps']);
  expect(words).toEqual({ city: 3 });
});
