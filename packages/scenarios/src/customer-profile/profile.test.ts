import {
  CustomerProfile,
  Lookalike,
  ProfileOverview,
  Rfm,
  type Lookalike as Made,
} from '@bellwether/contracts';
import { DEFAULT_TRAITS, saveTrait, listTraits, previewTrait, type Stores } from '@bellwether/pipeline';
import { createMarket } from '@bellwether/simulator';
import { closeStores, storesOfMarket, story } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  customerProfile,
  customerProfileOf,
  listLookalikes,
  lookalikeMembers,
  makeLookalike,
  profileOverview,
  renameSegment,
  rfmGrid,
} from './index.ts';
import type { ProfileVersion } from './train.ts';

describe('on the simulated market', () => {
  const days = 150;
  const market = createMarket({ seed: 7, customers: 600, products: 80, start: Date.UTC(2026, 0, 1), days });
  let stores: Stores;
  let version: ProfileVersion;
  beforeAll(async () => {
    stores = await storesOfMarket(market, days);
    version = await customerProfile.train(stores, { seed: 7 });
    await customerProfile.apply(stores);
  });
  afterAll(() => closeStores(stores));

  test('its figures are the golden ones', () => {
    const golden: unknown = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));
    const rounded = (x: number | null | undefined): number => Math.round(1000 * (x ?? NaN)) / 1000;
    const figures = Object.fromEntries(
      version.card.figures.map(({ name, model, baseline }) => [
        name,
        [rounded(model.value), rounded(baseline?.value)],
      ]),
    );
    expect({
      segments: version.card.segments.length,
      beats: version.card.beats_baseline,
      ...figures,
    }).toEqual(golden);
  });

  story('everybody is of one segment and of one cell of the grid', {
    given: () => undefined,
    when: async () => [await profileOverview(stores, 'GBP'), await rfmGrid(stores, 'GBP')] as const,
    then: async ([overview, grid]) => {
      const { customers, segments } = ProfileOverview.parse(overview);
      expect(segments.reduce((sum, segment) => sum + segment.customers, 0)).toBe(customers);
      const { cells, groups } = Rfm.parse(grid);
      expect(cells.reduce((sum, cell) => sum + cell.customers, 0)).toBe(customers);
      expect(groups.reduce((sum, group) => sum + group.customers, 0)).toBe(customers);
      const { n } = await stores.warehouse.one<{ n: number }>(
        'SELECT uniqExact(customer_id) AS n FROM sales WHERE known',
      );
      expect(customers).toBe(n);
    },
  });

  story('a name that a person gave stays when segments are found anew', {
    given: async () => {
      await renameSegment(stores, version.card.segments[0].key, { en: 'My regulars', 'zh-CN': '' });
      return version.card.segments;
    },
    when: async () => (await customerProfile.train(stores, { seed: 8 })).card.segments,
    then: async (again, before) => {
      const names = new Map(before.map(segment => [segment.key, segment.name]));
      const kept = again.filter(segment => names.has(segment.key));
      expect(kept.length).toBeGreaterThan(1);
      for (const segment of kept) expect(segment.name).toEqual(names.get(segment.key));
      const overview = await profileOverview(stores, 'GBP');
      const named = overview?.segments.find(segment => segment.key === before[0].key);
      expect(named).toMatchObject({ name: { en: 'My regulars', 'zh-CN': 'My regulars' }, renamed: true });
    },
  });

  story('a customer has a segment, traits and tags with their evidence', {
    given: async () =>
      (
        await stores.warehouse.one<{ id: string }>(
          'SELECT customer_id AS id FROM current_segments ORDER BY orders DESC, customer_id LIMIT 1',
        )
      ).id,
    when: id => customerProfileOf(stores, id),
    then: async (told, id) => {
      const profile = CustomerProfile.parse(told);
      const { orders } = await stores.warehouse.one<{ orders: number }>(
        'SELECT uniqExact(order_id) AS orders FROM sales WHERE customer_id = {id:String}',
        { id },
      );
      expect(profile.traits.find(trait => trait.name === 'orders')?.value).toBe(orders);
      expect(profile.tags.every(tag => tag.evidence.length > 0)).toBe(true);
      const predicted = await customerProfile.predict(stores, { customer_id: id, reasons: true });
      expect(predicted.labels['segment']).toBe(profile.segment?.key);
      expect(predicted.reasons).toHaveLength(5);
    },
  });

  story('a trait that a person declared is previewed on customers and kept', {
    given: () => ({
      ...{ words: { en: 'Orders at weekends', 'zh-CN': '周末订单' }, from: 'orders' as const },
      ...{ measure: 'count' as const, unit: 'times' as const },
      where: [{ field: 'weekday', op: 'at_least' as const, number: 6 }],
    }),
    when: async definition => {
      const preview = await previewTrait(stores, definition);
      await saveTrait(stores, 'at_weekends', definition);
      await customerProfile.apply(stores);
      return preview;
    },
    then: async preview => {
      expect(preview.customers).toBeGreaterThan(0);
      expect(preview.rows.length).toBe(10);
      const kept = (await listTraits(stores)).find(trait => trait.name === 'at_weekends');
      expect(kept).toMatchObject({ built_in: false });
      expect(kept?.customers).toBeGreaterThan(0);
      const definition = kept?.definition ?? DEFAULT_TRAITS['orders'];
      await expect(saveTrait(stores, 'orders', definition)).rejects.toMatchObject({
        code: 'trait.built_in',
      });
    },
  });

  story('customers like the champions are found among the others, and stand as scores', {
    given: () => undefined,
    when: () =>
      makeLookalike(stores, { name: 'Like champions', seed: { kind: 'rfm', group: 'champions' }, size: 40 }),
    then: async (made: Made) => {
      const { auc, scenario, id } = Lookalike.parse(made);
      expect(auc.low).toBeGreaterThan(0.5);
      const members = await lookalikeMembers(stores, id, 100);
      expect(members).toHaveLength(40);
      const { champions, chosen } = await stores.warehouse.one<{ champions: number; chosen: number }>(
        `SELECT countIf(customer_id IN (SELECT customer_id FROM current_segments WHERE rfm_group = 'champions')) AS champions,
         countIf(chosen) AS chosen FROM current_scores WHERE scenario = {scenario:String}`,
        { scenario },
      );
      expect({ champions, chosen }).toEqual({ champions: 0, chosen: 40 });
      expect((await listLookalikes(stores))[0]?.id).toBe(id);
    },
  });

  story('a seed that nothing tells from the rest is refused by a sentence', {
    given: async () => {
      const rows = await stores.warehouse.query<{ id: string }>(
        'SELECT customer_id AS id FROM current_segments ORDER BY cityHash64(customer_id) LIMIT 40',
      );
      return rows.map(row => row.id);
    },
    when: customers =>
      Promise.allSettled([
        makeLookalike(stores, { name: 'Random', seed: { kind: 'customers', customers }, size: 10 }),
        makeLookalike(stores, {
          name: 'Few',
          seed: { kind: 'customers', customers: customers.slice(0, 5) },
          size: 10,
        }),
      ]),
    then: ([random, few]) => {
      expect(random).toMatchObject({ reason: { code: 'lookalike.no_better_than_chance' } });
      expect(few).toMatchObject({ reason: { code: 'lookalike.seed_too_small' } });
    },
  });

  test('segments follow the truth of the market: who is in the most frequent one really buys more often', async () => {
    const rows = await stores.warehouse.query<{ segment: string; ids: string[] }>(
      'SELECT segment, groupArray(customer_id) AS ids FROM current_segments GROUP BY segment ORDER BY avg(orders) DESC',
    );
    const rates = new Map(market.people.map(({ face, truth }) => [face.userId, truth.purchaseRate]));
    const mean = (ids: readonly string[]): number =>
      ids.reduce((sum, id) => sum + (rates.get(id) ?? 0), 0) / Math.max(1, ids.length);
    const [most, ...others] = rows.map(row => row.ids);
    expect(mean(most)).toBeGreaterThan(1.3 * mean(others.flat()));
  });
});
