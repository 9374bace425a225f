import { freshWarehouse } from '@bellwether/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { murmur2, murmur3 } from './hash.ts';

test("both hashes are ClickHouse's, for ids of every length", async () => {
  const warehouse = await freshWarehouse();
  const ids = [
    ...Array.from({ length: 40 }, (_, n) => 'x'.repeat(n)),
    ...fc.sample(fc.uuid(), 30),
    '订单-1',
    'é',
  ];
  const rows = await warehouse.query<{ id: string; h3: number; h2: number }>(
    'SELECT id, murmurHash3_32(id) AS h3, murmurHash2_32(id) AS h2 FROM (SELECT arrayJoin({ids:Array(String)}) AS id)',
    { ids },
  );
  expect(rows).toHaveLength(ids.length);
  for (const { id, h3, h2 } of rows) {
    expect([id, murmur3(Buffer.from(id))]).toEqual([id, h3]);
    expect([id, murmur2(Buffer.from(id))]).toEqual([id, h2]);
  }
  await warehouse.close();
});
