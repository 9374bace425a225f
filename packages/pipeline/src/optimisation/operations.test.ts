import { AppError, DAY, type Outcome, SteppedClock } from '@bellwether/contracts';
import { purchasePrediction } from '@bellwether/scenarios';
import { closeStores, makeShop, storesOf } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alarmOf } from './outcomes.ts';
import {
  compareVersions,
  defineClassifier,
  driftHistory,
  endCutOffRuns,
  judgeOutcomes,
  performanceOf,
  promote,
  runsOf,
  scenarioPage,
  setShadow,
  shadowOf,
  tracked,
  writeCard,
  type Stores,
} from '../index.ts';

const DAYS = 230;
const shop = makeShop({ seed: 5, customers: 350, days: DAYS, start: Date.UTC(2025, 0, 1) });
const scenario = defineClassifier({ ...purchasePrediction, families: ['logistic'], rivals: [] });
/** A horizon and a day before the end: what is told here can be judged at the end. */
const EARLIER = shop.end - (scenario.horizonDays + 1) * DAY;

let stores: Stores & { clock: SteppedClock };
beforeAll(async () => {
  stores = { ...(await storesOf(shop)), clock: new SteppedClock(EARLIER) };
  await tracked(stores, { scenario: scenario.name, what: 'train', cause: 'asked' }, async at => {
    const { version, state } = await scenario.train(at, { seed: 1 });
    return { version, state };
  });
  await scenario.train(stores, { seed: 2 });
  stores.clock.advance(1000);
  await setShadow(stores, scenario.name, 2);
  await tracked(stores, { scenario: scenario.name, what: 'apply', cause: 'schedule' }, async at => ({
    ...(await scenario.apply(at)),
  }));
});
afterAll(() => closeStores(stores));

test('each run is a row: what, why, when, and what it read and wrote', async () => {
  const [applied, trained] = await runsOf(stores.records, scenario.name, 10);
  const { scored } = await scenarioPage(stores, scenario);
  expect(applied).toMatchObject({
    ...{ what: 'apply', cause: 'schedule', state: 'done', version: 1, error: null },
    rows_written: { scores: scored, features: scored, score_runs: 1, shadow_scores: scored, shadow_runs: 1 },
  });
  expect(applied.rows_read).toMatchObject({ identity: shop.identity.length });
  expect(applied.rows_read).not.toHaveProperty('scores');
  expect(trained).toMatchObject({
    what: 'train',
    state: 'done',
    version: 1,
    rows_written: { model_versions: 1 },
  });
});

test('a run that fails tells its sentence; one that was cut off is ended by the next start', async () => {
  const about = { scenario: 'other', what: 'apply', cause: 'asked' } as const;
  await expect(tracked(stores, about, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  const stopped = new AppError('job.cancelled', 'the job was cancelled');
  await expect(tracked(stores, about, () => Promise.reject(stopped))).rejects.toThrow(stopped);
  void tracked(stores, about, () => new Promise<Record<string, unknown>>(() => undefined));
  await expect
    .poll(async () => (await runsOf(stores.records, 'other', 9)).map(run => run.state))
    .toContain('running');
  await endCutOffRuns(stores);
  const runs = await runsOf(stores.records, 'other', 9);
  expect(runs.map(run => run.state).sort()).toEqual(['cancelled', 'failed', 'failed']);
  expect(runs.map(run => run.error)).toContain('no disk');
});

test('a version in the shadow scores the same customers, and nobody hears of it', async () => {
  const { version, runs } = await shadowOf(stores, scenario.name);
  const { scored } = await scenarioPage(stores, scenario);
  expect(version).toBe(2);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ champion: 1, customers: scored });
  // the same families on the same data, but for their seeds
  expect(runs[0].rank_correlation).toBeGreaterThan(0.95);
  const told = await stores.warehouse.query<{ version: number }>(
    'SELECT DISTINCT version FROM current_scores',
  );
  expect(told).toEqual([{ version: 1 }]);
  await expect(setShadow(stores, scenario.name, 1)).rejects.toMatchObject({ code: 'scenario.bad_turn' });
  await expect(setShadow(stores, scenario.name, 9)).rejects.toMatchObject({ code: 'scenario.no_version' });
  expect((await setShadow(stores, scenario.name, null)).version).toBeNull();
});

test('before its horizon has passed, a run is not judged', async () => {
  expect(await judgeOutcomes(stores, scenario)).toBe(0);
  const { next_at, outcomes } = await performanceOf(stores, scenario);
  expect(next_at).toBe(new Date(EARLIER + scenario.horizonDays * DAY).toISOString());
  expect(outcomes).toEqual([]);
});

test('once it has, what was told then is judged by what happened, and only once', async () => {
  stores.clock.advanceTo(shop.end);
  expect(await judgeOutcomes(stores, scenario)).toBe(1);
  expect(await judgeOutcomes(stores, scenario)).toBe(0);
  const { outcomes, promised } = await performanceOf(stores, scenario);
  expect(outcomes).toHaveLength(1);
  const [{ figures, calibration, told, customers }] = outcomes;
  expect(told).toBe(true);
  expect(promised.map(({ version }) => version)).toEqual([1]);
  // the version, asked anew of that moment, says the same of those whose rows had all arrived
  const again = await scenario.judge(stores, 1, EARLIER);
  expect(figures[0].model.value).toBeCloseTo(again[0].model.value ?? NaN, 1);
  expect(calibration.reduce((sum, bin) => sum + bin.n, 0)).toBe(customers);
});

test('what was told is judged as it was told, even of a customer whom the version would see otherwise now', async () => {
  const [{ figures }] = (await performanceOf(stores, scenario)).outcomes;
  await stores.records.deleteFrom('scenario_outcomes').execute();
  await stores.warehouse.command('ALTER TABLE features UPDATE values = arrayMap(x -> 0, values) WHERE true');
  await judgeOutcomes(stores, scenario);
  expect((await performanceOf(stores, scenario)).outcomes[0].figures).toEqual(figures);
});

test('the alarm is given when what happened lies below the card’s interval, beyond chance', async () => {
  const { versions } = await scenarioPage(stores, scenario);
  const [outcome] = (await performanceOf(stores, scenario)).outcomes;
  const auc = versions[0].card.figures[0];
  const came = (value: number, half: number): Outcome[] => {
    const model = { value, low: value - half, high: value + half, n: 300 };
    return [{ ...outcome, figures: [{ ...auc, model }] }];
  };
  const promised = versions.find(({ state }) => state === 'champion')?.card.figures[0].model.value ?? NaN;
  expect(alarmOf(versions, came(promised, 0.02))).toBeNull();
  expect(alarmOf(versions, came(promised - 0.2, 0.5))).toBeNull();
  expect(alarmOf(versions, came(promised - 0.2, 0.01))?.en).toMatch(
    /does less well than its card promised: AUC/,
  );
});

test('two versions are judged on the same newest period', async () => {
  const { a, b, as_of } = await compareVersions(stores, scenario, [1, 2]);
  expect(as_of).toBe(new Date(shop.end - scenario.horizonDays * DAY).toISOString());
  expect(a.now.map(({ name }) => name)).toEqual(b.now.map(({ name }) => name));
  expect(a.now[0].model.n).toBe(b.now[0].model.n);
  expect(a.card).toEqual(
    (await scenarioPage(stores, scenario)).versions.find(v => v.version === 1)?.card.figures,
  );
  expect(a.has_seen).toBe(false);
  await expect(compareVersions(stores, scenario, [1, 9])).rejects.toMatchObject({
    code: 'scenario.no_version',
  });
});

test('drift is kept run by run with its noise, and said in words where it is beyond it', async () => {
  const calm = await driftHistory(stores, scenario);
  expect(calm.runs).toHaveLength(1);
  expect(calm.runs[0].features).toHaveLength(scenario.features.length);
  expect(calm.runs[0].features.some(({ noise }) => noise > 0)).toBe(true);
  const row = {
    ...{
      scenario: scenario.name,
      version: 1,
      as_of: clickhouseTime(shop.end),
      scored_at: clickhouseTime(shop.end),
    },
    ...{
      customers: 1,
      drift: { orders: 0.9 },
      noise: { orders: 0.05 },
      drifted: ['orders'],
      score_drift: 0.1,
    },
  };
  await stores.warehouse.insert('score_runs', [row], { token: 'drifted' });
  const moved = await driftHistory(stores, scenario);
  expect(moved.sentences).toHaveLength(1);
  expect(moved.sentences[0].en).toMatch(
    /is spread otherwise than when the version was tested: 0.90 \(by chance up to 0.050\)/,
  );
});

test.each(['en', 'zh-CN'] as const)(
  'the card of a version is one page, as text and as HTML, in %s',
  async locale => {
    const { versions } = await scenarioPage(stores, scenario);
    const md = writeCard(scenario, versions[0], { locale, format: 'md' });
    expect(md.text.match(/^## /gm)).toHaveLength(9);
    expect(md.text).toContain(scenario.question[locale]);
    expect(md.text).toContain(`| AUC | ${versions[0].card.figures[0].model.value?.toFixed(3)}`);
    const html = writeCard({ ...scenario, title: { en: '<b>', 'zh-CN': '<b>' } }, versions[0], {
      locale,
      format: 'html',
    });
    expect(html.file).toBe(`purchase-prediction-v2.${locale}.html`);
    expect(html.text).not.toContain('<b>');
  },
);

test('training again never replaces a better version', async () => {
  await promote(stores, scenario.name, 1, { en: 'by hand', 'zh-CN': '手动' });
  const { state, why } = await scenario.train(stores, { seed: 9 });
  const { versions } = await scenarioPage(stores, scenario);
  if (why.en.includes('not shown to be better')) {
    expect(state).toBe('challenger');
    expect(versions.find(one => one.state === 'champion')?.version).toBe(1);
  } else expect(why.en).toContain('It is better than version 1');
});
