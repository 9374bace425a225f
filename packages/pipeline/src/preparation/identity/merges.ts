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
  const { winner, loser } = decision;
  if (winner === loser)
    throw new AppError(
      'identity.same_customer',
      `${winner} cannot be merged with itself; name two customers`,
    );
  await refuseUnknown(stores, [winner, loser]);
  return inTurn(stores.records, async records => {
    refuseJoined(await activeMerges(records), winner, loser);
    const merge = await keepMerge(stores, records, decision);
    await settlePairs(records, [winner, loser], decision.by, new Date(stores.clock.now()));
    return merge;
  });
}

/**
 * Records many decisions at once, each on whom the two stand for by then; those who are one person already are passed
 * over.
 *
 * @returns the merges that were made
 * @throws AppError `identity.no_such_customer`
 */
export async function mergeMany(stores: Stores, decisions: readonly MergeDecision[]): Promise<Merge[]> {
  const standing = standingFor(await activeMerges(stores.records));
  await refuseUnknown(stores, [
    ...new Set(decisions.flatMap(({ winner, loser }) => [standing(winner), standing(loser)])),
  ]);
  return inTurn(stores.records, async records => {
    const links = await activeMerges(records);
    const made: Merge[] = [];
    for (const { winner, loser, by } of decisions) {
      const stands = standingFor(links);
      const [stays, goes] = [stands(winner), stands(loser)];
      if (stays === goes) continue;
      made.push(await keepMerge(stores, records, { winner: stays, loser: goes, by }));
      links.push({ from: goes, to: stays, at: stores.clock.now() });
    }
    const touched = new Set(decisions.flatMap(({ winner, loser }) => [winner, loser]));
    const by = decisions[0]?.by ?? '';
    await settlePairs(records, [...touched], by, new Date(stores.clock.now()));
    return made;
  });
}

/**
 * Takes a merge back; the next preparation gives each customer what was theirs.
 *
 * @throws AppError `identity.no_such_merge` when there is none of this id that still holds
 */
export async function undoMerge(stores: Stores, id: string): Promise<Merge> {
  return inTurn(stores.records, async records => {
    const row = await records
      .updateTable('identity_merges')
      .set({ undone_at: new Date(stores.clock.now()) })
      .where('id', '=', id)
      .where('undone_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new AppError('identity.no_such_merge', `there is no merge ${id} to undo`);
    await openParted(records);
    return asMerge(row);
  });
}

/** One decision at a time, so that two people cannot decide on the same customer at once. */
function inTurn<T>(records: Records, work: (records: Records) => Promise<T>): Promise<T> {
  return records.transaction().execute(async inside => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('identity_merges'))`.execute(inside);
    return work(inside);
  });
}

async function keepMerge(stores: Stores, records: Records, decision: MergeDecision): Promise<Merge> {
  const { winner, loser, by: made_by } = decision;
  const at = new Date(stores.clock.now());
  const row = await records
    .insertInto('identity_merges')
    .values({ id: randomUUID(), winner, loser, made_by, at, undone_at: null })
    .returningAll()
    .executeTakeFirstOrThrow();
  return asMerge(row);
}

/** Proposed pairs of these customers that are one person by now are decided. */
async function settlePairs(
  records: Records,
  touched: readonly string[],
  decided_by: string,
  decided_at: Date,
): Promise<void> {
  const stands = standingFor(await activeMerges(records));
  const joined = new Set(touched.map(stands));
  const pairs = await records
    .selectFrom('duplicate_pairs')
    .select(['left_id', 'right_id'])
    .where('state', '!=', 'merged')
    .execute();
  for (const { left_id, right_id } of pairs)
    if (joined.has(stands(left_id)) && stands(left_id) === stands(right_id))
      await records
        .updateTable('duplicate_pairs')
        .set({ state: 'merged', decided_by, decided_at })
        .where('left_id', '=', left_id)
        .where('right_id', '=', right_id)
        .execute();
}

/** Merged pairs that no merge joins any more are to be decided again. */
async function openParted(records: Records): Promise<void> {
  const stands = standingFor(await activeMerges(records));
  const pairs = await records
    .selectFrom('duplicate_pairs')
    .select(['left_id', 'right_id'])
    .where('state', '=', 'merged')
    .execute();
  for (const { left_id, right_id } of pairs)
    if (stands(left_id) !== stands(right_id))
      await records
        .updateTable('duplicate_pairs')
        .set({ state: 'open', decided_by: '', decided_at: null })
        .where('left_id', '=', left_id)
        .where('right_id', '=', right_id)
        .execute();
}

/** Whom an id stands for once these merges are made. */
export function standingFor(links: readonly Link[]): (id: string) => string {
  const winnerOf = new Map(links.map(({ from, to }) => [from, to]));
  return id => {
    let last = id;
    for (let up = winnerOf.get(last); up !== undefined; up = winnerOf.get(last)) last = up;
    return last;
  };
}

/** Ids that one query is asked for. */
const AT_ONCE = 1_000;

async function refuseUnknown({ warehouse }: Stores, ids: readonly string[]): Promise<void> {
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const rows = await warehouse.query<{ customer_id: string }>(
      'SELECT customer_id FROM customers WHERE customer_id IN {ids:Array(String)}',
      { ids: ids.slice(start, start + AT_ONCE) },
    );
    for (const row of rows) known.add(row.customer_id);
  }
  const unknown = ids.find(id => !known.has(id));
  if (unknown !== undefined)
    throw new AppError(
      'identity.no_such_customer',
      `there is no customer "${unknown}" in the trusted tables`,
    );
}

function refuseJoined(active: readonly Link[], winner: string, loser: string): void {
  const isLoser = active.some(({ from }) => from === loser);
  if (isLoser || standingFor(active)(winner) === loser)
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
