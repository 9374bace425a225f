import {
  DAY,
  SteppedClock,
  TRAIT_FIELDS,
  TRAIT_MEASURES,
  TRAIT_SOURCES,
  TraitDefinition,
  type TraitTest,
} from '@bellwether/contracts';
import { closeStores, freshRecords, freshWarehouse, story } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stores } from '../stores.ts';
import { computeTraits, evaluateTraits, traitAt, type Definitions, type KeptTraits } from './index.ts';
import { evaluatePlainly, type History } from './evaluate.test-support.ts';

const START = Date.UTC(2026, 0, 1);
const CUSTOMERS = ['ann', 'bo', '陈'];
const EVENTS = ['Product Viewed', "it's"];
const PROPERTIES = ['colour', 'price', 'a"b'];

const moment = fc.integer({ min: 0, max: 60 * 24 }).map(hours => START + hours * 3_600_000);
const times = fc
  .tuple(moment, fc.constantFrom(0, 0, 0, 3 * DAY))
  .map(([at, late]) => ({ at, received_at: at + late }));
const scalar = fc.oneof(
  fc.constantFrom<unknown>('red', 'Blue', '红', '', '12', 'inf', true, false, null, ['x'], { y: 1 }),
  fc.integer({ min: -5, max: 40 }),
  fc.constantFrom(0.5, 2.25),
);
const line = fc.record({
  order: fc.integer({ min: 1, max: 4 }),
  customer_id: fc.constantFrom(...CUSTOMERS),
  product_id: fc.constantFrom('p1', 'p2', 'p3'),
  quantity: fc.integer({ min: 1, max: 3 }),
  unit_price: fc.constantFrom(1, 2.5, 10),
  kind: fc.constantFrom('sale' as const, 'sale' as const, 'return' as const),
  country: fc.constantFrom('France', 'China'),
  times,
});
const event = fc.record({
  user_id: fc.constantFrom(...CUSTOMERS),
  name: fc.constantFrom(...EVENTS),
  properties: fc.dictionary(fc.constantFrom(...PROPERTIES), scalar),
  times,
});
const history: fc.Arbitrary<History> = fc
  .record({ lines: fc.array(line, { maxLength: 14 }), events: fc.array(event, { maxLength: 14 }) })
  .map(({ lines, events }) => ({
    lines: lines.map(({ order, times: told, ...rest }, i) => ({
      ...rest,
      ...told,
      quantity: rest.kind === 'return' ? -rest.quantity : rest.quantity,
      order_id: `${rest.customer_id}-${order}`,
      line_key: `l${i}`,
    })),
    events: events.map(({ times: told, ...rest }, i) => ({ ...rest, ...told, event_id: `e${i}` })),
    categories: { p1: 'tea', p2: 'coffee' },
  }));

const fieldsOf = (from: (typeof TRAIT_SOURCES)[number]): string[] => [
  ...Object.keys(TRAIT_FIELDS[from]),
  ...(from === 'events' ? PROPERTIES : []),
];
const tested = (fields: string[]): fc.Arbitrary<TraitTest> =>
  fc.oneof(
    fc.record({
      field: fc.constantFrom(...fields),
      op: fc.constantFrom('is' as const, 'is_not' as const, 'contains' as const),
      text: fc.constantFrom('red', 'p1', 'France', '3', '红', "'; DROP TABLE events"),
    }),
    fc.record({
      field: fc.constantFrom(...fields),
      op: fc.constantFrom('at_least' as const, 'at_most' as const),
      number: fc.constantFrom(1, 2.5, 12),
    }),
  );
const declared = fc
  .constantFrom(...TRAIT_SOURCES)
  .chain(from =>
    fc.record({
      words: fc.constant({ en: 'x', 'zh-CN': 'x' }),
      from: fc.constant(from),
      measure: fc.constantFrom(...TRAIT_MEASURES),
      field: fc.option(fc.constantFrom(...fieldsOf(from)), { nil: undefined }),
      event: from === 'events' ? fc.constantFrom(...EVENTS) : fc.constant(undefined),
      where: fc.array(tested(fieldsOf(from)), { maxLength: 2 }),
      days: fc.option(fc.constantFrom(3, 10, 30), { nil: undefined }),
    }),
  )
  .map(one => TraitDefinition.safeParse(one))
  .filter(parsed => parsed.success)
  .map(parsed => parsed.data);
const definitions = fc.array(declared, { minLength: 4, maxLength: 10 }).map(list => {
  return Object.fromEntries(list.map((one, i) => [`trait_${i}`, one]));
});

describe('traits', () => {
  let stores: Stores & { clock: SteppedClock };
  beforeAll(async () => {
    const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
    stores = { warehouse, records, clock: new SteppedClock(START + 90 * DAY) };
  });
  afterAll(() => closeStores(stores));

  test('say what a plain reading of the declaration says, as of any moment', async () => {
    await fc.assert(
      fc.asyncProperty(history, definitions, moment, async (told, asked, asOf) => {
        await fill(stores, told);
        const values = await evaluateTraits(stores.warehouse, asked, { asOf });
        for (const customer of CUSTOMERS)
          expect(rounded(values.get(customer) ?? nothing(asked))).toEqual(
            rounded(plain(told, asked, customer, asOf)),
          );
      }),
      { numRuns: 15, seed: 11 },
    );
  });

  test('kept from what changed are what they would be computed anew, at every later moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        definitions,
        fc.array(moment, { minLength: 2, maxLength: 4 }),
        async (told, asked, moments) => {
          await fill(stores, told);
          for (const asOf of [...moments].sort((a, b) => a - b)) {
            stores.clock.advance(1000);
            await computeTraits(stores, asked, { asOf });
            const kept = await keptAt(stores, asked, asOf);
            for (const customer of CUSTOMERS)
              expect(rounded(kept.get(customer) ?? nothing(asked))).toEqual(
                rounded(plain(told, asked, customer, asOf)),
              );
          }
        },
      ),
      { numRuns: 5, seed: 5 },
    );
  });

  story('only the customer of whom something changed is computed again', {
    given: async () => {
      await fill(stores, { lines: [], events: [], categories: {} });
      const sale = { product_id: 'p1', quantity: 1, unit_price: 4, amount: 4, known: true, kind: 'sale' };
      const row = (id: string, at: number) => ({
        ...sale,
        ...{ line_key: `${id}${at}`, order_id: `${id}${at}`, customer_id: id },
        ...{ at: clickhouseTime(at), received_at: clickhouseTime(at) },
      });
      await stores.warehouse.insert('prepared_order_lines', [row('ann', START), row('bo', START)], {
        token: 'a',
      });
      const first = await computeTraits(stores, ORDERS, { asOf: START + DAY });
      await stores.warehouse.insert('prepared_order_lines', [row('ann', START + 2 * DAY)], { token: 'b' });
      return first;
    },
    when: () => computeTraits(stores, ORDERS, { asOf: START + 3 * DAY }),
    then: async (second, first) => {
      expect(first).toMatchObject({ customers: 2, whole: true });
      expect(second).toMatchObject({ customers: 1, whole: false });
      expect(await keptAt(stores, ORDERS, START + 3 * DAY)).toEqual(
        new Map([
          ['ann', { orders_10: 2 }],
          ['bo', { orders_10: 1 }],
        ]),
      );
      const later = await computeTraits(stores, ORDERS, { asOf: START + 10 * DAY });
      expect(later).toMatchObject({ customers: 2, whole: false });
    },
  });

  test('a declaration that cannot be computed is refused by a sentence', () => {
    const wrong = { words: { en: 'x', 'zh-CN': 'x' }, from: 'orders', measure: 'sum', field: 'country' };
    expect(TraitDefinition.safeParse(wrong).error?.issues[0]?.message).toBe('"country" is not a number');
    const nameless = { ...wrong, from: 'events', measure: 'count', field: undefined };
    expect(TraitDefinition.safeParse(nameless).error?.issues[0]?.message).toBe('name the event');
  });
});

const ORDERS: Definitions = {
  orders_10: TraitDefinition.parse({
    ...{ words: { en: 'Orders', 'zh-CN': '订单' }, from: 'orders', measure: 'count', days: 10 },
  }),
};

async function fill({ warehouse }: Stores, { lines, events, categories }: History): Promise<void> {
  const tables = [
    'prepared_order_lines',
    'events',
    'subject_events',
    'identity',
    'products',
    'customer_traits',
  ];
  for (const table of [...tables, 'trait_runs']) await warehouse.command(`TRUNCATE TABLE ${table}`);
  const stamp = (at: number, received_at: number) => ({
    at: clickhouseTime(at),
    received_at: clickhouseTime(received_at),
  });
  const token = (table: string): { token: string } => ({ token: `${table}:${Math.random()}` });
  const rows = lines.map(one => ({
    ...{ ...one, ...stamp(one.at, one.received_at) },
    ...{ amount: one.quantity * one.unit_price, known: true },
  }));
  await warehouse.insert('prepared_order_lines', rows, token('lines'));
  const told = events.map(one => ({
    ...{ ...one, ...stamp(one.at, one.received_at), type: 'track' },
    properties: JSON.stringify(one.properties),
  }));
  await warehouse.insert('events', told, token('events'));
  const links = CUSTOMERS.map(id => ({ alias: id, customer_id: id, linked_at: clickhouseTime(0) }));
  await warehouse.insert('identity', links, token('identity'));
  const kinds = Object.entries(categories).map(([product_id, category]) => ({
    ...{ product_id, category, ...stamp(0, 0) },
  }));
  await warehouse.insert('products', kinds, token('products'));
}

async function keptAt(
  { warehouse }: Stores,
  asked: Definitions,
  now: number,
): Promise<Map<string, Record<string, unknown>>> {
  const rows = await warehouse.query<KeptTraits & { customer_id: string }>(
    'SELECT customer_id, numbers, texts FROM customer_traits FINAL',
  );
  return new Map(rows.map(row => [row.customer_id, valuesAt(asked, row, now)]));
}

function valuesAt(asked: Definitions, kept: KeptTraits, now: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, one]) => [name, traitAt(name, one, kept, now)]),
  );
}

/** Of whom nothing is known. */
const nothing = (asked: Definitions): Record<string, unknown> =>
  valuesAt(asked, { numbers: {}, texts: {} }, 0);

function plain(told: History, asked: Definitions, customer: string, asOf: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, one]) => [name, evaluatePlainly(told, one, customer, asOf)]),
  );
}

function rounded(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value,
    ]),
  );
}
