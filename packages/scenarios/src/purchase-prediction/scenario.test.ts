import type { ClassifierCard } from '@bellwether/contracts';
import { scenarioPage, type Stores } from '@bellwether/pipeline';
import { createMarket } from '@bellwether/simulator';
import { buyersOf, checkScenario, storesOfMarket } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purchasePrediction } from './index.ts';

checkScenario(purchasePrediction);

describe('on the simulated market, collected and prepared as in a shop', () => {
  const days = 200;
  const market = createMarket({ seed: 7, customers: 700, products: 120, start: Date.UTC(2026, 0, 1), days });
  let stores: Stores;
  let card: ClassifierCard;
  beforeAll(async () => {
    stores = await storesOfMarket(market, days);
    card = (await purchasePrediction.train(stores, { seed: 7 })).card;
  });
  afterAll(() => Promise.all([stores.warehouse.close(), stores.records.destroy()]));

  test('its figures are the golden ones', () => {
    const golden: unknown = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));
    expect(figuresOf(card)).toEqual(golden);
  });

  test('what the next 30 days bring lies within what was expected of them', async () => {
    await purchasePrediction.apply(stores);
    const { results } = await scenarioPage(stores, purchasePrediction);
    const scored = await stores.warehouse.query<{ customer_id: string }>(
      'SELECT customer_id FROM current_scores',
    );
    const buyers = buyersOf(market, 30);
    const bought = scored.filter(({ customer_id }) => buyers.has(customer_id)).length;
    expect(bought).toBeGreaterThan(results?.expected.low ?? Infinity);
    expect(bought).toBeLessThan(results?.expected.high ?? 0);
  });
});

function figuresOf({
  model,
  baseline,
  rivals,
  families,
  beats_baseline,
}: ClassifierCard): Record<string, unknown> {
  const rounded = (x: number | null): number => Math.round(1000 * (x ?? NaN)) / 1000;
  return {
    customers: model.n,
    buyers: model.positives,
    auc: rounded(model.auc.value),
    baseline_auc: rounded(baseline.auc.value),
    // the sum of a customer's revenue depends on its order in the last digit, and this figure lies on the edge of rounding
    rfm_regression_auc: Math.round(100 * (rivals[0].figures.auc.value ?? NaN)) / 100,
    won: families.find(({ chosen }) => chosen)?.family,
    held_back_log_loss: Object.fromEntries(
      families.map(({ family, log_loss }) => [family, rounded(log_loss.value)]),
    ),
    log_loss: rounded(model.log_loss),
    baseline_log_loss: rounded(baseline.log_loss),
    f1: rounded(model.f1),
    top_decile_lift: rounded(model.top_decile_lift),
    beats_baseline,
  };
}
