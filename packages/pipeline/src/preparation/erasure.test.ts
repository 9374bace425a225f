import { closeStores, freshStores, story } from '@bellwether/testing';
import { erasures, exportPerson, exportZip, liftHold, requestErasure, runErasure } from '@bellwether/privacy';
import { isSuppressed, objectors, recordConsent, recordObjection, suppress } from '@bellwether/privacy';
import { sql, type Records } from '@bellwether/records';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Stores } from '../stores.ts';
import { mergeCustomers } from './identity/merges.ts';
import { prepare } from './prepare.ts';
import { forget, NOW, tell } from './told.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await freshStores(NOW);
});
beforeEach(async () => {
  await forget(stores);
  await stores.records.deleteFrom('held_back').execute();
});
afterAll(() => closeStores(stores));

const at = new Date(NOW - 86_400_000).toISOString();
const moment = new Date(NOW);
/** By these the person is known; nothing else in this shop contains them. */
const NEEDLES = ['zz-ann-77', 'zz-anne-78', 'zz-visitor-79', 'zz.ann@mail.example', '13987654321'];
const [ANN, ANNE, VISITOR, EMAIL, PHONE] = NEEDLES as [string, string, string, string, string];

const annFact = {
  customer_id: ANN,
  at,
  email: 'ZZ.Ann@mail.example',
  phone: '139 8765 4321',
  name: 'Ann Lee',
};
const annsLine = {
  line_key: 'k1',
  order_id: 'o1',
  product_id: 'mug',
  quantity: 2,
  unit_price: 10,
  at,
  customer_id: ANN,
  email: EMAIL,
};

/** Ann with every kind of row, and Bob, who shares the shop. */
async function shop(): Promise<Stores> {
  await tell(stores, {
    lines: [
      annsLine,
      { ...annsLine, line_key: 'k2', order_id: 'o2', customer_id: 'bob', email: 'bob@mail.example' },
    ],
    facts: [annFact, { customer_id: ANNE, at, name: 'Anne Lee' }, { customer_id: 'bob', at, name: 'Bob' }],
    events: [
      { type: 'page', at, anonymous_id: VISITOR },
      {
        type: 'identify',
        at,
        anonymous_id: VISITOR,
        user_id: ANN,
        properties: JSON.stringify({ email: EMAIL }),
      },
      { type: 'page', at, user_id: 'bob' },
    ],
  });
  await prepare(stores);
  await mergeCustomers(stores, { winner: ANN, loser: ANNE, by: 'Mei' });
  await everywhere(stores);
  await prepare(stores);
  return stores;
}

/** A row of hers in each table of the warehouse that has customers, and in each of the records. */
async function everywhere(stores: Stores): Promise<void> {
  const { warehouse, records } = stores;
  await recordObjection(stores, { customerId: ANNE, objects: true, source: 'console', at: moment });
  const tables = await warehouse.query<{ table: string }>(
    `SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'customer_id' AND table IN
      (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')`,
  );
  expect(tables.length).toBeGreaterThan(8);
  for (const { table } of tables)
    if (!['order_lines', 'customers', 'prepared_order_lines', 'customer_facts', 'identity'].includes(table))
      await warehouse.command(`INSERT INTO ${table} (customer_id) VALUES ({id:String})`, { id: ANN });
  const raw = JSON.stringify({ userId: ANN, email: EMAIL });
  const bobs = JSON.stringify({ userId: 'bob' });
  await warehouse.insert(
    'quarantine',
    [
      { id: 'q1', raw },
      { id: 'q2', raw: bobs },
    ],
    { token: 'refused' },
  );
  for (const state of ['denied', 'granted'] as const)
    await recordConsent(records, {
      ...{
        customerId: ANN,
        channel: 'email',
        purpose: 'marketing',
        state,
        source: 'form',
        proof: 'x',
        at: moment,
      },
    });
  await suppress(records, { channel: 'email', address: EMAIL, reason: 'unsubscribed', at: moment });
  await row(records, 'journeys', { id: 'j' });
  const { rows } = await sql<{ table_name: string }>`
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'customer_id'`.execute(records);
  for (const { table_name } of rows)
    for (const customer_id of [ANN, 'bob'])
      await row(records, table_name, {
        ...{ customer_id, journey_id: 'j', address: customer_id === ANN ? EMAIL : '' },
        key: `${table_name}:${customer_id === ANN ? 1 : 2}`,
      });
  await sql`INSERT INTO warehouse_feed (target, content) VALUES ('deliveries', ${JSON.stringify({ customer_id: ANN })}::jsonb)`.execute(
    records,
  );
  await sql`INSERT INTO sink_mails (mail_to, mail_from, subject, html, body, headers, at)
    VALUES (${`Ann <${EMAIL}>`}, 'shop@x.org', 'Hello', 'Dear Ann', 'Dear Ann', '{}'::jsonb, ${moment})`.execute(
    records,
  );
}

/** A row of a table of the records: these values where it has such columns, and something wherever it must have it. */
async function row(records: Records, table: string, values: Record<string, string>): Promise<void> {
  const columns = await sql<{ name: string; type: string; wanted: boolean }>`
    SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AND column_default IS NULL AS wanted
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ${table} AND is_identity = 'NO'`.execute(records);
  const given = columns.rows.filter(({ name, wanted }) => wanted || values[name] !== undefined);
  const cells = given.map(({ name, type }) => values[name] ?? ANYTHING[type] ?? 0);
  await sql`INSERT INTO ${sql.table(table)} (${sql.join(given.map(({ name }) => sql.ref(name)))})
    VALUES (${sql.join(cells)})`.execute(records);
}

const ANYTHING: Record<string, unknown> = {
  ...{ text: 'x', jsonb: '{}', boolean: false, ARRAY: [] },
  'timestamp with time zone': moment,
};

/** Where in both stores any of these words still stands. */
async function traces({ warehouse, records }: Stores, needles: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const tables = await warehouse.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  for (const { name } of tables) {
    const { n } = await warehouse.one<{ n: number }>(
      `SELECT count() AS n FROM ${name} WHERE multiSearchAnyCaseInsensitiveUTF8(toString(tuple(*)), {needles:Array(String)}) SETTINGS apply_deleted_mask = 0`,
      { needles },
    );
    if (n > 0) found.push(`warehouse.${name}: ${n}`);
  }
  const { rows } = await sql<{ table_name: string }>`
    SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`.execute(records);
  for (const { table_name } of rows) {
    const like = needles.map(needle => `%${needle}%`);
    const hit = await sql<{ n: number }>`
      SELECT count(*) AS n FROM ${sql.table(table_name)} AS row WHERE row::text ILIKE ANY(${like}::text[])`.execute(
      records,
    );
    if ((hit.rows[0]?.n ?? 0) > 0) found.push(`records.${table_name}: ${hit.rows[0]?.n}`);
  }
  return found;
}

/** A signal that stops the run before its nth step. */
function cutOffAt(steps: number) {
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done >= steps) stop.abort(new Error('killed'));
  };
  return { signal: stop.signal, onProgress };
}

story(
  'an erased person is nowhere any more, whatever was cut off on the way; the books and everybody else stay',
  {
    given: shop,
    when: async stores => {
      const before = await traces(stores, NEEDLES);
      const { id } = await requestErasure(stores, { customerId: ANNE, by: 'Mei', reason: 'asked by letter' });
      for (const steps of [1, 4, 9])
        await expect(runErasure(stores, id, cutOffAt(steps))).rejects.toThrow('killed');
      const done = await runErasure(stores, id);
      return { stores, before, done, after: await traces(stores, NEEDLES) };
    },
    then: async ({ stores, before, done, after }) => {
      expect(before.length).toBeGreaterThan(20);
      expect(after).toEqual([]);
      expect(done).toMatchObject({ reason: 'asked by letter', requested_by: 'Mei' });
      expect(done.removed).toMatchObject({
        order_lines: 1,
        quarantine: 1,
        consents: 3,
        enrolments: 1,
        outbox: 1,
      });
      expect(await erasures(stores.records)).toContainEqual(done);
      const books = 'SELECT order_id, customer_id, amount, known FROM sales ORDER BY order_id';
      const kept = [
        { order_id: 'o1', customer_id: 'basket:o1', amount: 20, known: false },
        { order_id: 'o2', customer_id: 'bob', amount: 20, known: true },
      ];
      expect(await stores.warehouse.query(books)).toEqual(kept);
      await prepare(stores);
      expect(await stores.warehouse.query(books)).toEqual(kept);
      expect(await stores.warehouse.query('SELECT customer_id FROM customers')).toEqual([
        { customer_id: 'bob' },
      ]);
      expect(await stores.warehouse.one("SELECT count() AS n FROM events WHERE user_id = 'bob'")).toEqual({
        n: 1,
      });
      expect(await isSuppressed(stores.records, 'email', EMAIL), 'still never written to').toBe(true);
    },
  },
  60_000,
);

story(
  'who was erased and is imported again is held back, by number and by address, until that is lifted',
  {
    given: async () => {
      await tell(stores, { lines: [annsLine], facts: [annFact] });
      await prepare(stores);
      const { id } = await requestErasure(stores, { customerId: ANN, by: 'Mei', reason: 'asked' });
      await runErasure(stores, id);
      return stores;
    },
    when: async stores => {
      const again = { ...annsLine, line_key: 'k9', order_id: 'o9' };
      await tell(stores, { lines: [again], facts: [annFact, { ...annFact, customer_id: 'zz-new-80' }] });
      await prepare(stores);
      const held = await traces(stores, [...NEEDLES, 'zz-new-80']);
      await liftHold(stores, ANN, 'Mei');
      await liftHold(stores, 'zz-new-80', 'Mei');
      await tell(stores, { facts: [annFact] });
      await prepare(stores);
      return { stores, held };
    },
    then: async ({ stores, held }) => {
      expect(held).toEqual([]);
      expect(await stores.warehouse.query('SELECT customer_id, email FROM customers')).toEqual([
        { customer_id: ANN, email: EMAIL },
      ]);
      await expect(liftHold(stores, 'nobody', 'Mei')).rejects.toMatchObject({
        code: 'privacy.not_held_back',
      });
    },
  },
  60_000,
);

story('an export holds what every table says of the person, and nothing of anybody else', {
  given: async () => {
    await tell(stores, {
      lines: [annsLine],
      facts: [annFact, { customer_id: 'bob', at, name: 'Bob', phone: PHONE }],
      events: [{ type: 'page', at, user_id: ANN, properties: '{"url":"/=1,\\"x\\""}' }],
    });
    await prepare(stores);
    return stores;
  },
  when: stores => exportPerson(stores, ANN, moment),
  then: async person => {
    expect(person.known_as.emails).toContain(EMAIL);
    expect(Object.keys(person.happened)).toEqual(
      expect.arrayContaining([
        'customer_facts',
        'customers',
        'events',
        'order_lines',
        'prepared_order_lines',
      ]),
    );
    expect(JSON.stringify(person)).not.toContain('"bob"');
    const zip = exportZip(person);
    expect(zip.subarray(0, 4).toString('hex')).toBe('504b0304');
    expect(zip.includes('order_lines.csv')).toBe(true);
    await expect(exportPerson(stores, 'nobody', moment)).rejects.toMatchObject({ code: 'customer.unknown' });
  },
});

story('an objection under one id holds for all of the person, and its end as well', {
  given: async () => {
    await tell(stores, { facts: [annFact, { customer_id: ANNE, at, name: 'Anne' }] });
    await prepare(stores);
    await mergeCustomers(stores, { winner: ANN, loser: ANNE, by: 'Mei' });
    await prepare(stores);
    await stores.warehouse.command(
      'INSERT INTO scores (customer_id) VALUES ({id:String}), ({other:String})',
      {
        id: ANN,
        other: 'bob',
      },
    );
    return stores;
  },
  when: async stores => {
    await recordObjection(stores, { customerId: ANNE, objects: true, source: 'form', at: moment });
    const objecting = await objectors(stores);
    await recordObjection(stores, { customerId: ANN, objects: false, source: 'form', at: moment });
    const scored = await stores.warehouse.query('SELECT customer_id FROM scores');
    return { objecting, later: await objectors(stores), scored };
  },
  then: ({ objecting, later, scored }) => {
    expect(objecting.sort()).toEqual([ANN, ANNE].sort());
    expect(later).toEqual([]);
    expect(scored, 'what was computed of her is gone').toEqual([{ customer_id: 'bob' }]);
  },
});
