import type { ModelVersion } from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { createMarket } from '@bellwether/simulator';
import { checkScenario, closeStores, storesOfMarket } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recommendation } from './index.ts';

const LISTS = 'SELECT customer_id, groupArray(product_id) AS products FROM current_recommendations';
interface List {
  customer_id: string;
  products: string[];
}

checkScenario(recommendation, {
  tells: async ({ warehouse }, id) =>
    (await warehouse.query(`${LISTS} WHERE customer_id = {id:String} GROUP BY customer_id`, { id })).length >
    0,
});

describe('on the simulated market, whose tastes are known', () => {
  const days = 200;
  const market = createMarket({ seed: 7, customers: 700, products: 120, start: Date.UTC(2026, 0, 1), days });
  let stores: Stores;
  let version: ModelVersion;
  let lists: List[];
  beforeAll(async () => {
    stores = await storesOfMarket(market, days);
    version = await recommendation.train(stores, { seed: 7 });
    await recommendation.apply(stores);
    lists = await stores.warehouse.query<List>(`${LISTS} GROUP BY customer_id`);
  });
  afterAll(() => closeStores(stores));

  test('its figures are the golden ones, and beat what is popular', () => {
    const golden: unknown = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));
    expect(goldenOf(version)).toEqual(golden);
    expect(version.card.beats_baseline).toBe(true);
  });

  test('lists follow the tastes that nobody told', async () => {
    const popular = await stores.warehouse.query<{ product_id: string }>(
      'SELECT product_id FROM sales GROUP BY product_id ORDER BY count() DESC LIMIT 20',
    );
    const plain = popular.map(({ product_id }) => product_id);
    const own = meanOver(lists, ({ customer_id, products }) => tasteFor(customer_id, products));
    const same = meanOver(lists, ({ customer_id }) => tasteFor(customer_id, plain));
    process.stdout.write(`taste met: lists ${own.toFixed(3)}, what is popular ${same.toFixed(3)}\n`);
    // by chance a category has an equal share of a taste
    const categories = new Set(market.products.map(({ category }) => category)).size;
    expect(same).toBeLessThan(1.5 / categories);
    expect(own).toBeGreaterThan(1.3 * same);
  });

  test('nobody is shown twice what they are shown, nor anything that they bought', async () => {
    const bought = await stores.warehouse.query<{ n: number }>(
      `SELECT count() AS n FROM current_recommendations
       WHERE (customer_id, product_id) IN (SELECT customer_id, product_id FROM sales)`,
    );
    expect(bought).toEqual([{ n: 0 }]);
    for (const { products } of lists) expect(new Set(products).size).toBe(products.length);
  });

  test('of old runs one is kept', async () => {
    await recommendation.apply(stores);
    await recommendation.apply(stores);
    const [{ runs }] = await stores.warehouse.query<{ runs: number }>(
      'SELECT uniqExact(made_at) AS runs FROM recommendations',
    );
    expect(runs).toBe(2);
  });

  /** Mean share of the customer's taste that is for the categories of these products. */
  function tasteFor(customerId: string, products: readonly string[]): number {
    const person = market.people.find(({ face }) => face.userId === customerId);
    const categories = products.map(id => market.products.find(product => product.id === id)?.category ?? 0);
    return meanOver(categories, category => person?.truth.tastes[category] ?? 0);
  }
});

function meanOver<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / Math.max(1, values.length);
}

function goldenOf({ card }: ModelVersion): Record<string, unknown> {
  const rounded = (x: number | null | undefined): number => Math.round(1000 * (x ?? NaN)) / 1000;
  const figures = card.figures.map(({ name, model, baseline }) => [
    name,
    [rounded(model.value), rounded(baseline?.value)],
  ]);
  return { method: card.estimator, ...(Object.fromEntries(figures) as object) };
}
