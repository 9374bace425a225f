import type { Condition } from '@bellwether/contracts';
import { freshWarehouse } from '@bellwether/testing';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCondition } from './condition-sql.ts';
import { condition, NOW, people } from './condition.test-support.ts';
import { holds, type Person } from './condition.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await freshWarehouse();
});
afterAll(() => warehouse.close());

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
    { numRuns: 12, endOnFailure: true },
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
