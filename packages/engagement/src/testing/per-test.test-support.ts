import type { Records } from '@bellwether/records';
import { freshRecords, freshWarehouse } from '@bellwether/testing';
import type { Warehouse } from '@bellwether/warehouse';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { addCustomers, emptyStores, openShop, type TestShop } from './shop.ts';

/** What a test file works with: stores of its own, empty for each test, and a shop on them. */
export interface ShopPerTest {
  warehouse: Warehouse;
  records: Records;
  shop: TestShop;
}

/** Opens both stores before the first test of the file and closes them after the last; a new shop for each. */
export function shopPerTest(): ShopPerTest {
  const here = {} as ShopPerTest; // filled before the first test runs
  beforeAll(async () => {
    [here.warehouse, here.records] = await Promise.all([freshWarehouse(), freshRecords()]);
  });
  beforeEach(async () => {
    await emptyStores(here.warehouse, here.records);
    here.shop = openShop(here);
  });
  afterEach(() => here.shop.engagement.close());
  afterAll(async () => {
    await Promise.all([here.warehouse.close(), here.records.destroy()]);
  });
  return here;
}

/** Customers of these names, all alike. */
export function addPeople({ warehouse }: ShopPerTest, ...ids: string[]): Promise<void> {
  return addCustomers(
    warehouse,
    ids.map(id => ({ id })),
  );
}

/** Addresses that the channel was given a message for. */
export function recipients({ shop }: ShopPerTest): string[] {
  return shop.channel.received.map(message => message.to.address).sort();
}

/** What became of each customer's message: its state, and why. */
export async function outboxStates({ records }: ShopPerTest): Promise<Record<string, string>> {
  const rows = await records
    .selectFrom('outbox')
    .select(['customer_id', 'state', 'reason'])
    .orderBy('key')
    .execute();
  return Object.fromEntries(
    rows.map(row => [row.customer_id, row.reason === '' ? row.state : `${row.state}: ${row.reason}`]),
  );
}

/** What the warehouse was told of deliveries. */
export function toldDeliveries({
  warehouse,
}: ShopPerTest): Promise<{ customer_id: string; what: string; reason: string }[]> {
  return warehouse.query(
    'SELECT customer_id, what, reason FROM deliveries FINAL ORDER BY customer_id, node, what',
  );
}
