import { DuplicateRun } from '@bellwether/contracts';
import { closeStores, freshStores, story } from '@bellwether/testing';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Stores } from '../../stores.ts';
import { prepare } from '../prepare.ts';
import { forget, NOW, tell, type Told } from '../told.ts';
import { mergeCustomers, merges, undoMerge } from './merges.ts';
import { duplicatePairs, findDuplicates } from '../duplicates/index.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await freshStores(NOW);
});
beforeEach(() => forget(stores));
afterAll(() => closeStores(stores));

const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();
const line = (line_key: string, at: string, buyer: object) => ({
  line_key,
  order_id: `o-${line_key}`,
  product_id: 'p',
  quantity: 1,
  unit_price: 10,
  at,
  ...buyer,
});

async function prepared(told: Told): Promise<Stores> {
  await tell(stores, told);
  await prepare(stores);
  return stores;
}

const aliases = ({ warehouse }: Stores): Promise<object[]> =>
  warehouse.query(
    'SELECT alias, customer_id, toUnixTimestamp64Milli(linked_at) AS since FROM identity ORDER BY alias',
  );
const owners = ({ warehouse }: Stores): Promise<object[]> =>
  warehouse.query(
    'SELECT line_key, customer_id, known, toUnixTimestamp64Milli(received_at) AS since FROM prepared_order_lines ORDER BY line_key',
  );

story('a visitor who signs in brings along what they did before, known only from then on', {
  given: () =>
    prepared({
      lines: [
        line('before', day(1), { anonymous_id: 'v1' }),
        line('stranger', day(1), { anonymous_id: 'v2' }),
      ],
      events: [
        { type: 'page', at: day(1), anonymous_id: 'v1' },
        { type: 'identify', at: day(5), anonymous_id: 'v1', user_id: 'ann' },
      ],
    }),
  when: async stores => ({ aliases: await aliases(stores), owners: await owners(stores), stores }),
  then: async ({ aliases, owners }) => {
    expect(aliases).toEqual([
      { alias: 'ann', customer_id: 'ann', since: 0 },
      { alias: 'anon:v1', customer_id: 'ann', since: Date.parse(day(5)) },
      { alias: 'anon:v2', customer_id: 'anon:v2', since: 0 },
    ]);
    expect(owners).toEqual([
      { line_key: 'before', customer_id: 'ann', known: true, since: Date.parse(day(5)) },
      { line_key: 'stranger', customer_id: 'anon:v2', known: false, since: Date.parse(day(1)) },
    ]);
  },
});

story('two people on one computer stay two people; what nobody signed for is the first one’s', {
  given: () =>
    prepared({
      events: [
        { type: 'identify', at: day(2), anonymous_id: 'v1', user_id: 'ann' },
        { type: 'identify', at: day(3), anonymous_id: 'v1', user_id: 'bob' },
      ],
    }),
  when: async stores => ({ aliases: await aliases(stores), stores }),
  then: async ({ aliases }) => {
    expect(aliases).toEqual([
      { alias: 'ann', customer_id: 'ann', since: 0 },
      { alias: 'anon:v1', customer_id: 'ann', since: Date.parse(day(2)) },
      { alias: 'bob', customer_id: 'bob', since: 0 },
    ]);
  },
});

story('an alias joins an old id, and the visitor behind it, to the new id', {
  given: () =>
    prepared({
      events: [
        { type: 'identify', at: day(1), anonymous_id: 'v1', user_id: 'old' },
        { type: 'alias', at: day(2), previous_id: 'old', user_id: 'new' },
        { type: 'page', at: day(3), anonymous_id: 'v9' },
        { type: 'alias', at: day(4), previous_id: 'v9', user_id: 'new' },
      ],
    }),
  when: async stores => ({ aliases: await aliases(stores), stores }),
  then: async ({ aliases }) => {
    expect(aliases).toEqual([
      { alias: 'anon:v1', customer_id: 'new', since: Date.parse(day(2)) },
      { alias: 'anon:v9', customer_id: 'new', since: Date.parse(day(4)) },
      { alias: 'new', customer_id: 'new', since: 0 },
      { alias: 'old', customer_id: 'new', since: Date.parse(day(2)) },
    ]);
  },
});

story('a merge by hand joins two customers; taken back, everything is as it was', {
  given: () =>
    prepared({
      lines: [line('1', day(1), { customer_id: 'ann' }), line('2', day(2), { customer_id: 'anne' })],
    }),
  when: async stores => {
    const before = await trusted(stores);
    const merge = await mergeCustomers(stores, { winner: 'ann', loser: 'anne', by: 'Mei' });
    await expect(mergeCustomers(stores, { winner: 'ann', loser: 'anne', by: 'Mei' })).rejects.toMatchObject({
      code: 'identity.already_merged',
    });
    await expect(mergeCustomers(stores, { winner: 'anne', loser: 'ann', by: 'Mei' })).rejects.toMatchObject({
      code: 'identity.already_merged',
    });
    await prepare(stores);
    const merged = await trusted(stores);
    const undone = await undoMerge(stores, merge.id);
    await prepare(stores);
    return { stores, before, merged, undone, after: await trusted(stores) };
  },
  then: async ({ stores, before, merged, undone, after }) => {
    expect(merged.customers).toMatchObject([
      { customer_id: 'ann', aliases: ['ann', 'anne'], orders: 2, revenue: 20 },
    ]);
    expect(merged.lines).toMatchObject([{ customer_id: 'ann' }, { customer_id: 'ann', since: NOW }]);
    expect(after).toEqual(before);
    expect(await merges(stores.records)).toEqual([undone]);
    expect(undone).toMatchObject({
      winner: 'ann',
      loser: 'anne',
      by: 'Mei',
      undone_at: new Date(NOW).toISOString(),
    });
    await expect(undoMerge(stores, undone.id)).rejects.toMatchObject({ code: 'identity.no_such_merge' });
    await expect(mergeCustomers(stores, { winner: 'ann', loser: 'ann', by: 'Mei' })).rejects.toMatchObject({
      code: 'identity.same_customer',
    });
    await expect(mergeCustomers(stores, { winner: 'ann', loser: 'nobody', by: 'Mei' })).rejects.toMatchObject(
      {
        code: 'identity.no_such_customer',
      },
    );
  },
});

const trusted = async (stores: Stores) => ({
  aliases: await aliases(stores),
  lines: await owners(stores),
  customers: await stores.warehouse.query<object>('SELECT * FROM customers ORDER BY customer_id'),
});

const fact = (customer_id: string, said: object) => ({ customer_id, at: day(1), ...said });

story('likely duplicates are proposed with what speaks for them, and never merged by themselves', {
  given: () =>
    prepared({
      facts: [
        ...Array.from({ length: 300 }, (_, n) =>
          fact(`c${n}`, {
            email: `c${n}@mail.com`,
            name: `Name${n} Family${n % 50}`,
            city: `City ${n % 10}`,
          }),
        ),
        fact('ann-1', { email: 'Ann@Shop.com', phone: '13800138000', name: 'Ann Lee', city: 'Leeds' }),
        fact('ann-2', { email: 'ann@shop.com ', phone: '+86 138 0013 8000', name: 'Lee Ann', city: 'leeds' }),
        // a couple: one mailbox, two names
        fact('tom', { email: 'home@mail.com', name: 'Tom Roe', city: 'York' }),
        fact('sue', { email: 'home@mail.com', name: 'Susan Wu', city: 'York' }),
        // one name in one city, two addresses
        fact('mei-1', { email: 'mei@a.com', name: 'Mei Wang', city: 'Bath' }),
        fact('mei-2', { email: 'mei@b.com', name: 'Mei Wang', city: 'Bath' }),
      ],
    }),
  when: async stores => {
    const proposals = await proposed(stores);
    const merge = await mergeCustomers(stores, { winner: 'ann-1', loser: 'ann-2', by: 'Mei' });
    const merged = await proposed(stores);
    await undoMerge(stores, merge.id);
    return { stores, proposals, merged, later: await proposed(stores) };
  },
  then: async ({ stores, proposals, merged, later }) => {
    const score = (left: string): number =>
      proposals.find(pair => pair.left.customer_id === left)?.probability ?? 0;
    expect(proposals[0]).toMatchObject({ left: { customer_id: 'ann-1' }, right: { customer_id: 'ann-2' } });
    expect(proposals[0]?.evidence).toContainEqual(
      expect.objectContaining({ field: 'name', level: 'same_rare', left: 'Ann Lee', right: 'Lee Ann' }),
    );
    expect(score('ann-1')).toBeGreaterThan(0.99);
    expect(score('sue')).toBeLessThan(score('ann-1'));
    expect(score('mei-1')).toBeLessThan(score('ann-1'));
    expect(proposals.length, 'only those who share something').toBeLessThanOrEqual(3);
    expect(merged.length, 'decided').toBe(proposals.length - 1);
    expect(later, 'taken back, it is to be decided again').toEqual(proposals);
    expect(await stores.warehouse.one('SELECT count() AS n FROM customers')).toEqual({ n: 306 });
  },
});

story('a shop without customers, or with one, has nobody twice and says so in plain figures', {
  given: () => prepared({}),
  when: async stores => {
    const none = await findDuplicates(stores);
    await tell(stores, { facts: [fact('ann', { email: 'ann@shop.com', name: 'Ann Lee' })] });
    await prepare(stores);
    return [none, await findDuplicates(stores)];
  },
  then: runs => {
    expect(runs.map(run => DuplicateRun.parse(run).proposed)).toEqual([0, 0]);
  },
});

async function proposed(stores: Stores) {
  await findDuplicates(stores);
  const query = { state: 'open', least: 0, search: '', field: '', offset: 0, limit: 50 } as const;
  return (await duplicatePairs(stores, query)).rows;
}
