import { DAY, ScenarioPage, SteppedClock, type ModelCard } from '@bellwether/contracts';
import { auc } from '@bellwether/ml';
import {
  championOf,
  columnsOf,
  customerScores,
  featuresInBatches,
  labelledFeatures,
  scenarioPage,
  score,
  train,
  type Scenario,
  type Stores,
} from '@bellwether/pipeline';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillShop, makeShop, type Shop } from './shop.ts';
import { freshRecords, freshWarehouse } from './stores.ts';

const START = Date.UTC(2025, 0, 1);

/**
 * What every scenario must hold, proved on a shop made for the test. One line tests a new scenario.
 *
 * @example
 * checkScenario(purchasePrediction);
 */
export function checkScenario(
  scenario: Scenario,
  shop: Shop = makeShop({ seed: 7, customers: 450, days: 220, start: START }),
): void {
  describe(`${scenario.name} keeps what every scenario promises`, () => {
    let stores: Stores;
    let card: ModelCard;
    beforeAll(async () => {
      stores = await storesOf(shop);
      card = (await train(stores, scenario, { seed: 3 })).card;
    });
    afterAll(() => closed(stores));

    test('its declared columns are the SQL’s', async () => {
      const declared = scenario.features.map(feature => feature.name);
      expect(await columnsOf(stores.warehouse, scenario)).toEqual(['customer_id', ...declared]);
    });

    test('no feature sees what happened or came later; shuffled and repeated rows change nothing', async () => {
      const moment = shop.end - 45 * DAY;
      const past = await storesOf(shuffledPast(shop, moment));
      const seen = await featuresAt(stores.warehouse, scenario, moment);
      expect(seen.size).toBeGreaterThan(100);
      expect(await featuresAt(past.warehouse, scenario, moment)).toEqual(seen);
      expect(await featuresAt(stores.warehouse, scenario, moment + 30 * DAY)).not.toEqual(seen);
      await closed(past);
    });

    test('the chosen model beats its baseline, or the version says that it does not', async () => {
      const [version] = (await scenarioPage(stores, scenario)).versions;
      expect(card.beats_baseline).toBe((card.auc_gain.low ?? 0) > 0);
      expect(version.why).toContain(card.beats_baseline ? 'beats the baseline' : 'not shown to beat');
      expect(version.state === 'champion').toBe((card.auc_gain.value ?? 0) > 0);
    });

    test('a version that was kept and read back tells the figures of its card', async () => {
      const champion = await championOf(stores.records, scenario.name);
      const rows = await labelledFeatures(stores.warehouse, scenario, Date.parse(card.test_moment));
      const told = champion?.learned?.model.predict(rows.table) ?? [];
      expect(auc(told, rows.target)).toBe(card.model.auc.value);
    });

    test('the same seed gives the same figures', async () => {
      const again = await train(stores, scenario, { seed: 3 });
      expect(again.card).toEqual(card);
      expect(again.state).toBe('challenger');
    });

    test('who objects appears nowhere: not among the rows learned from, nor in the scores', async () => {
      const [objector] = await idsAt(stores.warehouse, scenario, Date.parse(card.test_moment));
      const without = await train(stores, scenario, { seed: 3, exclude: [objector] });
      expect(without.card.model.n).toBe(card.model.n - 1);
      const all = await score(stores, scenario);
      expect(await customerScores(stores.warehouse, objector)).toHaveLength(1);
      const rest = await score(stores, scenario, {}, { exclude: [objector] });
      expect(rest.scored).toBe(all.scored - 1);
      expect(await customerScores(stores.warehouse, objector)).toEqual([]);
    });

    test('its page is what the console expects, and counts everybody once', async () => {
      const { scored } = await score(stores, scenario);
      const page = ScenarioPage.parse(await scenarioPage(stores, scenario));
      expect(page.results?.scored).toBe(scored);
      expect(page.results?.histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(scored);
    });
  });
}

/** Fresh stores with this shop in them, at the end of its days. */
export async function storesOf(shop: Shop): Promise<Stores> {
  const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
  await fillShop(warehouse, shop);
  return { warehouse, records, clock: new SteppedClock(shop.end) };
}

async function closed({ warehouse, records }: Stores): Promise<void> {
  await Promise.all([warehouse.close(), records.destroy()]);
}

/** Only what had happened and was known at the moment, in another order, each event told twice. */
function shuffledPast({ lines, events, identity, end }: Shop, moment: number): Shop {
  const by = clickhouseTime(moment);
  const known = (row: { at: string; received_at: string }): boolean => row.at <= by && row.received_at <= by;
  const told = events.filter(known);
  return {
    lines: lines.filter(known).reverse(),
    events: [...told, ...told.toReversed()],
    identity: identity.filter(link => link.linked_at <= by).reverse(),
    end,
  };
}

/** Each subject's features, rounded past the noise of adding in another order. */
async function featuresAt(
  warehouse: Warehouse,
  scenario: Scenario,
  moment: number,
): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>();
  for await (const { ids, table } of featuresInBatches(warehouse, scenario, moment))
    ids.forEach((id, row) =>
      rows.set(
        id,
        table.columns.map(column => column[row].toPrecision(5)),
      ),
    );
  return rows;
}

async function idsAt(warehouse: Warehouse, scenario: Scenario, moment: number): Promise<string[]> {
  return (await labelledFeatures(warehouse, scenario, moment)).ids;
}
