import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MulticlassClassifier, Regressor, ScoredClassifier } from '../estimator.ts';
import type { Load } from '../family.ts';
import { logistic } from '../linear/logistic.ts';
import { sigmoid } from '../numeric/logistic.ts';
import { distance, oracleTable, oracleTarget } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { loadCalibratedModel } from '../registry.ts';
import { decode, encode, SavedReader, type Saved } from '../saved.ts';
import { tableOf, type Table } from '../table.ts';
import { beta, loadBeta } from './beta.ts';
import { calibrated } from './calibrated.ts';
import type { CalibrationRows } from './calibrator.ts';
import { chooseCalibrator } from './choose.ts';
import { conformal, conformalLoaders, conformalQuantiles, conformalSets } from './conformal.ts';
import { isotonic, loadIsotonic, pooledAdjacentViolators } from './isotonic.ts';
import { platt } from './platt.ts';
import { loadTemperatureScaled, temperatureOf, temperatureScaled } from './temperature.ts';

// what `oracles/calibrate.py` wrote
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/calibrate.json', import.meta.url), 'utf8'),
) as Record<
  'x' | 'y' | 'w' | 'at' | 'platt' | 'scores' | 'isotonic' | 'probabilities' | 'label',
  number[]
> & { beta: Record<'coefficients' | 'told' | 'weighted', number[]>; temperature: number };
const rows: CalibrationRows = {
  logOdds: Float64Array.from(oracle.x),
  target: Float32Array.from(oracle.y),
};
const weights = Float32Array.from(oracle.w);

test('Platt and beta are what scipy finds; weights count', async () => {
  const told = async (fit: typeof platt, from: CalibrationRows) => {
    const calibrator = await fit(from);
    return oracle.at.map(x => calibrator.apply(x));
  };
  expect(distance(await told(platt, rows), oracle.platt)).toBeLessThan(1e-6);
  expect(distance(await told(beta, rows), oracle.beta.told)).toBeLessThan(1e-6);
  expect(distance(await told(beta, { ...rows, weights }), oracle.beta.weighted)).toBeLessThan(1e-6);
});

test('pooling with weights is what scikit-learn fits', () => {
  const order = oracle.scores.map((_, i) => i).filter(i => oracle.w[i] > 0);
  order.sort((a, b) => oracle.scores[a] - oracle.scores[b]);
  const at = (values: number[]) => order.map(i => values[i]);
  const blocks = pooledAdjacentViolators(at(oracle.scores), at(oracle.y), at(oracle.w));
  let [block, passed] = [0, 0];
  const fitted = at(oracle.w).map(weight => {
    if (passed > blocks[block].n - 1e-9) [block, passed] = [block + 1, 0];
    passed += weight;
    return blocks[block].y;
  });
  const kept = oracle.w.flatMap((w, i) => (w > 0 ? [i] : []));
  const expected = order.map(i => oracle.isotonic[kept.indexOf(i)]);
  expect(distance(fitted, expected)).toBeLessThan(1e-9);
});

describe('beta', () => {
  const softPlus = (x: number): number => Math.log1p(Math.exp(x));
  const bent = (x: number): number => sigmoid(0.2 * softPlus(x) - 2.5 * softPlus(-x));
  test('is chosen where one end is to be stretched and the other not', async () => {
    const rng = new Rng(2);
    const logOdds = Float64Array.from({ length: 4000 }, () => 2 * rng.normal());
    const target = Float32Array.from(logOdds, x => Number(rng.uniform() < bent(x)));
    expect((await chooseCalibrator({ logOdds, target }, new Rng(1))).kind).toBe('beta');
  });
  test('never decreases, even where the data does; its intervals hold it; it can be kept', async () => {
    const worlds = [(x: number) => sigmoid(-x), (x: number) => sigmoid(-Math.abs(x)), bent];
    for (const [seed, truth] of worlds.entries()) {
      const rng = new Rng(seed);
      const logOdds = Float64Array.from({ length: 500 }, () => 2 * rng.normal());
      const target = Float32Array.from(logOdds, x => Number(rng.uniform() < truth(x)));
      const calibrator = await beta({ logOdds, target });
      const loaded = loadBeta(decode(encode(calibrator.save())));
      let before = 0;
      for (let x = -8; x <= 8; x += 0.5) {
        const p = calibrator.apply(x);
        expect(p).toBeGreaterThanOrEqual(before - 1e-12);
        const { low, high } = calibrator.interval(x, 0.5, 1.96);
        expect(low <= p && p <= high && low >= 0 && high <= 1).toBe(true);
        expect(loaded.interval(x, 0.5, 1.96)).toEqual({ low, high });
        before = p;
      }
    }
  });
});

test('an isotonic of the first version loads, and then knows less', () => {
  const calibrator = isotonic(rows);
  const saved = calibrator.save();
  const { x, y } = saved.arrays;
  const old = loadIsotonic({ ...saved, version: 1, arrays: { x, y } });
  expect(old.apply(0.3)).toBe(calibrator.apply(0.3));
  expect(old.interval(0.3, 0, 2)).toEqual({ low: old.apply(0.3), high: old.apply(0.3) });
  const { low, high } = calibrator.interval(0.3, 0, 2);
  expect(low < high).toBe(true);
});

test('a model that knows no deviation gets the interval of its calibration rows', async () => {
  const known = await logistic().fit(oracleTable, oracleTarget);
  const { deviation: _, ...unsure } = known;
  const model: ScoredClassifier = unsure;
  const part = { logOdds: model.logOdds(oracleTable), target: oracleTarget };
  for (const calibrator of [await platt(part), await beta(part), isotonic(part)]) {
    const whole = calibrated(model, calibrator);
    const { probability, low, high } = whole.judge(oracleTable);
    probability.forEach((p, row) =>
      expect(low[row] <= p && p <= high[row] && low[row] < high[row]).toBe(true),
    );
    const wider = calibrated(known, calibrator).judge(oracleTable);
    probability.forEach((_p, row) =>
      expect(wider.high[row] - wider.low[row]).toBeGreaterThanOrEqual((high[row] - low[row]) * 0.999),
    );
    const loaded = loadCalibratedModel(decode(encode(whole.save())));
    expect(loaded.predict(oracleTable)).toEqual(probability);
  }
});

/** A model that tells what a column holds. */
function telling(name: string, classes = 1): Regressor & MulticlassClassifier {
  return {
    kind: 'telling',
    classes,
    features: Array.from({ length: classes }, (_, k) => `${name}${k}`),
    predict: table =>
      Float64Array.from({ length: table.rows * classes }, (_, at) => {
        const column = table.columns[table.names.indexOf(`${name}${at % classes}`)];
        return column[Math.floor(at / classes)];
      }),
    save: () => ({ kind: 'telling', version: 1, values: { name, classes }, arrays: {}, parts: [] }),
  };
}
const load: Load = {
  model: (saved: Saved) =>
    telling(new SavedReader(saved, 'telling', 1).text('name'), Number(saved.values['classes'])),
  transformer: () => {
    throw new Error('no transformer is kept here');
  },
  calibrator: () => {
    throw new Error('no calibrator is kept here');
  },
};

test('the temperature is what scipy finds, and scaling by it keeps the order of the classes', () => {
  const probabilities = Float64Array.from(oracle.probabilities);
  const temperature = temperatureOf(probabilities, oracle.label);
  expect(temperature / oracle.temperature).toBeCloseTo(1, 5);
  const columns = [0, 1, 2].map(k => [
    `p${k}`,
    Float32Array.from(oracle.label, (_, row) => probabilities[row * 3 + k]),
  ]);
  const table = tableOf(Object.fromEntries(columns) as Record<string, Float32Array>); // pairs as mapped above
  const model = temperatureScaled(telling('p', 3), temperature);
  const told = model.predict(table);
  for (let row = 0; row < table.rows; row++) {
    const [before, after] = [probabilities, told].map(all => [...all.subarray(row * 3, row * 3 + 3)]);
    expect(after.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
    expect(after.indexOf(Math.max(...after))).toBe(before.indexOf(Math.max(...before)));
  }
  expect(loadTemperatureScaled(decode(encode(model.save())), load).predict(table)).toEqual(told);
  expect(() => temperatureOf(probabilities, [])).toThrow(/no rows/);
});

describe('conformal', () => {
  /** Rows whose spread grows with the first column; `p` are the class probabilities that they are drawn with. */
  function world(seed: number, n: number): { table: Table; target: Float32Array; label: Float32Array } {
    const rng = new Rng(seed);
    const y0 = Float32Array.from({ length: n }, () => 4 * rng.uniform());
    const spread = y0.map(y => 0.2 + 0.5 * y);
    const target = y0.map((y, row) => y + spread[row] * rng.normal());
    const [p0, p1] = [y0.map(() => 0.6 * rng.uniform()), y0.map(() => 0.4 * rng.uniform())];
    const label = y0.map((_, row) => {
      const u = rng.uniform();
      return u < p0[row] ? 0 : u < p0[row] + p1[row] ? 1 : 2;
    });
    const p2 = p0.map((p, row) => 1 - p - p1[row]);
    const [low0, high0] = [y0.map((y, row) => y - spread[row]), y0.map((y, row) => y + spread[row])];
    return { table: tableOf({ y0, low0, high0, p0, p1, p2 }), target, label };
  }
  const [early, later] = [world(1, 1500), world(2, 6000)];
  const covered = ({ low, high }: { low: Float64Array; high: Float64Array }): number =>
    later.target.filter((y, row) => low[row] <= y && y <= high[row]).length / later.target.length;

  test.each([0.5, 0.8, 0.95])(
    'intervals at %d hold as often as they say, of a mean and of quantiles',
    level => {
      for (const model of [
        conformal(telling('y'), early, level),
        conformalQuantiles(telling('low'), telling('high'), early, level),
      ]) {
        expect(Math.abs(covered(model.interval(later.table)) - level)).toBeLessThan(0.04);
        const loader = conformalLoaders[model.kind] as (saved: Saved, load: Load) => typeof model; // of its kind
        expect(loader(decode(encode(model.save())), load).interval(later.table)).toEqual(
          model.interval(later.table),
        );
      }
    },
  );

  test('intervals of quantiles are wider where the truth is', () => {
    const { low, high } = conformalQuantiles(telling('low'), telling('high'), early, 0.9).interval(
      later.table,
    );
    const at = later.table.columns[0];
    const [calm, wild] = [at.findIndex(y => y < 0.5), at.findIndex(y => y > 3.5)];
    expect(high[wild] - low[wild]).toBeGreaterThan(2 * (high[calm] - low[calm]));
  });

  test.each(['lac', 'aps'] as const)(
    '%s sets hold the class as often as they say, and are never empty',
    method => {
      const rows = { table: early.table, target: early.label };
      const model = conformalSets(telling('p', 3), rows, { level: 0.8, method });
      const sets = model.sets(later.table);
      const held = later.label.filter((k, row) => sets[row * 3 + k] === 1).length / later.label.length;
      expect(held).toBeGreaterThan(0.77);
      expect(held).toBeLessThan(method === 'lac' ? 0.83 : 0.95);
      for (let row = 0; row < later.table.rows; row++)
        expect(sets[row * 3] + sets[row * 3 + 1] + sets[row * 3 + 2]).toBeGreaterThan(0);
      expect(conformalLoaders['conformalSets'](decode(encode(model.save())), load)).toMatchObject({
        level: 0.8,
      });
    },
  );

  test('too few rows for the level are refused', () => {
    const few = { table: tableOf({ y0: Float32Array.of(1, 2, 3) }), target: [1, 2, 3] };
    expect(() => conformal(telling('y'), few, 0.9)).toThrow(/level must be at most/);
    expect(conformal(telling('y'), few, 0.75).interval(few.table).low[0]).toBe(1);
  });
});
