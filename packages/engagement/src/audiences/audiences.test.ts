import type { AudienceDefinition, Condition } from '@bellwether/contracts';
import { freshRecords, freshWarehouse, story } from '@bellwether/testing';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addCustomers, emptyStores, EVERYBODY, openShop, score, type TestShop } from '../testing/shop.ts';
import { countAudience, createAudience, getAudience, listAudiences, refreshAudience } from './audiences.ts';
import { compileAudience } from './compile.ts';

let warehouse: Warehouse;
let records: Records;
let shop: TestShop;
beforeAll(async () => {
  [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
});
beforeEach(async () => {
  await emptyStores(warehouse, records);
  shop = openShop({ warehouse, records });
});
afterAll(async () => {
  await Promise.all([warehouse.close(), records.destroy()]);
});

const likely: AudienceDefinition = { ...EVERYBODY, min_probability: 0.3 };
const scored = Object.entries({ a: 0.1, b: 0.3, c: 0.5, d: 0.7 }).map(([id, probability]) => ({
  id,
  probability,
}));
const changes = async () =>
  (
    await warehouse.query<{ line: string }>(
      `SELECT concat(toString(computation), ' ', customer_id, ' ', toString(change)) AS line
       FROM audience_members ORDER BY computation, customer_id`,
    )
  ).map(row => row.line);

story('an audience keeps who entered and who left, and nothing for those who stayed', {
  given: async () => {
    await addCustomers(warehouse, scored);
    return createAudience(shop.engagement, { name: 'Likely', definition: likely });
  },
  when: async audience => {
    await score(
      warehouse,
      [
        { id: 'a', probability: 0.9 },
        { id: 'b', probability: 0.2 },
        { id: 'c', probability: 0.5 },
      ],
      2,
    );
    const second = await refreshAudience(shop.engagement, audience.id);
    await refreshAudience(shop.engagement, audience.id);
    return second;
  },
  then: async (second, first) => {
    expect([first.size, second.size]).toEqual([3, 2]);
    expect(await changes()).toEqual(['1 b 1', '1 c 1', '1 d 1', '2 a 1', '2 b -1', '2 d -1']);
    expect((await listAudiences(shop.engagement)).map(({ name, size }) => [name, size])).toEqual([
      ['Likely', 2],
    ]);
  },
});

test('computations of one audience at the same time follow each other', async () => {
  await addCustomers(warehouse, scored);
  const { id } = await createAudience(shop.engagement, { name: 'Likely', definition: likely });
  await score(warehouse, [{ id: 'z' }], 2);
  await Promise.all([1, 2, 3].map(() => refreshAudience(shop.engagement, id)));
  expect(await changes()).toEqual(['1 b 1', '1 c 1', '1 d 1', '2 b -1', '2 c -1', '2 d -1', '2 z 1']);
});

test('a computation that was cut off is completed by the next', async () => {
  await addCustomers(warehouse, scored);
  const { id } = await createAudience(shop.engagement, { name: 'Likely', definition: likely });
  const half = [
    { audience_id: id, computation: 2, customer_id: 'd', at: '2026-03-01 09:00:00.000', change: -1 },
  ];
  await warehouse.insert('audience_members', half, { token: 'half' });
  expect((await refreshAudience(shop.engagement, id)).size).toBe(3);
});

test('members are those whose current score is in the range, best first up to the limit', async () => {
  const grid = Array.from({ length: 20 }, (_, i) => ({ id: `p${i}`, probability: i / 20 }));
  await addCustomers(warehouse, grid);
  const share = fc.integer({ min: 0, max: 20 }).map(n => n / 20);
  const limit = fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.tuple(share, share), fc.boolean(), limit, async (bounds, chosen_only, most) => {
      const [low = 0, high = 1] = [...bounds].sort((a, b) => a - b);
      const inside = grid.filter(
        ({ probability }) =>
          probability >= low && probability <= high && (!chosen_only || probability >= 0.5),
      );
      const definition = { ...EVERYBODY, min_probability: low, max_probability: high, chosen_only };
      const { size } = await countAudience(shop.engagement, {
        ...definition,
        ...(most === undefined ? {} : { limit: most }),
      });
      expect(size).toBe(Math.min(inside.length, most ?? Infinity));
    }),
    { numRuns: 25 },
  );
});

test('a definition that is none, and an audience that is not there, are refused', async () => {
  expect(() =>
    compileAudience({ scenario: 'x', min_probability: 0.9, max_probability: 0.1 }, 0),
  ).toThrowError(expect.objectContaining({ code: 'audience.bad_definition' }));
  expect(() => compileAudience({}, 0)).toThrowError(
    expect.objectContaining({ code: 'audience.bad_definition' }),
  );
  const hostile = { ...EVERYBODY, scenario: `x' OR 1=1 --` };
  expect(await countAudience(shop.engagement, hostile)).toEqual({ size: 0, sample: [] });
  await expect(getAudience(shop.engagement, 'lost')).rejects.toMatchObject({ code: 'audience.not_found' });
  await expect(refreshAudience(shop.engagement, 'lost')).rejects.toMatchObject({
    code: 'audience.not_found',
  });
});

story('an audience can be told by a condition, alone or with a score, and shows some of its members', {
  given: () =>
    addCustomers(warehouse, [
      { id: 'a', orders: 5, probability: 0.9 },
      { id: 'b', orders: 5, probability: 0.1 },
      { id: 'c', orders: 1, probability: 0.9 },
    ]),
  when: async () => {
    const where: Condition = { kind: 'field', field: 'orders', test: { op: 'at_least', number: 3 } };
    const unscored = { scenario: '', min_probability: 0, max_probability: 1, chosen_only: false };
    return Promise.all([
      countAudience(shop.engagement, { ...unscored, where }),
      countAudience(shop.engagement, { ...likely, where }),
      countAudience(shop.engagement, { ...unscored, where, limit: 1 }),
    ]);
  },
  then: ([alone, scoredToo, first]) => {
    expect(alone.size).toBe(2);
    expect(alone.sample.map(one => one.customer_id).sort()).toEqual(['a', 'b']);
    expect(scoredToo).toEqual({
      size: 1,
      sample: [{ customer_id: 'a', name: 'Customer a', email: 'a@example.com' }],
    });
    expect(first.size).toBe(1);
  },
});
