import { QualityReport } from '@bellwether/contracts';
import { closeStores, freshStores, story } from '@bellwether/testing';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Stores } from '../../stores.ts';
import { forget, NOW, tell } from '../told.ts';
import { lastQuality, qualityReport } from './quality.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await freshStores(NOW);
});
beforeEach(() => forget(stores));
afterAll(() => closeStores(stores));

const at = (hour: number): string => new Date(NOW - (1000 - hour) * 3_600_000).toISOString();

/** A thousand lines, one an hour; from the middle on, prices are up by half and a new country buys. */
const lines = Array.from({ length: 1000 }, (_, n) => ({
  line_key: `k${n}`,
  order_id: `o${n}`,
  product_id: `p${n % 7}`,
  quantity: 1 + (n % 5),
  unit_price: (n < 500 ? 10 : 15) + (n % 11),
  customer_id: n % 4 === 0 ? '' : `c${n % 90}`,
  country: n < 500 ? 'France' : 'Chile',
  at: at(n),
  received_at: new Date(NOW).toISOString(),
}));

story('the quality report says what is there, what is missing, how fresh it is, and what has moved', {
  given: async () => {
    const repeated = { ...lines[3], line_key: 'again' };
    const facts = [1, 2].map(n => ({ customer_id: `c${n}`, at: at(n), age: n === 1 ? 31 : null, city: '' }));
    await tell(stores, { lines: [...lines, repeated], facts });
    return stores;
  },
  when: async stores => ({
    stores,
    report: await qualityReport(stores),
    last: await lastQuality(stores.warehouse),
  }),
  then: async ({ report, last }) => {
    expect(QualityReport.parse(report)).toEqual(last);
    expect(report.tables.find(({ table }) => table === 'order_lines')).toEqual({
      table: 'order_lines',
      rows: 1001,
      duplicates: 1,
      first_at: at(0),
      last_at: at(999),
      last_received_at: new Date(NOW).toISOString(),
    });
    expect(report.tables.find(({ table }) => table === 'products')).toMatchObject({
      rows: 0,
      duplicates: 0,
      last_at: null,
    });
    const column = (table: string, name: string) =>
      report.columns.find(one => one.table === table && one.column === name);
    expect(column('order_lines', 'customer_id')).toMatchObject({
      rows: 1001,
      nulls: 250,
      min: 'c0',
      max: 'c9',
    });
    expect(column('order_lines', 'product_id')).toMatchObject({ nulls: 0, distinct: 7 });
    expect(column('order_lines', 'quantity')).toMatchObject({ min: '1', max: '5' });
    expect(column('order_lines', 'email')).toMatchObject({ nulls: 1001, distinct: 0, min: null, max: null });
    expect(column('customer_facts', 'age')).toMatchObject({
      rows: 2,
      nulls: 1,
      min: '31',
      max: '31',
      drift: null,
    });
    expect(column('order_lines', 'quantity')?.drift).toBeLessThan(0.05);
    expect(column('order_lines', 'unit_price')?.drift).toBeGreaterThan(0.25);
    expect(column('order_lines', 'country')?.drift).toBeGreaterThan(0.25);
    expect(column('order_lines', 'order_id')?.drift, 'names have no distribution').toBeNull();
    expect(column('products', 'title')).toMatchObject({ rows: 0, nulls: 0, min: null });
  },
});

story('the index is that of its definition', {
  given: async () => {
    const moved = lines.map((line, n) => ({
      ...line,
      country: n % (n < 500 ? 4 : 2) === 0 ? 'France' : 'Chile',
    }));
    await tell(stores, { lines: moved });
    return stores;
  },
  when: async stores => ({ stores, report: await qualityReport(stores) }),
  then: async ({ report }) => {
    const drift = report.columns.find(
      ({ table, column }) => table === 'order_lines' && column === 'country',
    )?.drift;
    const term = (earlier: number, later: number): number => (later - earlier) * Math.log(later / earlier);
    // the 500th row in time is the middle: France has 125 of the 499 before it and 250 of the 501 from it on
    const france = term(125.5 / 500, 250.5 / 502);
    const chile = term(374.5 / 500, 251.5 / 502);
    expect(drift).toBeCloseTo(france + chile, 9);
  },
});
