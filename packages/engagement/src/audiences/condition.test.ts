import {
  CUSTOMER_FIELDS,
  DAY,
  TESTS_OF,
  type Condition,
  type CustomerField,
  type Leaf,
} from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCondition } from './condition-sql.ts';
import { holds, type Person } from './condition.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const EVENTS = ['Product Viewed', 'Product Added', 'Email Opened'];
const PRODUCTS = ['tea', 'cup', 'pot'];
const WORDS = ['red', 'Red tea', '茶', 'x'];

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await freshWarehouse();
});
afterAll(() => warehouse.close());

/** Every second one lies whole days ago, where windows begin and end. */
const moment = fc
  .oneof(
    fc.integer({ min: -40 * 24, max: 2 * 24 }),
    fc.integer({ min: -40, max: 0 }).map(days => 24 * days),
  )
  .map(hours => NOW + hours * (DAY / 24));
const jsonValue = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: 0, max: 4 }),
  fc.boolean(),
  fc.constant(null),
  moment.map(at => new Date(at).toISOString()),
);
const properties = fc.dictionary(fc.constantFrom('colour', 'price', 'on'), jsonValue, { maxKeys: 3 });

const textField = fc.constantFrom('', ...WORDS);
const numberField = fc.option(fc.integer({ min: 0, max: 4 }));
const momentField = fc.option(moment.map(at => new Date(at).toISOString()));
const fields = fc.record({
  country: textField,
  name: textField,
  age: numberField,
  last_order_at: momentField,
});

const person = fc.record({
  fields,
  traits: properties,
  events: fc.array(fc.record({ name: fc.constantFrom(...EVENTS), at: moment, properties }), { maxLength: 8 }),
  sales: fc.array(
    fc.record({
      order: fc.constantFrom('o1', 'o2', 'o3'),
      product: fc.constantFrom(...PRODUCTS),
      amount: fc.integer({ min: 1, max: 20 }),
      at: moment,
    }),
    { maxLength: 5 },
  ),
  scores: fc.uniqueArray(
    fc.record({
      scenario: fc.constantFrom('buys', 'leaves'),
      probability: fc.integer({ min: 0, max: 10 }).map(n => n / 10),
      chosen: fc.boolean(),
    }),
    { maxLength: 2, selector: score => score.scenario },
  ),
  audiences: fc.subarray(['vip', 'new']),
});
const people = fc.array(person, { minLength: 4, maxLength: 8 }).map(list =>
  list.map((one, n): Person => ({
    ...one,
    id: `c${n}`,
    events: one.events.map((event, k) => ({ ...event, id: `c${n}e${k}` })),
  })),
);

const number = fc.integer({ min: 0, max: 4 });
const days = fc.integer({ min: 0, max: 40 });
const TESTS = {
  is: fc.record({
    op: fc.constant('is' as const),
    value: fc.oneof(fc.constantFrom(...WORDS), number, fc.boolean()),
  }),
  is_not: fc.record({
    op: fc.constant('is_not' as const),
    value: fc.oneof(fc.constantFrom(...WORDS), number),
  }),
  one_of: fc.record({
    op: fc.constant('one_of' as const),
    values: fc.array(fc.oneof(fc.constantFrom(...WORDS), number), { minLength: 1, maxLength: 3 }),
  }),
  contains: fc.record({ op: fc.constant('contains' as const), text: fc.constantFrom('RED', '茶', 'tea') }),
  at_least: fc.record({ op: fc.constant('at_least' as const), number }),
  at_most: fc.record({ op: fc.constant('at_most' as const), number }),
  between: fc.record({ op: fc.constant('between' as const), low: number, high: number }),
  within_days: fc.record({ op: fc.constant('within_days' as const), days }),
  before_days: fc.record({ op: fc.constant('before_days' as const), days }),
  known: fc.constant({ op: 'known' as const }),
  unknown: fc.constant({ op: 'unknown' as const }),
};
const anyTest = fc.oneof(...Object.values(TESTS));

const pattern = fc.record({
  event: fc.constantFrom(...EVENTS),
  where: fc.array(fc.record({ property: fc.constantFrom('colour', 'price', 'on'), test: anyTest }), {
    maxLength: 2,
  }),
});
const window = fc.option(days, { nil: undefined }).map(each => (each === undefined ? {} : { days: each }));

const field: fc.Arbitrary<Leaf> = fc
  .constantFrom<CustomerField>('country', 'name', 'age', 'last_order_at')
  .chain(name =>
    fc
      .oneof(...TESTS_OF[CUSTOMER_FIELDS[name]].map(op => TESTS[op]))
      .map(asked => ({ kind: 'field' as const, field: name, test: asked })),
  );
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  field,
  fc.record({
    kind: fc.constant('trait' as const),
    trait: fc.constantFrom('colour', 'price', 'on'),
    test: anyTest,
  }),
  fc
    .tuple(
      pattern,
      fc.constantFrom('at_least' as const, 'at_most' as const),
      fc.integer({ min: 0, max: 3 }),
      window,
    )
    .map(([event, op, times, span]) => ({ kind: 'event' as const, ...event, times: { op, times }, ...span })),
  fc
    .tuple(fc.array(pattern, { minLength: 2, maxLength: 3 }), days, window)
    .map(([steps, within_days, span]) => ({ kind: 'sequence' as const, steps, within_days, ...span })),
  fc
    .tuple(
      fc.constantFrom('count' as const, 'amount' as const),
      fc.subarray(PRODUCTS),
      fc.constantFrom('at_least' as const, 'at_most' as const),
      fc.integer({ min: -1, max: 20 }),
      window,
    )
    .map(([measure, products, op, limit, span]) => ({
      kind: 'orders' as const,
      ...{ measure, products, test: { op, number: limit }, ...span },
    })),
  fc.record({
    kind: fc.constant('score' as const),
    scenario: fc.constantFrom('buys', 'none'),
    at_least: fc.constantFrom(0, 0.3, 0.7),
    at_most: fc.constantFrom(0.3, 1),
    chosen_only: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('member' as const), audience: fc.constantFrom('vip', 'lost') }),
  fc.record({
    kind: fc.constant('random' as const),
    share: fc.constantFrom(0, 0.3, 0.8, 1),
    salt: fc.constantFrom('', 'a'),
  }),
);
const condition = fc.letrec<{ tree: Condition }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constant('all' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('any' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
  ),
})).tree;

test('the SQL has the members that a plain reading of the definition has', async () => {
  await fc.assert(
    fc.asyncProperty(
      people,
      fc.array(condition, { minLength: 12, maxLength: 12 }),
      async (list, conditions) => {
        await fill(list);
        for (const each of conditions)
          expect(await members(each), JSON.stringify(each)).toEqual(
            list.filter(one => holds(each, one, NOW)).map(one => one.id),
          );
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
}, 60_000);

test('a definition is bound, never spliced', async () => {
  await fill([]);
  const hostile = `x' OR 1=1 --`;
  const conditions: Condition[] = [
    { kind: 'trait', trait: hostile, test: { op: 'is', value: hostile } },
    { kind: 'event', event: hostile, where: [], times: { op: 'at_least', times: 1 } },
    { kind: 'member', audience: hostile },
  ];
  for (const each of conditions) {
    expect(compileCondition(each, NOW).sql).not.toContain(hostile);
    expect(await members(each)).toEqual([]);
  }
});

test('who bought or did nothing has done it no times', async () => {
  const nobody: Person = {
    id: 'c0',
    fields: {},
    traits: {},
    events: [],
    sales: [],
    scores: [],
    audiences: [],
  };
  await fill([nobody]);
  const never: Condition = {
    kind: 'event',
    event: 'Product Viewed',
    where: [],
    times: { op: 'at_most', times: 0 },
  };
  expect(await members(never)).toEqual(['c0']);
  expect(await members({ kind: 'not', of: never })).toEqual([]);
});

async function members(each: Condition): Promise<string[]> {
  const { sql, params } = compileCondition(each, NOW);
  const rows = await warehouse.query<{ customer_id: string }>(
    `SELECT customer_id FROM customers WHERE ${sql} ORDER BY customer_id`,
    params,
  );
  return rows.map(row => row.customer_id);
}

const TABLES = [
  ...['customers', 'events', 'subject_events', 'identity', 'prepared_order_lines'],
  ...['scores', 'score_runs', 'audience_members'],
];

/** Each person's second event was told under another name; the first of all events is told twice. */
async function fill(list: readonly Person[]): Promise<void> {
  await Promise.all(TABLES.map(table => warehouse.command(`TRUNCATE TABLE ${table}`)));
  const put = (table: string, rows: readonly object[]): Promise<void> =>
    rows.length === 0 ? Promise.resolve() : warehouse.insert(table, rows, { token: randomUUID() });
  await put(
    'customers',
    list.map(({ id, fields: own, traits }) => ({ customer_id: id, ...own, traits: JSON.stringify(traits) })),
  );
  await put(
    'identity',
    list.map(({ id }) => ({ alias: `anon:a-${id}`, customer_id: id })),
  );
  const events = list.flatMap(({ id, events: own }) =>
    own.map((event, k) => ({
      event_id: event.id,
      type: 'track',
      name: event.name,
      ...(k === 1 ? { anonymous_id: `a-${id}` } : { user_id: id }),
      at: clickhouseTime(event.at),
      received_at: clickhouseTime(event.at),
      properties: JSON.stringify(event.properties),
    })),
  );
  await put('events', [...events, ...events.slice(0, 1)]);
  await put(
    'prepared_order_lines',
    list.flatMap(({ id, sales }) =>
      sales.map(({ order, product, amount, at }, k) => ({
        ...{ line_key: `${id}-${k}`, order_id: `${id}-${order}`, customer_id: id, known: true },
        ...{
          product_id: product,
          amount,
          kind: 'sale',
          at: clickhouseTime(at),
          received_at: clickhouseTime(at),
        },
      })),
    ),
  );
  const scores = list.flatMap(({ id, scores: own }) =>
    own.map(score => ({
      ...score,
      customer_id: id,
      version: 1,
      as_of: clickhouseTime(NOW),
      scored_at: clickhouseTime(NOW),
    })),
  );
  await put('scores', scores);
  await put(
    'score_runs',
    [...new Set(scores.map(score => score.scenario))].map(scenario => ({
      ...{ scenario, version: 1, as_of: clickhouseTime(NOW), scored_at: clickhouseTime(NOW), customers: 1 },
    })),
  );
  await put(
    'audience_members',
    list.flatMap(({ id, audiences }) =>
      audiences.map(audience_id => ({
        audience_id,
        computation: 1,
        customer_id: id,
        change: 1,
        at: clickhouseTime(NOW),
      })),
    ),
  );
}
