import { PreparationReport } from '@bellwether/contracts';
import { closeStores, freshStores, story } from '@bellwether/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../stores.ts';
import { lastPreparation, prepare } from './prepare.ts';
import { forget, NOW, tell, type ToldLine } from './told.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await freshStores(NOW);
});
beforeEach(() => forget(stores));
afterAll(() => closeStores(stores));

const day = (n: number, hour = 12): string => new Date(Date.UTC(2026, 0, n, hour)).toISOString();
const line = (line_key: string, more: Partial<ToldLine> = {}): ToldLine => ({
  line_key,
  order_id: `o-${line_key}`,
  customer_id: 'ann',
  product_id: 'mug',
  quantity: 1,
  unit_price: 10,
  at: day(1),
  ...more,
});
const rowsOf = ({ warehouse }: Stores, what: string): Promise<Record<string, unknown>[]> =>
  warehouse.query(`SELECT ${what}`);
const stepsOf = (report: PreparationReport): Record<string, number> =>
  Object.fromEntries(report.steps.map(({ step, dropped, kept }) => [step, dropped + kept]));

story('a sale stays as it was at its moment, and what was sent back counts when it came back', {
  given: async () => {
    await tell(stores, {
      lines: [
        line('early', { quantity: 3 }),
        line('late', { at: day(2), quantity: 1 }),
        // too many for the late sale, so the early one takes it back; the rest fits the late one
        line('back-2', { order_id: 'C77', at: day(3), quantity: -2 }),
        line('back-1', { order_id: 'C78', at: day(4), quantity: -1 }),
        line('too-soon', { order_id: 'C79', at: day(1, 1), quantity: -1 }),
      ],
    });
    return stores;
  },
  when: async stores => ({ stores, report: await prepare(stores) }),
  then: async ({ stores, report }) => {
    expect(PreparationReport.parse(report)).toEqual(await lastPreparation(stores.warehouse));
    expect(await rowsOf(stores, 'line_key, quantity, amount FROM sales ORDER BY at')).toEqual([
      { line_key: 'early', quantity: 3, amount: 30 },
      { line_key: 'late', quantity: 1, amount: 10 },
    ]);
    expect(await rowsOf(stores, 'line_key, returns_line, quantity, amount FROM returns ORDER BY at')).toEqual(
      [
        { line_key: 'back-2', returns_line: 'early', quantity: -2, amount: -20 },
        { line_key: 'back-1', returns_line: 'late', quantity: -1, amount: -10 },
      ],
    );
    expect(report).toMatchObject({
      lines_in: 5,
      lines_out: 4,
      orders_out: 2,
      customers_out: 1,
      revenue_out: 10,
    });
    expect(stepsOf(report)).toMatchObject({ unmatched_return: 1, matched_return: 2 });
  },
});

story('a shop whose order numbers all begin with C has sales, not cancellations', {
  given: async () => {
    await tell(stores, { lines: [1, 2, 3].map(n => line(`${n}`, { order_id: `C100${n}` })) });
    return stores;
  },
  when: async stores => ({ stores, report: await prepare(stores) }),
  then: async ({ report }) => {
    expect(report).toMatchObject({ lines_out: 3, orders_out: 3, revenue_out: 30 });
  },
});

story(
  "amounts are in the shop's currency and days in its zone; without a rate a line is dropped, not guessed",
  {
    given: async () => {
      await tell(stores, {
        lines: [
          line('cny-1', { currency: 'CNY', at: day(1, 17) }),
          line('cny-2', { currency: 'cny', at: day(1, 15) }),
          line('usd', { currency: 'USD', quantity: 2 }),
          line('xau', { currency: 'XAU' }),
        ],
      });
      return stores;
    },
    when: async stores => ({
      stores,
      report: await prepare(
        stores,
        {},
        { timezone: 'Asia/Shanghai', rates: { EUR: 1, CNY: 0.125, USD: 0.875 } },
      ),
    }),
    then: async ({ stores, report }) => {
      expect(report).toMatchObject({ currency: 'CNY', revenue_out: 160 });
      expect(stepsOf(report)).toMatchObject({ unknown_currency: 1, converted: 1 });
      expect(
        await rowsOf(
          stores,
          'line_key, unit_price, amount, currency, toString(day) AS day FROM sales ORDER BY line_key',
        ),
      ).toEqual([
        { line_key: 'cny-1', unit_price: 10, amount: 10, currency: 'CNY', day: '2026-01-02' },
        { line_key: 'cny-2', unit_price: 10, amount: 10, currency: 'CNY', day: '2026-01-01' },
        { line_key: 'usd', unit_price: 70, amount: 140, currency: 'CNY', day: '2026-01-01' },
      ]);
      await expect(prepare(stores, {}, { timezone: 'Mars/North' })).rejects.toMatchObject({
        code: 'preparation.unknown_timezone',
      });
      await expect(prepare(stores, {}, { rates: { USD: 0 } })).rejects.toMatchObject({
        code: 'preparation.bad_rate',
      });
    },
  },
);

story('what is unusual is flagged and stays', {
  given: async () => {
    const usual = Array.from({ length: 60 }, (_, n) =>
      line(`u${n}`, { quantity: 1 + (n % 4), unit_price: 5 + (n % 9) }),
    );
    await tell(stores, {
      lines: [
        ...usual,
        line('many', { quantity: 80_000 }),
        line('dear', { unit_price: 1e6 }),
        line('nameless', { product_id: '' }),
      ],
    });
    return stores;
  },
  when: async stores => ({ stores, report: await prepare(stores) }),
  then: async ({ stores, report }) => {
    expect(report.lines_out).toBe(63);
    expect(await rowsOf(stores, 'line_key, flags FROM sales WHERE flags != [] ORDER BY line_key')).toEqual([
      { line_key: 'dear', flags: ['outlier_price'] },
      { line_key: 'many', flags: ['outlier_quantity'] },
      { line_key: 'nameless', flags: ['no_product'] },
    ]);
  },
});

story('a customer is the last thing said of each field; the impossible is set aside and counted', {
  given: async () => {
    const said = (n: number, customer_id: string, more: object) => ({ customer_id, at: day(n), ...more });
    await tell(stores, {
      lines: [
        line('1'),
        line('2', { at: day(5) }),
        line('3', { customer_id: '', email: 'Eve@Shop.com', country: 'Peru' }),
      ],
      facts: [
        said(1, 'ann', {
          email: 'ANN@shop.com',
          name: 'Ann',
          age: 40,
          income: 30_000,
          traits: '{"a":1,"b":1}',
          email_consent: 1,
        }),
        said(2, 'ann', {
          first_name: 'Ann',
          last_name: 'Lee',
          age: 240,
          income: 999_999_999,
          city: 'Leeds',
          traits: '{"b":2}',
          email_consent: 0,
        }),
        said(3, 'ann', { phone: '+44 (0)20 7946 0018', age: -1, income: -5 }),
        said(3, 'only-told', { age: 13, gender: 'f' }),
      ],
      events: [
        {
          type: 'identify',
          at: day(4),
          user_id: 'only-identified',
          properties: '{"email":"x@y.com","plan":"pro"}',
        },
      ],
    });
    return stores;
  },
  when: async stores => ({ stores, report: await prepare(stores) }),
  then: async ({ stores, report }) => {
    expect(stepsOf(report)).toMatchObject({ impossible_age: 3, impossible_income: 2 });
    const customers = await rowsOf(
      stores,
      `customer_id, email, phone, name, gender, age, income, country, city, email_consent, traits, aliases, orders, revenue,
       toString(first_order_at) AS first, toString(last_order_at) AS last FROM customers ORDER BY customer_id`,
    );
    const nothing = {
      email: '',
      phone: '',
      name: '',
      gender: '',
      age: null,
      income: null,
      country: '',
      city: '',
    };
    const noOrders = { orders: 0, revenue: 0, first: null, last: null };
    const ann = {
      email: 'ann@shop.com',
      phone: '+442079460018',
      name: 'Ann Lee',
      age: 40,
      income: 30_000,
      city: 'Leeds',
    };
    expect(customers).toEqual([
      {
        ...nothing,
        ...ann,
        customer_id: 'ann',
        email_consent: 0,
        traits: '{"a":1,"b":2}',
        aliases: ['ann'],
        orders: 2,
        revenue: 20,
        first: '2026-01-01 12:00:00.000',
        last: '2026-01-05 12:00:00.000',
      },
      {
        ...nothing,
        customer_id: 'email:eve@shop.com',
        email: 'eve@shop.com',
        country: 'Peru',
        email_consent: null,
        traits: '{}',
        aliases: ['email:eve@shop.com'],
        orders: 1,
        revenue: 10,
        first: '2026-01-01 12:00:00.000',
        last: '2026-01-01 12:00:00.000',
      },
      {
        ...nothing,
        ...noOrders,
        customer_id: 'only-identified',
        email: 'x@y.com',
        email_consent: null,
        traits: '{"email":"x@y.com","plan":"pro"}',
        aliases: ['only-identified'],
      },
      {
        ...nothing,
        ...noOrders,
        customer_id: 'only-told',
        gender: 'f',
        email_consent: null,
        traits: '{}',
        aliases: ['only-told'],
      },
    ]);
  },
});

story('a shop that has sold nothing yet is prepared too', {
  given: () => stores,
  when: async stores => ({
    stores,
    first: await lastPreparation(stores.warehouse),
    report: await prepare(stores),
  }),
  then: async ({ first, report }) => {
    expect(first).toBeNull();
    expect(PreparationReport.parse(report)).toMatchObject({
      lines_in: 0,
      lines_out: 0,
      revenue_out: 0,
      first_at: null,
      currency: '',
    });
  },
});

test('lines of any century are prepared: each year is a partition, and dirt has many', async () => {
  const lines = Array.from({ length: 150 }, (_, n) =>
    line(`${n}`, { at: `${1905 + n}-06-01T00:00:00.000Z` }),
  );
  await tell(stores, { lines: lines.slice(0, 75) });
  await tell(stores, { lines: lines.slice(75) });
  const report = await prepare(stores);
  // those after 2026-01-31 are in the future
  expect(stepsOf(report)).toMatchObject({
    future_date: lines.filter(({ at }) => Date.parse(at) > NOW).length,
  });
  expect(report.lines_in).toBe(150);
});
