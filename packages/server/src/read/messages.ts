import { sql, type Records } from '@bellwether/records';

/** How many messages there are in each state. */
export async function messagesByState(records: Records): Promise<{ state: string; count: number }[]> {
  return records
    .selectFrom('outbox')
    .select(['state', sql<number>`count(*)`.as('count')])
    .groupBy('state')
    .execute();
}
