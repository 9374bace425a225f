import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { rowsAt, tableOf } from '../table.ts';
import { gammaDeviance, mae, mase, pinball, poissonDeviance, r2, rmse, smape } from './amounts.ts';
import { bootstrap, bootstrapAll } from './bootstrap.ts';
import { accuracy, balancedAccuracy, confusion, fBeta, precision, recall, type Average } from './classes.ts';
import { concordance } from './concordance.ts';
import { gainAt, liftAt } from './gain.ts';
import { groupedRanking } from './grouped.ts';
import { ascending } from './order.ts';
import { brier, calibrationError, logLoss, multiclassLogLoss } from './probability.ts';
import { auc, averagePrecision, precisionRecallCurve, rocCurve } from './roc.ts';
import { silhouette } from './silhouette.ts';
import { bestF1, decisionAt } from './threshold.ts';
import { qini, qiniCurve, upliftAt } from './uplift.ts';

type Column =
  | ('y' | 'scores' | 'p' | 'w' | 'told' | 'true3' | 'told3' | 'p3' | 'amount' | 'guess' | 'count')
  | ('groups' | 'relevance' | 'unique' | 'treated' | 'history' | 'a' | 'b' | 'c');
type Single = 'multiclassLogLoss' | 'ndcg' | 'map' | 'recallAt' | 'qini' | 'upliftAt' | 'silhouette';

// what `oracles/metrics.py` wrote
const oracle = JSON.parse(readFileSync(new URL('../../oracles/metrics.json', import.meta.url), 'utf8')) as {
  data: Record<Column, number[]>;
  values: Record<Single, number> & Record<string, number>;
  confusion: number[];
} & Record<'precision' | 'recall' | 'f2', Record<Average, number>>;
const { data } = oracle;
const table = tableOf({
  a: Float32Array.from(data.a),
  b: Float32Array.from(data.b),
  c: Float32Array.from(data.c),
});
const uplift = { scores: data.unique, outcome: data.y, treated: data.treated };

type Weighted = (at: (name: Column) => ArrayLike<number>, w?: ArrayLike<number>) => number;

/** Every figure as a function of data and weights. */
const weighted: Record<string, Weighted> = {
  accuracy: (at, w) => accuracy(at('told3'), at('true3'), w),
  balancedAccuracy: (at, w) => balancedAccuracy(at('told3'), at('true3'), w),
  auc: (at, w) => auc(at('scores'), at('y'), w),
  averagePrecision: (at, w) => averagePrecision(at('scores'), at('y'), w),
  logLoss: (at, w) => logLoss(at('p'), at('y'), w),
  brier: (at, w) => brier(at('p'), at('y'), w),
  mae: (at, w) => mae(at('guess'), at('amount'), w),
  rmse: (at, w) => rmse(at('guess'), at('amount'), w),
  r2: (at, w) => r2(at('guess'), at('amount'), w),
  pinball: (at, w) => pinball(at('guess'), at('amount'), 0.8, w),
  poissonDeviance: (at, w) => poissonDeviance(at('guess'), at('count'), w),
  gammaDeviance: (at, w) => gammaDeviance(at('guess'), at('amount'), w),
  smape: (at, w) => smape(at('guess'), at('amount'), w),
  mase: (at, w) => mase(at('guess'), at('amount'), data.history, 4, w),
};
/** As above, but what scikit-learn says has no weights. */
const more: Record<string, Weighted> = {
  lift: (at, w) => liftAt(at('scores'), at('y'), 0.2, w),
  bestF1: (at, w) => bestF1(at('scores'), at('y'), w).f1,
  f1: (at, w) => decisionAt(at('scores'), at('y'), 0.3, w).f1,
  roc: (at, w) => rocCurve(at('scores'), at('y'), 500, w).reduce((sum, point) => sum + point.tpr, 0),
  precisionRecall: (at, w) =>
    precisionRecallCurve(at('scores'), at('y'), 500, w).reduce((sum, point) => sum + point.precision, 0),
  calibrationError: (at, w) => calibrationError(at('p'), at('y'), 1, w),
  qini: (at, w) => qini({ scores: at('scores'), outcome: at('y'), treated: at('treated'), weights: w }),
  upliftAt: (at, w) =>
    upliftAt({ scores: at('scores'), outcome: at('y'), treated: at('treated'), weights: w }, 0.3),
  concordance: (at, w) =>
    concordance(at('scores'), { time: Float32Array.from(at('count')), event: Float32Array.from(at('y')) }, w),
};

test.each(Object.entries(weighted))('%s is that of scikit-learn, with weights', (name, of) => {
  expect(of(column => data[column], data.w)).toBeCloseTo(oracle.values[name], 10);
});

test.each(Object.entries({ ...weighted, ...more }))('%s: a weight is a row repeated', (_, of) => {
  const repeats = data.w.flatMap((times, row) => new Array<number>(times).fill(row));
  const again = of(column => repeats.map(row => data[column][row]));
  expect(of(column => data[column], data.w)).toBeCloseTo(again, 10);
});

test.each(['binary', 'macro', 'micro', 'weighted'] as const)('%s precision, recall and F2', average => {
  const [told, truth] = average === 'binary' ? [data.told, data.y] : [data.told3, data.true3];
  expect(precision(told, truth, data.w, average)).toBeCloseTo(oracle.precision[average], 12);
  expect(recall(told, truth, data.w, average)).toBeCloseTo(oracle.recall[average], 12);
  expect(fBeta(told, truth, 2, data.w, average)).toBeCloseTo(oracle.f2[average], 12);
});

test('confusion, log loss of several classes, rankings by group, uplift and silhouette', () => {
  expect([...confusion(data.told3, data.true3, data.w).counts]).toEqual(oracle.confusion);
  expect(multiclassLogLoss(data.p3, data.true3, data.w)).toBeCloseTo(oracle.values.multiclassLogLoss, 10);
  const ranking = groupedRanking(data.unique, data.relevance, data.groups);
  expect(ranking.ndcg(5)).toBeCloseTo(oracle.values.ndcg, 10);
  expect(ranking.map(5)).toBeCloseTo(oracle.values.map, 10);
  expect(ranking.recall(5)).toBeCloseTo(oracle.values.recallAt, 10);
  expect(qini(uplift)).toBeCloseTo(oracle.values.qini, 10);
  expect(upliftAt(uplift, 0.3)).toBeCloseTo(oracle.values.upliftAt, 10);
  expect(silhouette(table, data.true3)).toBeCloseTo(oracle.values.silhouette, 8);
});

describe('silhouette', () => {
  test('weights are rows repeated; of a sample it is near that of all', () => {
    const repeats = data.w.flatMap((times, row) => new Array<number>(times).fill(row));
    const labels = repeats.map(row => data.true3[row]);
    expect(silhouette(table, data.true3, { weights: data.w })).toBeCloseTo(
      silhouette(rowsAt(table, repeats), labels),
      10,
    );
    const part = silhouette(table, data.true3, { sample: 120, rng: new Rng(1) });
    expect(Math.abs(part - oracle.values.silhouette)).toBeLessThan(0.05);
    expect(() => silhouette(table, new Int32Array(table.rows))).toThrow(/one cluster/);
  });
});

test('an order by the true effect has a Qini above 0, its reverse below, none 0', () => {
  expect(qini({ ...uplift, scores: data.y.map(() => 1) })).toBeCloseTo(0, 12);
  const effect = data.y.map((y, row) => (data.treated[row] === 1 ? y : -y));
  expect(qini({ ...uplift, scores: effect })).toBeGreaterThan(0.05);
  expect(qini({ ...uplift, scores: effect.map(v => -v) })).toBeLessThan(-0.05);
  expect(qiniCurve(uplift).at(-1)?.share).toBe(1);
  expect(() => qini({ ...uplift, treated: data.y.map(() => 1) })).toThrow(/control group/);
});

test('gain under weights of which some are 0 reaches all', () => {
  expect(gainAt(data.scores, data.y, [0, 1], data.w)).toEqual([0, 1]);
});

test('positions by digits are those of a plain sort: negative, equal, tiny, huge, missing', () => {
  const numbers = fc.array(
    fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(-0), fc.constant(NaN)),
    { minLength: 2100, maxLength: 2300, size: 'max' },
  );
  fc.assert(
    fc.property(numbers, values => {
      const plain = Uint32Array.from(values, (_, i) => i).sort((a, b) => {
        const [x, y] = [values[a], values[b]];
        return x < y ? -1 : x > y ? 1 : Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      });
      expect(ascending(values)).toEqual(plain);
    }),
    { numRuns: 10 },
  );
});

test('concordance counts pairs', () => {
  const subject = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean(), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(fc.array(subject, { minLength: 2, maxLength: 30 }), subjects => {
      let [inOrder, pairs] = [0, 0];
      for (const [time, event, risk] of subjects)
        for (const [later, otherEvent, otherRisk] of subjects) {
          if (!event || !(later > time || (later === time && !otherEvent))) continue;
          pairs++;
          inOrder += risk > otherRisk ? 1 : risk === otherRisk ? 0.5 : 0;
        }
      const target = {
        time: Float32Array.from(subjects, ([time]) => time),
        event: Float32Array.from(subjects, ([, event]) => Number(event)),
      };
      const found = concordance(
        subjects.map(([, , risk]) => risk),
        target,
      );
      if (pairs === 0) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(inOrder / pairs, 10);
    }),
  );
});

describe('bootstrap', () => {
  test('several statistics over the same draws are those of each alone', async () => {
    const options = () => ({ rng: new Rng(4), rounds: 60 });
    const both = await bootstrapAll(
      data.y.length,
      { mae: w => mae(data.guess, data.amount, w), auc: w => auc(data.scores, data.y, w) },
      options(),
    );
    expect(both.auc).toEqual(await bootstrap(data.y.length, w => auc(data.scores, data.y, w), options()));
    expect(both.mae.low < both.mae.value && both.mae.value < both.mae.high).toBe(true);
  });
  test('whole groups are drawn: rows that are all alike within a group make it wider', async () => {
    const rng = new Rng(8);
    const means = Array.from({ length: 20 }, () => rng.normal());
    const groups = Int32Array.from({ length: 400 }, (_, row) => row % 20);
    const values = Array.from(groups, group => means[group]);
    const width = async (by?: Int32Array): Promise<number> => {
      const zero = values.map(() => 0);
      const { low, high } = await bootstrap(400, w => mae(values, zero, w), {
        ...{ rng: new Rng(1), rounds: 100, groups: by },
      });
      return high - low;
    };
    expect(await width(groups)).toBeGreaterThan(2 * (await width()));
    await expect(bootstrap(3, () => 1, { rng, groups: [1, 2] })).rejects.toThrow(/2 groups for 3 rows/);
  });
});

test('what cannot be measured is refused by its row', () => {
  expect(() => confusion([0.5], [1])).toThrow(/row 0 is of class 0.5/);
  expect(() => confusion([0], [1, 1])).toThrow(/1 predictions for 2 rows/);
  expect(() => poissonDeviance([0], [1])).toThrow(/row 0/);
  expect(() => gammaDeviance([1], [0])).toThrow(/row 0/);
  expect(() => groupedRanking([1], [1], [1, 2])).toThrow(/2 groups/);
  expect(r2([1, 1], [2, 2])).toBeNaN();
});
