import { purchasePrediction as scenario } from '@bellwether/scenarios';
import { makeShop, storesOf } from '@bellwether/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionOf, keepValueSettings, valueSettings, whatIf, type Stores } from './index.ts';

const shop = makeShop({ seed: 5, customers: 350, days: 200, start: Date.UTC(2025, 0, 1) });
const measured = { journey_id: 'j1', name: 'Coupon', days: 30, treated: 400, held_out: 100 };

describe('a shop that was scored', () => {
  let stores: Stores;
  let customer_id: string;
  beforeAll(async () => {
    stores = await storesOf(shop);
    await scenario.train(stores, { seed: 1 });
    await scenario.apply(stores);
    const sql = 'SELECT customer_id FROM current_scores ORDER BY abs(probability - 0.5) LIMIT 1';
    ({ customer_id } = await stores.warehouse.one<{ customer_id: string }>(sql));
  });
  afterAll(() => Promise.all([stores.warehouse.close(), stores.records.destroy()]));

  test('a dearer contact chooses fewer, at most so many are the most likely, and nothing is changed by asking', async () => {
    const kept = await valueSettings(stores.records);
    const cheap = await decisionOf(stores, scenario, { settings: { ...kept, contact_cost: 0.01 }, most: 20 });
    const dear = await decisionOf(stores, scenario, { settings: { ...kept, contact_cost: 0.1 } });
    expect(dear.threshold).toBeCloseTo(10 * cheap.threshold, 9);
    expect(dear.chosen).toBeLessThan(cheap.chosen);
    expect(cheap.chosen).toBeLessThanOrEqual(cheap.scored);
    expect(cheap.profit.low).toBeLessThan(cheap.profit.value ?? 0);
    expect(cheap.limited).toMatchObject({ most: 20, chosen: 20 });
    expect(cheap.limited?.from_probability).toBeGreaterThan(cheap.threshold);
    expect(cheap.limited?.profit.value).toBeLessThan(cheap.profit.value ?? 0);
    expect(cheap.rule['zh-CN']).toContain('值得触达');
    expect(await valueSettings(stores.records)).toEqual(kept);
  });

  test('settings that are kept decide whom the next scoring chooses, without training again', async () => {
    const kept = await valueSettings(stores.records);
    const before = await scenario.apply(stores);
    await keepValueSettings(stores.records, { ...kept, contact_cost: 0.1 });
    const after = await scenario.apply(stores);
    expect(after.chosen).toBeLessThan(before.chosen);
    expect((await decisionOf(stores, scenario)).chosen).toBe(after.chosen);
    await keepValueSettings(stores.records, kept);
  });

  test('supposing nothing changes nothing; a customer who bought yesterday is likelier to buy', async () => {
    const same = await whatIf(stores, scenario, { customer_id, changes: {} }, []);
    expect(same.difference).toBe(0);
    expect(same.features.map(({ name }) => name)).toEqual(scenario.features.map(({ name }) => name));
    const changes = { recency_days: 1, orders_30: 3 };
    const { before, after, difference, features, meaning } = await whatIf(
      stores,
      scenario,
      { customer_id, changes },
      [],
    );
    expect(before).toEqual(same.before);
    expect(difference).toBeCloseTo((after.value ?? 0) - (before.value ?? 0), 12);
    expect(difference).toBeGreaterThan(0);
    expect(after.low).toBeLessThan(after.value ?? 0);
    expect(features.find(({ name }) => name === 'recency_days')).toMatchObject({
      supposed: 1,
      outside: false,
    });
    expect(meaning.en).toContain('association');
  });

  test('a value that nobody has is said to be one, and may be not known', async () => {
    const changes = { orders: 1e6, gap_days: null };
    const { features, after } = await whatIf(stores, scenario, { customer_id, changes }, []);
    expect(features.find(({ name }) => name === 'orders')?.outside).toBe(true);
    expect(features.find(({ name }) => name === 'gap_days')).toMatchObject({
      supposed: null,
      outside: false,
    });
    expect(after.value).toBeLessThanOrEqual(1);
  });

  test('what a coupon would do is told by a journey that held somebody out, and not at all without one', async () => {
    const without = await whatIf(stores, scenario, { customer_id, changes: {} }, []);
    expect(without.actions).toEqual([]);
    expect(without.support.en).toContain('Nothing supports an answer');
    const lift = { value: 0.05, low: 0.01, high: 0.09, n: 500 };
    const doubtful = { ...measured, journey_id: 'j2', lift: { ...lift, low: -0.02 } };
    const nobody = { ...measured, journey_id: 'j3', held_out: 0, lift };
    const { actions } = await whatIf(stores, scenario, { customer_id, changes: {} }, [
      { ...measured, lift },
      doubtful,
      nobody,
    ]);
    expect(actions.map(({ journey_id, shown }) => [journey_id, shown])).toEqual([
      ['j1', true],
      ['j2', false],
    ]);
    expect(actions[0].said.en).toContain('+5.0 points (95 %: +1.0 – +9.0; 400 written to, 100 held out)');
    expect(actions[1].said.en).toContain('not beyond chance');
  });

  test('who was never scored, and what it does not look at, are named', async () => {
    await expect(whatIf(stores, scenario, { customer_id: 'nobody', changes: {} }, [])).rejects.toMatchObject({
      code: 'scenario.no_such_customer',
    });
    const wrong = whatIf(stores, scenario, { customer_id, changes: { age: 30 } }, []);
    await expect(wrong).rejects.toThrow(/does not look at age; it looks at recency_days/);
  });
});
