import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Estimator } from '../estimator.ts';
import { logistic } from '../linear/logistic.ts';
import { concordance } from '../metrics/concordance.ts';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { estimatorOf, loadModel } from '../registry.ts';
import { decode, encode } from '../saved.ts';
import { rowsAt, tableOf, valuesAt, type Table } from '../table.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { coxLikelihood, type Ties } from './cox-likelihood.ts';
import { cox, type CoxModel } from './cox.ts';
import { discreteSurvival, personPeriods, type DiscreteSurvivalModel } from './discrete-survival.ts';
import { kaplanMeier, survivalAt } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';
import { asTable } from './oracle.testing.ts';
import type { SurvivalTarget } from './survival-target.ts';

interface Curve {
  time: number[];
  survival: number[];
  low: number[];
  high: number[];
  median: number;
}
interface Hazards {
  b: number[];
  se: number[];
  log_likelihood: number;
}

// what `oracles/survival.py` wrote
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/survival.json', import.meta.url), 'utf8'),
) as Record<'time' | 'event' | 'weights' | 'groups' | 'risk', number[]> &
  Record<'curve' | 'weighted_curve', Curve> &
  Record<Ties, Hazards> & {
    columns: Record<string, number[]>;
    log_rank: { statistic: number; p: number };
    lifelines: Record<'b' | 'se' | 'weighted_b' | 'times' | 'survival', number[]> & { concordance: number };
    concordance: number;
  };
const table = asTable(oracle.columns);
const target = { time: Float32Array.from(oracle.time), event: Float32Array.from(oracle.event) };
const weights = Float32Array.from(oracle.weights);

describe('kaplan-meier', () => {
  test.each([
    ['unweighted', oracle.curve, undefined],
    ['weighted', oracle.weighted_curve, weights],
  ] as const)('%s: the curve, its intervals and its median are those of lifelines', (_, peer, w) => {
    const { steps, median } = kaplanMeier(target, w && { weights: w });
    expect(steps.map(step => step.time)).toEqual(peer.time);
    expect(
      distance(
        steps.map(step => step.survival),
        peer.survival,
      ),
    ).toBeLessThan(1e-12);
    expect(
      distance(
        steps.map(step => step.low),
        peer.low,
      ),
    ).toBeLessThan(1e-6);
    expect(
      distance(
        steps.map(step => step.high),
        peer.high,
      ),
    ).toBeLessThan(1e-6);
    expect(median.value).toBe(peer.median);
    expect(median.low <= median.value && median.value <= median.high).toBe(true);
  });

  test('nobody is left: 0 to 0; before the first event: 1; plain intervals stay inside 0 to 1', () => {
    const gone = kaplanMeier(
      { time: Float32Array.of(1, 2), event: Float32Array.of(1, 1) },
      { interval: 'plain' },
    );
    expect(gone.steps.at(-1)).toMatchObject({ survival: 0, low: 0, high: 0, standardError: 0 });
    expect([survivalAt(gone, 0.5), survivalAt(gone, 1.5), survivalAt(gone, 9)]).toEqual([1, 0.5, 0]);
    gone.steps.forEach(step => expect(step.low >= 0 && step.high <= 1).toBe(true));
    const watched = kaplanMeier({ time: Float32Array.of(1, 2), event: Float32Array.of(0, 0) });
    expect([watched.steps.length, watched.median.value]).toEqual([0, Infinity]);
    expect(() => kaplanMeier({ time: Float32Array.of(-1), event: Float32Array.of(1) })).toThrow(
      /row 0 of the time/,
    );
    expect(() => kaplanMeier({ time: Float32Array.of(1), event: Float32Array.of(2) })).toThrow(
      /row 0 of the event/,
    );
  });

  test('the log-rank test is that of lifelines; weights are repeats; one group cannot be compared', () => {
    const groups = Int32Array.from(oracle.groups);
    const found = logRank(target, groups);
    expect(found.statistic).toBeCloseTo(oracle.log_rank.statistic, 8);
    expect(found.p).toBeCloseTo(oracle.log_rank.p, 8);
    const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
    const again = logRank(
      repeated(target, repeats),
      Int32Array.from(repeats, row => groups[row]),
    );
    expect(logRank(target, groups, weights).statistic).toBeCloseTo(again.statistic, 8);
    expect(() => logRank(target, new Int32Array(target.time.length))).toThrow(/one group/);
  });
});

function repeated({ time, event }: SurvivalTarget, rows: number[]): SurvivalTarget {
  return { time: valuesAt(time, rows), event: valuesAt(event, rows) };
}

const slopesOf = (model: CoxModel): number[] => model.coefficients.map(c => c.value);

describe('cox', () => {
  test.each(['efron', 'breslow'] as const)(
    '%s: coefficients, errors and likelihood of statsmodels',
    async ties => {
      const model = await cox({ ties }).fit(table, target);
      expect(distance(slopesOf(model), oracle[ties].b)).toBeLessThan(1e-6);
      expect(
        distance(
          model.coefficients.map(c => c.standardError),
          oracle[ties].se,
        ),
      ).toBeLessThan(1e-6);
      expect(model.logLikelihood).toBeCloseTo(oracle[ties].log_likelihood, 7);
      expect(model.convergence.converged).toBe(true);
    },
  );

  test('survival, weights and concordance of lifelines', async () => {
    const model = await cox().fit(table, target);
    const peer = oracle.lifelines;
    expect(distance(slopesOf(model), peer.b)).toBeLessThan(1e-6);
    const some = rowsAt(table, [...Array(20).keys()]);
    expect(distance(model.survival(some, peer.times), peer.survival)).toBeLessThan(1e-6);
    expect(concordance(model.predict(table), target)).toBeCloseTo(peer.concordance, 10);
    expect(concordance(oracle.risk, target)).toBeCloseTo(oracle.concordance, 10);
    expect(distance(slopesOf(await cox().fit(table, target, { weights })), peer.weighted_b)).toBeLessThan(
      1e-5,
    );
    model.median(some).forEach((time, row) => {
      if (time < Infinity) expect(model.survival(rowsAt(some, [row]), [time])[0]).toBeLessThanOrEqual(0.5);
    });
  });

  test('with breslow a weight is a row repeated', async () => {
    const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
    const method = cox({ ties: 'breslow', l2: 2 });
    const again = await method.fit(rowsAt(table, repeats), repeated(target, repeats));
    expect(distance(slopesOf(await method.fit(table, target, { weights })), slopesOf(again))).toBeLessThan(
      1e-8,
    );
  });

  test('the gradient is that of differences, and at the top the penalty holds it', async () => {
    const rng = new Rng(1);
    const rows = 60;
    const data = {
      ...{ rows, width: 2, x: Float64Array.from({ length: 2 * rows }, () => rng.normal()) },
      time: Float32Array.from({ length: rows }, (_, row) => Math.floor((rows - row) / 4)),
      event: Float32Array.from({ length: rows }, () => rng.integer(2)),
      weights: Float64Array.from({ length: rows }, () => 1 + rng.integer(2)),
    };
    for (const ties of ['efron', 'breslow'] as const) {
      const b = Float64Array.of(0.3, -0.8);
      const { gradient, information } = coxLikelihood(data, b, ties);
      [0, 1].forEach(j => {
        const [after, before] = [1e-5, -1e-5].map(h => coxLikelihood(data, b.with(j, b[j] + h), ties));
        expect((after.value - before.value) / 2e-5).toBeCloseTo(gradient[j], 5);
        expect((before.gradient[1] - after.gradient[1]) / 2e-5).toBeCloseTo(information[2 + j], 4);
      });
    }
    const strong = await cox({ l2: 1e9 }).fit(table, target);
    expect(Math.max(...slopesOf(strong).map(Math.abs))).toBeLessThan(1e-4);
  });

  test('without an event there is nothing to learn', async () => {
    const none = { time: target.time, event: new Float32Array(target.time.length) };
    await expect(cox().fit(table, none)).rejects.toMatchObject({ code: 'ml.one_class' });
    expect(() => cox({ ties: 'exact' as never })).toThrow(/ties/);
  });
});

/** Rows with a larger target last less; every second watching ends early. */
const asCox: Estimator<CoxModel> = {
  ...cox({ ties: 'breslow', l2: 0.1 }),
  fit: (x: Table, y, options) =>
    cox({ ties: 'breslow', l2: 0.1 }).fit(
      x,
      { time: y.map(v => Math.exp(-v)), event: Float32Array.from(y, (_, row) => Number(row % 4 > 0)) },
      options,
    ),
};
checkEstimator('cox', {
  ...{ estimator: asCox, task: 'regression', supervised: false, load: loadModel, weights: 'none' },
  predict: (model, x) => model.score(x),
});

describe('discrete survival', () => {
  const method = discreteSurvival(logistic({ l2: 1e-3 }), { periods: 12, width: 1 });

  test('a subject is one row for each period that it was watched through', () => {
    const rows = personPeriods(
      tableOf({ a: Float32Array.of(7, 8, 9) }),
      { time: Float32Array.of(2, 2.5, 0), event: Float32Array.of(0, 1, 1) },
      { periods: 5, width: 1 },
    );
    expect(rows.table.names).toEqual(['a', 'period']);
    expect(rows.table.columns.map(column => [...column])).toEqual([
      [7, 7, 8, 8, 8, 9],
      [1, 2, 1, 2, 3, 1],
    ]);
    expect([...rows.target]).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test('with no feature but a constant hazard it is the Kaplan-Meier curve', async () => {
    const rng = new Rng(2);
    const time = Float32Array.from(
      { length: 4000 },
      () => 1 + Math.floor(-Math.log(1 - rng.uniform()) / 0.2),
    );
    const world = { time, event: new Float32Array(4000).fill(1) };
    const model = await method.fit(tableOf({ noise: time.map(() => rng.normal()) }), world);
    const curve = kaplanMeier(world);
    const found = model.survival(tableOf({ noise: Float32Array.of(0) }));
    found.forEach((s, k) => expect(Math.abs(s - survivalAt(curve, k + 1))).toBeLessThan(0.02));
  });

  test('orders subjects as their risks, and survives being saved and being made again', async () => {
    const model = await method.fit(table, target);
    expect(concordance(model.predict(table), target)).toBeGreaterThan(0.7);
    const lasting = model.survival(table);
    lasting.forEach((s, at) => expect(at % 12 === 0 || s <= lasting[at - 1]).toBe(true));
    const loaded = loadModel(decode(encode(model.save()))) as DiscreteSurvivalModel; // of the kind that was saved
    expect(loaded.survival(table)).toEqual(lasting);
    const again = estimatorOf(method.name, method.parameters) as unknown as typeof method; // made of the same values
    expect((await again.fit(table, target)).survival(table)).toEqual(lasting);
  });

  test('refuses a column of its own name, and subjects that were not watched', async () => {
    const one = { time: Float32Array.of(0.4), event: Float32Array.of(0) };
    await expect(method.fit(tableOf({ period: Float32Array.of(1) }), one)).rejects.toThrow(/called "period"/);
    await expect(method.fit(tableOf({ a: Float32Array.of(1) }), one)).rejects.toMatchObject({
      code: 'ml.no_rows',
    });
    expect(() => discreteSurvival(logistic(), { periods: 0, width: 1 })).toThrow(/periods/);
  });
});
