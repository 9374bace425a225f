import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logistic } from '../linear/logistic.ts';
import { loadCalibratedModel, loadClassifier } from '../registry.ts';
import { calibrationError } from '../metrics/probability.ts';
import { sigmoid } from '../numeric/logistic.ts';
import { distance, oracle, oracleTable, oracleTarget } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { calibrated } from './calibrated.ts';
import { chooseCalibrator } from './choose.ts';
import { isotonic, pooledAdjacentViolators } from './isotonic.ts';
import { platt } from './platt.ts';

/** Rows whose true probability is a given function of the log-odds. */
function world(seed: number, n: number, truth: (x: number) => number) {
  const rng = new Rng(seed);
  const logOdds = Float64Array.from({ length: n }, () => 2 * rng.normal() - 1);
  return { logOdds, target: Float32Array.from(logOdds, x => Number(rng.uniform() < truth(x))) };
}
const overconfident = (x: number): number => sigmoid(x / 3);
const stepped = (x: number): number => (x < -1 ? 0.05 : 0.6);

test('pooling adjacent violators gives what scikit-learn fits', () => {
  const order = oracle.scores.map((_, i) => i).sort((a, b) => oracle.scores[a] - oracle.scores[b]);
  const blocks = pooledAdjacentViolators(
    order.map(i => oracle.scores[i]),
    order.map(i => oracle.target[i]),
  );
  const fitted = blocks.flatMap(block => Array<number>(block.n).fill(block.y));
  expect(
    distance(
      fitted,
      order.map(i => oracle.isotonic[i]),
    ),
  ).toBeLessThan(1e-9);
});

test('both calibrators never decrease, and stay inside 0..1', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.boolean()), {
    minLength: 2,
    maxLength: 40,
  });
  const bothThere = rows.filter(r => new Set(r.map(([, y]) => y)).size === 2);
  return fc.assert(
    fc.asyncProperty(bothThere, async list => {
      const part = {
        logOdds: Float64Array.from(list, ([x]) => x),
        target: Float32Array.from(list, ([, y]) => Number(y)),
      };
      for (const calibrator of [await platt(part), isotonic(part)]) {
        const p = Array.from({ length: 81 }, (_, i) => calibrator.apply(i - 40));
        p.forEach((value, i) => expect(value >= (p[i - 1] ?? 0) - 1e-12 && value <= 1).toBe(true));
        const { low, high } = calibrator.interval(0, 2, 1.96);
        expect(low <= calibrator.apply(0) && calibrator.apply(0) <= high).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test('Platt mends overconfidence; the isotonic is chosen where the truth has a step', async () => {
  const [fit, later] = [world(1, 6000, overconfident), world(2, 6000, overconfident)];
  const smooth = await chooseCalibrator(fit, new Rng(1));
  expect(smooth.kind).toBe('platt');
  expect(calibrationError(later.logOdds.map(sigmoid), later.target)).toBeGreaterThan(0.1);
  expect(
    calibrationError(
      later.logOdds.map(x => smooth.apply(x)),
      later.target,
    ),
  ).toBeLessThan(0.03);
  expect((await chooseCalibrator(world(3, 6000, stepped), new Rng(1))).kind).toBe('isotonic');
  expect((await chooseCalibrator(world(3, 400, stepped), new Rng(1))).kind).toBe('platt');
});

test('one class cannot be calibrated on', async () => {
  const one = { logOdds: Float64Array.of(1, 2), target: Float32Array.of(0, 0) };
  await expect(platt(one)).rejects.toMatchObject({ code: 'ml.one_class' });
});

describe('a calibrated model', () => {
  const make = async (kind: 'platt' | 'isotonic') => {
    const model = await logistic().fit(oracleTable, oracleTarget);
    const rows = { logOdds: model.logOdds(oracleTable), target: oracleTarget };
    return calibrated(model, kind === 'platt' ? await platt(rows) : isotonic(rows));
  };
  test.each(['platt', 'isotonic'] as const)(
    '%s: effects sum to the difference from the average row',
    async kind => {
      const whole = await make(kind);
      const { base, values } = whole.effects(oracleTable);
      const sums = Array.from({ length: oracleTable.rows }, (_, row) =>
        values.subarray(row * 4, row * 4 + 4).reduce((sum, v) => sum + v, base),
      );
      expect(distance(sums, whole.predict(oracleTable))).toBeLessThan(1e-4);
    },
  );
  test.each(['platt', 'isotonic'] as const)('%s: saved and loaded, it judges the same', async kind => {
    const whole = await make(kind);
    const bytes = encode(whole.save());
    expect(loadCalibratedModel(decode(bytes)).judge(oracleTable)).toEqual(whole.judge(oracleTable));
    expect(loadClassifier(decode(bytes)).predict(oracleTable)).toEqual(whole.predict(oracleTable));
  });
  test('its intervals hold its probabilities', async () => {
    const { probability, low, high } = (await make('platt')).judge(oracleTable);
    probability.forEach((p, i) => expect(low[i] < p && p < high[i]).toBe(true));
  });
});
