import { AppError, type DuplicateChoice, type Merge, type PairName } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import type { Stores } from '../../stores.ts';
import { activeMerges, mergeMany, merges, undoMerge, type MergeDecision } from '../identity/merges.ts';
import { peopleOf, staysOf } from './review.ts';

/** A person's word on pairs, and who that was. */
interface Deciding {
  by: string;
}

/** Merges of one call at most: a person answers for each. */
const MOST = 10_000;

/**
 * Records that these pairs are one person each: those named, or all that are open at or above a probability. Pairs that
 * would only join two groups which do not fit are left out of the latter: they want a look.
 *
 * @throws AppError `identity.no_such_customer`
 */
export async function mergePairs(
  stores: Stores,
  choice: DuplicateChoice,
  { by }: Deciding,
): Promise<{ merged: number; merges: Merge[] }> {
  const pairs = 'pairs' in choice ? choice.pairs : await surest(stores.records, choice.at_least);
  const people = await peopleOf(
    stores.warehouse,
    pairs.flatMap(({ left, right }) => [left, right]),
  );
  const decisions = pairs.map((pair): MergeDecision => {
    const { left, right } = pair;
    const keep = ('keep' in pair ? pair.keep : undefined) ?? staysOf(people(left), people(right));
    return keep === 'left' ? { winner: left, loser: right, by } : { winner: right, loser: left, by };
  });
  const made = await mergeMany(stores, decisions);
  return { merged: pairs.length, merges: made };
}

async function surest(records: Records, least: number): Promise<PairName[]> {
  return records
    .selectFrom('duplicate_pairs')
    .select(['left_id as left', 'right_id as right'])
    .where('state', '=', 'open')
    .where('bridge', '=', false)
    .where('probability', '>=', least)
    .orderBy('probability', 'desc')
    .limit(MOST)
    .execute();
}

/** Records that these pairs are two people each: no run proposes them again. */
export async function refusePairs(
  { records, clock }: Stores,
  pairs: readonly PairName[],
  { by }: Deciding,
): Promise<number> {
  const set = { state: 'refused' as const, decided_by: by, decided_at: new Date(clock.now()) };
  const done = await records
    .updateTable('duplicate_pairs')
    .set(set)
    .where('state', '=', 'open')
    .where(named(pairs))
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/**
 * Takes decisions back. A pair that was refused is open again; of a pair that was merged the last merge that joined the
 * two is undone.
 *
 * @throws AppError `duplicates.no_such_pair`
 */
export async function reopenPairs(stores: Stores, pairs: readonly PairName[]): Promise<number> {
  const { records } = stores;
  for (const pair of pairs) await undoLast(stores, pair);
  await records
    .updateTable('duplicate_pairs')
    .set({ state: 'open', decided_by: '', decided_at: null })
    .where('state', '=', 'refused')
    .where(named(pairs))
    .execute();
  return pairs.length;
}

async function undoLast(stores: Stores, { left, right }: PairName): Promise<void> {
  const row = await stores.records
    .selectFrom('duplicate_pairs')
    .select('state')
    .where(named([{ left, right }]))
    .executeTakeFirst();
  if (row === undefined)
    throw new AppError('duplicates.no_such_pair', `${left} and ${right} were never proposed as one person`);
  if (row.state !== 'merged') return;
  const between = pathBetween(await activeMerges(stores.records), left, right);
  const last = (await merges(stores.records)).find(
    merge => merge.undone_at === null && between.has(merge.loser),
  );
  if (last !== undefined) await undoMerge(stores, last.id);
}

/** The losers on the way from one to the other: each has one merge that holds. */
function pathBetween(
  links: readonly { from: string; to: string }[],
  left: string,
  right: string,
): Set<string> {
  const winnerOf = new Map(links.map(({ from, to }) => [from, to]));
  const chain = (id: string): string[] => {
    const up = winnerOf.get(id);
    return up === undefined ? [id] : [id, ...chain(up)];
  };
  const [one, other] = [chain(left), chain(right)];
  return new Set([...one.filter(id => !other.includes(id)), ...other.filter(id => !one.includes(id))]);
}

/** In either order of the two. */
function named(pairs: readonly PairName[]) {
  const sorted = pairs.map(({ left, right }) => (left < right ? [left, right] : [right, left]));
  return sql<boolean>`(left_id, right_id) IN (
    SELECT * FROM unnest(${sorted.map(([left]) => left)}::text[], ${sorted.map(([, right]) => right)}::text[]))`;
}
