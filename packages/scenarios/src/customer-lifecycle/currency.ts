import type { Warehouse } from '@bellwether/warehouse';

/** What the shop's amounts are in; empty where there are none. */
export async function currencyOf(warehouse: Warehouse): Promise<string> {
  const sql = 'SELECT argMax(currency, at) AS currency FROM sales';
  return (await warehouse.one<{ currency: string }>(sql)).currency;
}
