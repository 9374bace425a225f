import { DAY, ScenarioPage, SteppedClock, type Figure, type ModelVersion } from '@bellwether/contracts';
import { customerScores, scenarioPage, type Scenario, type Stores } from '@bellwether/pipeline';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillShop, makeShop, type Shop } from './shop.ts';
import { freshRecords, freshWarehouse } from './stores.ts';

const START = Date.UTC(2025, 0, 1);

export interface CheckOptions {
  shop?: Shop;
  /** Whether anything is told of a customer after a run; as a rule, whether there is a score. */
  tells?: (stores: Stores, customerId: string) => Promise<boolean>;
}

const hasScore =
  (scenario: string) =>
  async ({ warehouse }: Stores, id: string): Promise<boolean> =>
    (await customerScores(warehouse, id)).some(score => score.scenario === scenario);

/**
 * What every scenario must hold, proved on a shop made for the test. One line tests a new scenario.
 *
 * @example
 * checkScenario(purchasePrediction);
 */
export function checkScenario(
  scenario: Scenario,
  {
    shop = makeShop({ seed: 7, customers: 450, days: 220, start: START }),
    tells = hasScore(scenario.name),
  }: CheckOptions = {},
): void {
  describe(`${scenario.name} keeps what every scenario promises`, () => {
    let stores: Stores;
    let version: ModelVersion;
    beforeAll(async () => {
      stores = await storesOf(shop);
      version = await scenario.train(stores, { seed: 3 });
    });
    afterAll(() => closed(stores));

    test('what it knows of a customer are the features that it declares', async () => {
      const declared = scenario.features.map(feature => feature.name);
      for await (const { table } of scenario.subjects(stores, shop.end))
        expect(table.names).toEqual(declared);
    });

    test('nothing known sees what happened or came later; shuffled and repeated rows change nothing', async () => {
      const moment = shop.end - 45 * DAY;
      const past = await storesOf(shuffledPast(shop, moment));
      const seen = await knownAt(stores, scenario, moment);
      expect(seen.size).toBeGreaterThan(100);
      expect(await knownAt(past, scenario, moment)).toEqual(seen);
      expect(await knownAt(stores, scenario, moment + 30 * DAY)).not.toEqual(seen);
      await closed(past);
    });

    test('the chosen model beats its baseline, or the version says that it does not', async () => {
      const { card, state, why } = version;
      expect(why.en).toContain(card.beats_baseline ? 'beats the baseline' : 'not shown to beat');
      const [{ model, baseline, better }] = card.figures;
      const gained = ((model.value ?? 0) - (baseline?.value ?? 0)) * (better === 'higher' ? 1 : -1);
      if (card.beats_baseline) expect(gained).toBeGreaterThan(0);
      if (state === 'champion') expect(gained).toBeGreaterThanOrEqual(0);
    });

    test('a version that was kept and read back tells the figures of its card', async () => {
      const { card } = version;
      const again = await scenario.judge(stores, version.version, Date.parse(card.test_moment), { seed: 3 });
      expect(valuesOf(again)).toEqual(valuesOf(card.figures));
    });

    test('the same seed gives the same figures', async () => {
      const again = await scenario.train(stores, { seed: 3 });
      expect(again.card).toEqual(version.card);
      expect(again.state).toBe('challenger');
    });

    test('who objects appears nowhere: not among what is known, nor in what is told', async () => {
      const [objector] = [...(await knownAt(stores, scenario, shop.end)).keys()];
      const rest = await knownAt(stores, scenario, shop.end, [objector]);
      expect(rest.has(objector)).toBe(false);
      const all = await scenario.apply(stores);
      expect(await tells(stores, objector)).toBe(true);
      const without = await scenario.apply(stores, { exclude: [objector] });
      expect(without.scored).toBe(all.scored - 1);
      expect(await tells(stores, objector)).toBe(false);
    });

    test('its page is what the console expects, and counts everybody once', async () => {
      const { scored } = await scenario.apply(stores);
      const page = ScenarioPage.parse(await scenarioPage(stores, scenario));
      expect(page.scored).toBe(scored);
    });
  });
}

function valuesOf(figures: readonly Figure[]): [string, number | null][] {
  return figures.map(({ name, model }) => [name, model.value]);
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

/** What is known of each customer, rounded past the noise of adding in another order. */
async function knownAt(
  stores: Stores,
  scenario: Scenario,
  moment: number,
  exclude: readonly string[] = [],
): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>();
  for await (const { ids, table } of scenario.subjects(stores, moment, { exclude }))
    ids.forEach((id, row) =>
      rows.set(
        id,
        table.columns.map(column => column[row].toPrecision(5)),
      ),
    );
  return rows;
}
