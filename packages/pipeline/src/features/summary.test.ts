import { countsIn } from '@bellwether/ml';
import { purchasePrediction } from '@bellwether/scenarios';
import { closeStores, freshWarehouse, makeShop, storesOf } from '@bellwether/testing';
import type { Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  columnSummaries,
  crossProducts,
  histograms,
  labelledFeatures,
  quantileEdges,
  sampleLimit,
  shareWithin,
  type RowBudget,
} from './index.ts';

let warehouse: Warehouse;
beforeAll(async () => void (warehouse = await freshWarehouse()));
afterAll(() => warehouse.close());

const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -1000, max: 1000 }).map(x => x / 8) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);
const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 40 });
const NAMES = ['a', 'b', 'c'];
const sqlOf = (table: readonly (readonly number[])[]): string =>
  `SELECT ${NAMES.map((name, j) => `t.${j + 1} AS ${name}`).join(', ')} FROM (SELECT arrayJoin([${table
    .map(row => `(${row.map(x => `toFloat32(${Number.isNaN(x) ? 'nan' : x})`).join(', ')})`)
    .join(', ')}]) AS t)`;
const columnsOf = (table: readonly (readonly number[])[]) => NAMES.map((_, j) => table.map(row => row[j]));
const SETTINGS = { numRuns: 15 };

test('counts, means, variances and bounds are those computed plainly', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async table => {
      const found = await columnSummaries(warehouse, sqlOf(table), NAMES);
      columnsOf(table).forEach((column, j) => {
        const there = column.filter(x => !Number.isNaN(x));
        const mean = there.reduce((sum, x) => sum + x, 0) / there.length;
        const variance = there.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (there.length - 1);
        const told = found.get(NAMES[j]);
        expect(told?.count).toBe(there.length);
        expect(told?.missing).toBe(column.length - there.length);
        if (there.length > 0) {
          expect(told?.mean).toBeCloseTo(mean, 8);
          expect([told?.min, told?.max]).toEqual([Math.min(...there), Math.max(...there)]);
        } else expect(told?.mean).toBeNaN();
        if (there.length > 1) expect(told?.variance).toBeCloseTo(variance, 6);
      });
    }),
    SETTINGS,
  );
});

test('products of each two columns, over whole rows, are those computed plainly', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async table => {
      const whole = table.filter(row => !row.some(Number.isNaN));
      const found = await crossProducts(warehouse, sqlOf(table), NAMES);
      expect(found.rows).toBe(whole.length);
      NAMES.forEach((_, i) =>
        NAMES.forEach((_, j) => {
          const product = whole.reduce((sum, row) => sum + row[i] * row[j], 0);
          expect(found.products[i * NAMES.length + j]).toBeCloseTo(product, 6);
        }),
      );
    }),
    SETTINGS,
  );
});

test('counts by bin are those of ml, missing ones last', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 2, max: 6 }), async (table, bins) => {
      const edges = await quantileEdges(warehouse, sqlOf(table), NAMES, bins);
      const found = await histograms(warehouse, sqlOf(table), edges);
      columnsOf(table).forEach((column, j) => {
        const own = edges.get(NAMES[j]) ?? new Float64Array();
        expect(own).toEqual(own.toSorted());
        expect(found.get(NAMES[j])).toEqual(countsIn(own, Float32Array.from(column)));
      });
    }),
    SETTINGS,
  );
});

test('within a budget, a sample by outcome stands for all; the same data give the same sample', async () => {
  const shop = makeShop({ seed: 5, customers: 400, days: 200, start: Date.UTC(2025, 0, 1) });
  const stores = await storesOf(shop);
  const asOf = shop.end - 30 * 86_400_000;
  const all = await labelledFeatures(stores.warehouse, purchasePrediction, asOf);
  const customers = all.ids.length;
  const budget = { most: 120, customers };
  const read = (within: RowBudget) =>
    labelledFeatures(stores.warehouse, purchasePrediction, asOf, shareWithin(within));
  const whole = await read({ ...budget, most: 10_000 });
  expect(whole).toEqual(all);
  expect(sampleLimit({ ...budget, most: 10_000 })).toEqual([]);
  const few = await read(budget);
  expect(few.ids.length).toBeGreaterThan(80);
  expect(few.ids.length).toBeLessThan(170);
  few.ids.forEach((id, row) => expect(few.target[row]).toBe(all.target[all.ids.indexOf(id)]));
  expect(sampleLimit(budget)[0].en).toContain(`of ${customers} customers`);
  const again = await read(budget);
  expect(again.ids).toEqual(few.ids);
  await closeStores(stores);
});
