import { LifecycleCard, type StageRule } from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { createMarket } from '@bellwether/simulator';
import { checkScenario, storesOfMarket } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  changeRules,
  cohorts,
  currentRules,
  customerLifecycle,
  lifecycleSummary,
  previewRules,
  transitions,
} from './index.ts';

checkScenario(customerLifecycle);

describe('on the simulated market, collected and prepared as in a shop', () => {
  const days = 240;
  const market = createMarket({
    seed: 7,
    customers: 600,
    products: 80,
    start: Date.UTC(2026, 0, 1),
    days: 160,
  });
  let stores: Stores;
  let card: LifecycleCard;
  beforeAll(async () => {
    stores = await storesOfMarket(market, days);
    const version = await customerLifecycle.train(stores, { seed: 7 });
    card = LifecycleCard.parse(version.card);
    await customerLifecycle.apply(stores);
  });
  afterAll(() => Promise.all([stores.warehouse.close(), stores.records.destroy()]));

  test('its figures are the golden ones', () => {
    const golden: unknown = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));
    expect(figuresOf(card)).toEqual(golden);
  });

  test('a probability of being alive means what it says, by the market’s truth', async () => {
    const told = await stores.warehouse.query<{ customer_id: string; alive: number }>(
      'SELECT customer_id, alive FROM current_lifecycle',
    );
    const share = (rows: typeof told): number =>
      rows.filter(({ customer_id }) => market.isAlive(customer_id)).length / rows.length;
    const sorted = told.toSorted((a, b) => a.alive - b.alive);
    const third = Math.floor(sorted.length / 3);
    expect(share(sorted.slice(-third))).toBeGreaterThan(share(sorted.slice(0, third)) + 0.3);
    const mean = told.reduce((sum, { alive }) => sum + alive, 0) / told.length;
    expect(Math.abs(mean - share(told))).toBeLessThan(0.1);
  });

  test('movements lose and invent nobody: what arrives at a moment is who stands there', async () => {
    const { moments, flows, counts } = await transitions(stores, { every: 'month' });
    expect(moments.length).toBeGreaterThan(4);
    const at = (moment: string, stage: string): number =>
      counts.find(count => count.at === moment && count.stage === stage)?.customers ?? 0;
    for (const { at: moment, stage } of counts) {
      const into = flows.filter(flow => flow.to_at === moment && flow.to === stage);
      const outOf = flows.filter(flow => flow.from_at === moment && flow.from === stage);
      const sum = (some: typeof flows): number => some.reduce((total, { customers }) => total + customers, 0);
      if (moment !== moments[0]) expect(sum(into)).toBe(at(moment, stage));
      if (moment !== moments.at(-1)) expect(sum(outOf)).toBe(at(moment, stage));
    }
  });

  test('everybody is in one cohort, and a cohort begins with all of its customers', async () => {
    const { warehouse } = stores;
    const { n } = await warehouse.one<{ n: number }>(
      'SELECT uniqExact(customer_id) AS n FROM sales WHERE known',
    );
    for (const every of ['month', 'week'] as const) {
      const table = await cohorts(stores, every);
      expect(table.cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(n);
      table.cohorts.forEach(({ customers, periods }) => expect(periods[0].customers).toBe(customers));
    }
  });

  test('a customer who is asked of alone is told what the run told', async () => {
    const [row] = await stores.warehouse.query<{ customer_id: string; stage: string; orders_90: number }>(
      'SELECT customer_id, stage, orders_90 FROM current_lifecycle ORDER BY customer_id LIMIT 1',
    );
    const told = await customerLifecycle.predict?.(stores, { customer_id: row.customer_id, reasons: true });
    expect(told?.labels['stage']).toBe(row.stage);
    expect(told?.estimates['orders_90'].value).toBeCloseTo(row.orders_90, 4);
    await expect(
      customerLifecycle.predict?.(stores, { customer_id: 'nobody', reasons: false }),
    ).rejects.toMatchObject({ code: 'customer.unknown' });
  });

  test('a preview of other rules tells who would move, and saving them moves those, in the past too', async () => {
    const { rules } = await currentRules(stores);
    const all: StageRule[] = [{ stage: 'active', when: [] }];
    const preview = await previewRules(stores, { ...rules, stages: all });
    const before = await lifecycleSummary(stores);
    const active = before?.stages.find(({ stage }) => stage === 'active')?.customers ?? 0;
    expect(preview.moved).toBe((before?.customers ?? 0) - active);
    await changeRules(stores, { ...rules, stages: all });
    const { counts } = await transitions(stores, { every: 'month' });
    expect(new Set(counts.map(({ stage }) => stage))).toEqual(new Set(['active']));
    await changeRules(stores, rules);
    expect((await lifecycleSummary(stores))?.stages).toEqual(before?.stages);
  });
});

function figuresOf({ figures, beats_baseline, purchases, totals }: LifecycleCard): Record<string, unknown> {
  const rounded = (x: number | null | undefined): number => Math.round(1000 * (x ?? NaN)) / 1000;
  return {
    method: purchases[0].method,
    beats_baseline,
    ordered: totals.observed,
    ...Object.fromEntries(figures.map(({ name, model }) => [name, rounded(model.value)])),
    orders_mae_baseline: rounded(figures[0].baseline?.value),
  };
}
