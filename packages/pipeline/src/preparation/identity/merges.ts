import { AppError, type Merge } from '@bellwether/contracts';
import { sql, type IdentityMergesTable, type Records, type Selectable } from '@bellwether/records';
import { randomUUID } from 'node:crypto';
import type { Stores } from '../../stores.ts';
import type { Link } from './people.ts';

/** Every merge made by hand, newest first, those undone among them. */
export async function merges(records: Records): Promise<Merge[]> {
  const rows = await records
    .selectFrom('identity_merges')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(asMerge);
}

/** The merges that hold, in order of time, as links from the loser to the winner. */
export async function activeMerges(records: Records): Promise<Link[]> {
  const rows = await records
    .selectFrom('identity_merges')
    .select(['winner', 'loser', 'at'])
    .where('undone_at', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return rows.map(({ winner, loser, at }) => ({ from: loser, to: winner, at: at.getTime() }));
}

export interface MergeDecision {
  /** The customer who stays. */
  winner: string;
  /** The customer whose history goes to the winner. */
  loser: string;
  /** Who decided. */
  by: string;
}

/**
 * Records that two customers are one person; the next preparation joins them.
 *
 * @throws AppError `identity.same_customer`, `identity.no_such_customer`, `identity.already_merged`
 */
export async function mergeCustomers(stores: Stores, decision: MergeDecision): Promise<Merge> {
  const { winner, loser, by } = decision;
  await refuseUnknown(stores, winner, loser);
  return stores.records.transaction().execute(async records => {
    // one merge at a time, so that two people cannot decide on the same customer at once
    await sql`SELECT pg_advisory_xact_lock(hashtext('identity_merges'))`.execute(records);
    refuseJoined(await activeMerges(records), winner, loser);
    const row = await records
      .insertInto('identity_merges')
      .values({
        id: randomUUID(),
        winner,
        loser,
        made_by: by,
        at: new Date(stores.clock.now()),
        undone_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return asMerge(row);
  });
}

/**
 * Takes a merge back; the next preparation gives each customer what was theirs.
 *
 * @throws AppError `identity.no_such_merge` when there is none of this id that still holds
 */
export async function undoMerge(stores: Stores, id: string): Promise<Merge> {
  const row = await stores.records
    .updateTable('identity_merges')
    .set({ undone_at: new Date(stores.clock.now()) })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('identity.no_such_merge', `there is no merge ${id} to undo`);
  return asMerge(row);
}

async function refuseUnknown({ warehouse }: Stores, winner: string, loser: string): Promise<void> {
  if (winner === loser)
    throw new AppError(
      'identity.same_customer',
      `${winner} cannot be merged with itself; name two customers`,
    );
  const rows = await warehouse.query<{ customer_id: string }>(
    'SELECT customer_id FROM customers WHERE customer_id IN ({winner:String}, {loser:String})',
    { winner, loser },
  );
  const known = new Set(rows.map(row => row.customer_id));
  const unknown = [winner, loser].find(id => !known.has(id));
  if (unknown !== undefined)
    throw new AppError(
      'identity.no_such_customer',
      `there is no customer "${unknown}" in the trusted tables`,
    );
}

function refuseJoined(active: readonly Link[], winner: string, loser: string): void {
  const winnerOf = new Map(active.map(({ from, to }) => [from, to]));
  const standsFor = (id: string): string => {
    let last = id;
    for (let up = winnerOf.get(last); up !== undefined; up = winnerOf.get(last)) last = up;
    return last;
  };
  if (winnerOf.has(loser) || standsFor(winner) === loser)
    throw new AppError(
      'identity.already_merged',
      `${loser} was merged already; undo that merge first, or wait for the next preparation`,
    );
}

function asMerge(row: Selectable<IdentityMergesTable>): Merge {
  const { id, winner, loser, made_by, at, undone_at } = row;
  return {
    id,
    winner,
    loser,
    by: made_by,
    at: at.toISOString(),
    undone_at: undone_at?.toISOString() ?? null,
  };
}
