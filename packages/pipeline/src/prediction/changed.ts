import { MINUTE, type Milliseconds } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Params, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '../stores.ts';

const CHANGED = sqlBeside(import.meta.url, 'changed.sql');
/** What arrived shortly before a run may have been loaded after it: those customers are told of once more. */
const LOADING: Milliseconds = 10 * MINUTE;
/** Above this share of all customers, telling of everybody costs no more. */
const MOST_CHANGED = 1 / 3;

/** Where a scenario's scores stand. */
export interface Standing {
  /** The last run over everybody. */
  whole: { scored_at: Milliseconds; version: number; customers: number; prepared_at: Milliseconds };
  /** Up to when the last run, whole or partial, had seen all that was known. */
  known_until: Milliseconds;
}

const STANDING = sqlBeside(import.meta.url, 'standing.sql');

/** Nothing where no run over everybody has finished yet. */
export async function standingOf(warehouse: Warehouse, scenario: string): Promise<Standing | undefined> {
  const [found] = await warehouse.query<Standing['whole'] & { known_until: Milliseconds }>(STANDING, {
    scenario,
  });
  if (found === undefined) return undefined;
  const { known_until, ...whole } = found;
  return { whole, known_until };
}

/** Whether what is known changed in ways that no arrival of a row tells of: history brought in, people told apart again. */
export async function rewritten({ records }: Stores, { whole }: Standing): Promise<boolean> {
  const since = new Date(whole.prepared_at > 0 ? whole.prepared_at : whole.scored_at);
  const [imported, merged] = await Promise.all([
    records.selectFrom('imports').select('id').where('finished_at', '>', since).executeTakeFirst(),
    records
      .selectFrom('identity_merges')
      .select('id')
      .where(where => where.or([where('at', '>', since), where('undone_at', '>', since)]))
      .executeTakeFirst(),
  ]);
  return imported !== undefined || merged !== undefined;
}

/**
 * Keeps under `choice` the customers of whom something became known since the last run. Nothing is kept, and nothing
 * answered, where everybody had better be told of.
 */
export async function chooseChanged(
  warehouse: Warehouse,
  choice: string,
  { whole, known_until }: Standing,
  until: Milliseconds,
): Promise<number | undefined> {
  const known = sinceThen(known_until, until);
  const keep = `INSERT INTO chosen_customers SELECT {choice:String} AS choice, customer_id FROM (\n${CHANGED}\n)`;
  await warehouse.command(keep, { ...known, choice }, { insert_deduplicate: 0 });
  const { n } = await warehouse.one<{ n: number }>(
    'SELECT count() AS n FROM chosen_customers WHERE choice = {choice:String}',
    { choice },
  );
  return n > MOST_CHANGED * whole.customers ? undefined : n;
}

/** Up to when all that had arrived is seen by a run as of this moment: lines are seen once they are prepared. */
export async function knownUntil(warehouse: Warehouse, asOf: Milliseconds): Promise<Milliseconds> {
  const { at } = await warehouse.one<{ at: Milliseconds }>(
    'SELECT toUnixTimestamp64Milli(max(at)) AS at FROM preparation_runs',
  );
  return at > 0 ? Math.min(at, asOf) : asOf;
}

/** By customer, when the newest thing became known that the last run cannot have seen. */
export async function changedSince(
  warehouse: Warehouse,
  { known_until }: Pick<Standing, 'known_until'>,
  until: Milliseconds,
): Promise<ReadonlyMap<string, Milliseconds>> {
  const rows = await warehouse.query<{ customer_id: string; last: Milliseconds }>(
    `SELECT customer_id, toUnixTimestamp64Milli(known_at) AS last FROM (\n${CHANGED}\n)`,
    sinceThen(known_until, until),
  );
  return new Map(rows.map(({ customer_id, last }) => [customer_id, last]));
}

function sinceThen(known: Milliseconds, until: Milliseconds): Params {
  return { since: clickhouseTime(known - LOADING), until: clickhouseTime(until) };
}
