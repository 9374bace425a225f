import { SteppedClock, type ModelVersion, type Progress } from '@bellwether/contracts';
import { purchasePrediction as scenario } from '@bellwether/scenarios';
import { freshRecords, freshWarehouse, makeShop, story, storesOf } from '@bellwether/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  keptClassifier,
  customerScores,
  modelVersions,
  promote,
  scenarioPage,
  scenarioSummary,
  type Stores,
} from './index.ts';

const BY_HAND = { en: 'by hand', 'zh-CN': '手动' };
const START = Date.UTC(2025, 0, 1);
const shop = makeShop({ seed: 5, customers: 350, days: 200, start: START });

describe('a shop with history', () => {
  let stores: Stores;
  let both: ModelVersion[];
  beforeAll(async () => {
    stores = await storesOf(shop);
    both = await Promise.all([scenario.train(stores, { seed: 1 }), scenario.train(stores, { seed: 2 })]);
  });
  afterAll(() => Promise.all([stores.warehouse.close(), stores.records.destroy()]));

  test('two trainings at once get two numbers, and one of them the crown', async () => {
    expect(both.map(version => version.version).sort()).toEqual([1, 2]);
    expect(both.map(version => version.state).sort()).toEqual(['challenger', 'champion']);
    const loser = both.find(version => version.state === 'challenger');
    expect(loser?.why.en).toMatch(/became champion meanwhile|not shown to be better/);
    expect(await modelVersions(stores.records, scenario.name)).toHaveLength(2);
  });

  test('a person can promote a version, and go back to the one before', async () => {
    const [second, first] = await modelVersions(stores.records, scenario.name);
    for (const { version } of [second, first, first]) {
      await promote(stores, scenario.name, version, BY_HAND);
      expect((await keptClassifier(stores.records, scenario.name))?.version).toBe(version);
    }
    const states = (await modelVersions(stores.records, scenario.name)).map(version => version.state);
    expect(states).toEqual(['retired', 'champion']);
    await expect(promote(stores, scenario.name, 99, BY_HAND)).rejects.toMatchObject({
      code: 'scenario.no_version',
    });
  });

  test('a score has its interval, its reasons in numbers, and the moment and version that it comes from', async () => {
    const { scored, chosen } = await scenario.apply(stores);
    const rows = await stores.warehouse.query<{
      customer_id: string;
      probability: number;
      low: number;
      high: number;
    }>('SELECT customer_id, probability, low, high FROM current_scores ORDER BY probability DESC');
    expect(rows).toHaveLength(scored);
    rows.forEach(row => expect(row.low <= row.probability && row.probability <= row.high).toBe(true));
    const [best] = await customerScores(stores.warehouse, rows[0].customer_id);
    expect(best).toMatchObject({ scenario: scenario.name, as_of: new Date(shop.end).toISOString() });
    expect(best.reasons.length).toBeGreaterThan(0);
    expect(best.reasons.length).toBeLessThanOrEqual(5);
    const known = new Set(scenario.features.map(feature => feature.name));
    best.reasons.forEach(reason => expect(known.has(reason.feature)).toBe(true));
    const chosenRows = await stores.warehouse.one<{ n: number }>(
      'SELECT countIf(chosen) AS n FROM current_scores',
    );
    expect(chosenRows.n).toBe(chosen);
  });

  test('a feature that is not known is a reason without a value, and is kept as missing', async () => {
    const found = await stores.warehouse.one<{ n: number; once: number }>(
      `SELECT countIf(isNaN(values[indexOf(names, 'gap_days')])) AS n, countIf(values[indexOf(names, 'orders')] = 1) AS once FROM features FINAL`,
    );
    expect(found.n).toBeGreaterThan(0);
    expect(found.n).toBe(found.once);
    const [unknown] = await stores.warehouse.query<{ customer_id: string }>(
      'SELECT customer_id FROM current_scores WHERE arrayExists(reason -> isNaN(reason.value), reasons) LIMIT 1',
    );
    const [kept] = await customerScores(stores.warehouse, unknown.customer_id);
    expect(kept.reasons.some(reason => reason.value === null)).toBe(true);
  });

  test('readers keep the last whole run while the next is written, and when it is stopped half-way', async () => {
    const before = await scenarioSummary(stores, scenario);
    const stop = new AbortController();
    const seen: Progress[] = [];
    const halted = scenario.apply(
      stores,
      {},
      {
        signal: stop.signal,
        onProgress: progress => {
          seen.push(progress);
          stop.abort();
        },
      },
    );
    await halted.catch(() => undefined);
    expect(seen.length).toBeGreaterThan(0);
    const after = await scenarioSummary(stores, scenario);
    const rows = await stores.warehouse.one<{ n: number }>('SELECT count() AS n FROM current_scores');
    expect(rows.n).toBe(after.scored);
    expect(before.scored).toBe(after.scored);
  });

  test('its page says what to do next', async () => {
    const page = await scenarioPage(stores, scenario);
    expect(page.ready).toBe(true);
    expect(page.advice.retrain).toBe(false);
    expect(page.results?.expected.value).toBeGreaterThan(0);
    // 40 days on, the clock's moment stays with the data's: nothing new can be learned
    const later = { ...stores, clock: new SteppedClock(shop.end + 40 * 86_400_000) };
    expect((await scenarioPage(later, scenario)).advice.retrain).toBe(false);
  });

  test('a version kept in a form that is not read any more is said to be so, and the next one replaces it', async () => {
    const old = { model: Buffer.from('of another time') };
    await stores.records.updateTable('model_versions').set(old).where('state', '=', 'champion').execute();
    await expect(scenario.apply(stores)).rejects.toMatchObject({ code: 'scenario.bad_version' });
    const next = await scenario.train(stores, { seed: 1 });
    expect(next).toMatchObject({
      state: 'champion',
      why: { en: expect.stringContaining('not read any more') },
    });
    expect((await scenario.apply(stores)).version).toBe(next.version);
  });
});

story('a shop without enough history is told what is missing, not given a guess', {
  given: () => storesOf(makeShop({ seed: 5, customers: 40, days: 50, start: START })),
  when: stores => scenario.train(stores).catch((error: unknown) => error),
  then: async (refusal, stores) => {
    expect(refusal).toMatchObject({ code: 'scenario.not_ready' });
    expect(String(refusal)).toMatch(/180 days of order history \(there are (48|49|50)\)/);
    expect((await scenarioPage(stores, scenario)).advice.why.en).toContain('not enough data');
  },
});

story('an empty installation has an empty page, and scoring says that nothing was learned', {
  given: async () => ({
    warehouse: await freshWarehouse(),
    records: await freshRecords(),
    clock: new SteppedClock(START),
  }),
  when: stores => scenarioPage(stores, scenario),
  then: async (page, stores) => {
    expect(page).toMatchObject({ ready: false, champion: null, scored: 0, results: null, versions: [] });
    await expect(scenario.apply(stores)).rejects.toMatchObject({ code: 'scenario.no_champion' });
  },
});
