import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oracle } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { bootstrap } from './bootstrap.ts';
import { countsIn, drift, spreadOf } from './drift.ts';
import { gainAt, liftAt } from './gain.ts';
import { brier, calibrationError, calibrationTable, logLoss, wilson } from './probability.ts';
import { auc, averagePrecision, ranked, rocCurve } from './roc.ts';
import { bestF1, decisionAt } from './threshold.ts';

const { scores, target, weights } = oracle;
const probabilities = scores.map(s => 1 / (1 + Math.exp(-s)));

test('the metrics are those of scikit-learn, ties and weights among them', () => {
  expect(auc(scores, target)).toBeCloseTo(oracle.metrics.auc, 12);
  expect(auc(scores, target, weights)).toBeCloseTo(oracle.metrics.weighted_auc, 12);
  expect(averagePrecision(scores, target)).toBeCloseTo(oracle.metrics.average_precision, 12);
  expect(logLoss(probabilities, target)).toBeCloseTo(oracle.metrics.log_loss, 12);
  expect(brier(probabilities, target)).toBeCloseTo(oracle.metrics.brier, 12);
});

const ranking = fc
  .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .filter(rows => new Set(rows.map(([, y]) => y)).size === 2)
  .map(rows => ({ scores: rows.map(([s]) => s), target: rows.map(([, y]) => Number(y)) }));

test('AUC counts the pairs that are in order, half for ties, under any increasing map of the scores', () => {
  fc.assert(
    fc.property(ranking, rows => {
      const pairs = rows.target.flatMap((y, i) =>
        y === 0
          ? []
          : rows.target.flatMap((other, j) => (other === 1 ? [] : [[rows.scores[i], rows.scores[j]]])),
      );
      const counted = pairs.reduce((sum, [a, b]) => sum + (a > b ? 1 : a === b ? 0.5 : 0), 0) / pairs.length;
      expect(auc(rows.scores, rows.target)).toBeCloseTo(counted, 10);
      expect(
        auc(
          rows.scores.map(s => Math.exp(s / 5) - 3),
          rows.target,
        ),
      ).toBeCloseTo(counted, 10);
    }),
  );
});

test('the ROC curve climbs from (0, 0) to (1, 1)', () => {
  fc.assert(
    fc.property(ranking, rows => {
      const curve = rocCurve(rows.scores, rows.target, 10);
      expect(curve[0]).toMatchObject({ fpr: 0, tpr: 0 });
      expect(curve.at(-1)).toMatchObject({ fpr: 1, tpr: 1 });
      curve
        .slice(1)
        .forEach((point, i) => expect(point.fpr + point.tpr).toBeGreaterThan(curve[i].fpr + curve[i].tpr));
    }),
  );
});

test('gain does not depend on the order of rows that score the same, and reaches all at the end', () => {
  fc.assert(
    fc.property(ranking, rows => {
      const shares = [0, 0.1, 0.5, 1];
      const gain = gainAt(rows.scores, rows.target, shares);
      const reversed = gainAt([...rows.scores].reverse(), [...rows.target].reverse(), shares);
      gain.forEach((share, i) => expect(share).toBeCloseTo(reversed[i], 10));
      expect([gain[0], gain[3]]).toEqual([0, 1]);
    }),
  );
});

test('a perfect ranking of 1 in 10 finds ten times as many in the best tenth', () => {
  const y = Array.from({ length: 100 }, (_, i) => Number(i < 10));
  expect(liftAt(y, y, 0.1)).toBeCloseTo(10, 10);
  expect(liftAt(new Array(100).fill(1), y, 0.1)).toBeCloseTo(1, 10);
});

test('the best F1 is that of no other threshold beaten', () => {
  fc.assert(
    fc.property(ranking, rows => {
      const best = bestF1(rows.scores, rows.target);
      const each = rows.scores.map(threshold => decisionAt(rows.scores, rows.target, threshold).f1);
      expect(best.f1).toBeCloseTo(Math.max(...each), 12);
      expect(decisionAt(rows.scores, rows.target, best.threshold)).toEqual(best);
    }),
  );
});

describe('calibration', () => {
  test('bins hold every row once; told and observed are their means', () => {
    const table = calibrationTable(probabilities, target, 7);
    expect(table.reduce((sum, bin) => sum + bin.n, 0)).toBe(target.length);
    const observed = table.reduce((sum, bin) => sum + bin.n * bin.observed, 0);
    expect(observed).toBeCloseTo(
      target.reduce((sum, y) => sum + y, 0),
      8,
    );
    table.forEach(bin => expect(bin.low <= bin.observed && bin.observed <= bin.high).toBe(true));
  });
  test('the error is the distance when everybody is told the same', () => {
    expect(calibrationError([0.5, 0.5, 0.5, 0.5], [0, 0, 0, 1], 1)).toBeCloseTo(0.25, 12);
  });
  // Agresti and Coull 1998: 0 of 20 gives 0 to 0.161
  test('the interval of Wilson', () => {
    expect(wilson(0, 20).low).toBe(0);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

test('a paired interval of a model less itself is nothing; less noise it lies above nothing', async () => {
  const rng = new Rng(3);
  const noise = scores.map(() => rng.normal());
  const [model, other] = [ranked(scores, target), ranked(noise, target)];
  const same = await bootstrap(target.length, w => model(w) - model(w), { rng, rounds: 50 });
  expect([same.low, same.value, same.high]).toEqual([0, 0, 0]);
  const gain = await bootstrap(target.length, w => model(w) - other(w), { rng, rounds: 100 });
  expect(gain.low).toBeGreaterThan(0);
  expect(gain.low < gain.value && gain.value < gain.high).toBe(true);
});

test('one class cannot be measured, nor a missing score', () => {
  expect(() => auc([1, 2], [1, 1])).toThrow(/one class/);
  expect(() => auc([1, NaN], [1, 0])).toThrow(/row 1 is missing/);
});

describe('drift', () => {
  const sample = (rng: Rng, n: number, shift: number): Float32Array =>
    Float32Array.from({ length: n }, () => rng.normal() + shift);
  test('samples of one population stay below the noise 19 times in 20, and shifted ones pass it', () => {
    const rng = new Rng(5);
    const [calm, moved] = [0, 0.5].map(shift => {
      const above = Array.from({ length: 200 }, () => {
        const { edges, counts } = spreadOf(sample(rng, 500, 0));
        const { psi, noise } = drift(counts, countsIn(edges, sample(rng, 400, shift)));
        return Number(psi > noise);
      });
      return above.reduce((sum, one) => sum + one, 0) / above.length;
    });
    expect(calm).toBeLessThan(0.12);
    expect(moved).toBeGreaterThan(0.95);
  });
  test('values that went missing are a drift; the same counts are none', () => {
    const { edges, counts } = spreadOf(Float32Array.from({ length: 100 }, (_, i) => i % 3));
    expect(edges.length).toBe(3);
    expect(drift(counts, counts).psi).toBe(0);
    expect(drift(counts, countsIn(edges, new Float32Array(100).fill(NaN))).psi).toBeGreaterThan(1);
  });
});
