import type { Milliseconds } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';

const SPAN = sqlBeside(import.meta.url, 'span.sql');

/** What the orders hold as of a moment. */
export interface DataSpan {
  orders: number;
  /** Known customers with a sale. */
  customers: number;
  first_at: Milliseconds;
  last_at: Milliseconds;
  /** Mean worth of an order, in the shop's currency. */
  mean_order: number;
  currency: string;
  fingerprint: string;
}

/** Nothing where there is no sale. */
export async function dataSpan(warehouse: Warehouse, asOf: Milliseconds): Promise<DataSpan | undefined> {
  const { any, ...span } = await warehouse.one<DataSpan & { any: boolean }>(SPAN, {
    as_of: clickhouseTime(asOf),
  });
  return any ? span : undefined;
}
