import type { Arrivals } from '@bellwether/contracts';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Collection } from './collection.ts';

const TOTALS = sqlBeside(import.meta.url, 'arrivals.sql');
const BY_DAY = sqlBeside(import.meta.url, 'arrivals-by-day.sql');

/** What came in, and what has not come further yet. */
export async function arrivals(
  { warehouse }: { warehouse: Pick<Warehouse, 'query' | 'one'> },
  collection: Pick<Collection, 'state'>,
): Promise<Arrivals> {
  const [totals, by_day] = await Promise.all([
    warehouse.one<Omit<Arrivals, 'waiting' | 'by_day'>>(TOTALS),
    warehouse.query<Arrivals['by_day'][number]>(BY_DAY),
  ]);
  return { ...totals, waiting: collection.state().waiting_events, by_day };
}
