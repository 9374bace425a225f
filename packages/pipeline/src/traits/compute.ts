import type { Milliseconds, Work } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { createHash } from 'node:crypto';
import { dataMoment } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { shopZone } from './zone.ts';
import { compileTraits, NEVER, type CompiledTraits, type Definitions } from './compile.ts';

const CHANGED = sqlBeside(import.meta.url, 'changed.sql');

export interface ComputeOptions {
  /** Zone of the shop's weekdays and hours, an IANA name; that of the last preparation where absent. */
  zone?: string;
  /** Customers who object to being profiled: nothing is kept of them. */
  exclude?: readonly string[] | undefined;
  /** The moment as of which values hold; the data's own now where absent. */
  asOf?: Milliseconds;
  /** Compute everybody, whatever changed. */
  whole?: boolean;
}

/** What a computation came to. */
export interface Computed {
  as_of: Milliseconds;
  /** Customers computed. */
  customers: number;
  /** Whether everybody was, and not only those of whom something changed. */
  whole: boolean;
}

interface Run {
  as_of: number;
  computed_at: number;
  definitions: string;
}

/**
 * Brings `customer_traits` up to date: customers of whom something happened or became known since the last computation,
 * or of whom a row has left a window; everybody when the declarations changed. What it costs follows the change.
 *
 * @throws AppError `trait.none` when nothing is declared
 * @example
 * const { customers, whole } = await computeTraits(stores, definitions);
 */
export async function computeTraits(
  stores: Stores,
  definitions: Definitions,
  options: ComputeOptions = {},
  work: Work = {},
): Promise<Computed> {
  const { exclude = [] } = options;
  const zone = options.zone ?? (await shopZone(stores.warehouse));
  const moment = options.asOf ?? (await dataMoment(stores));
  const fingerprint = fingerprintOf(definitions, zone);
  const last = await lastRun(stores);
  const base = options.whole ? undefined : baseOf(last, fingerprint, moment);
  const computedAt = Math.max(stores.clock.now(), (last?.computed_at ?? 0) + 1);
  const only = base && (await changedSince(stores, base, moment));
  const compiled = compileTraits(definitions, { asOf: moment, zone, only });
  work.onProgress?.({ done: 0, unit: 'customers', step: 'traits.compute' });
  await insert(stores, compiled, { moment, computedAt, only, exclude }, work);
  await forget(stores, exclude);
  const run = { as_of: moment, computed_at: computedAt, definitions: fingerprint };
  const customers = await finish(stores, run, base === undefined);
  work.onProgress?.({ done: customers, total: customers, unit: 'customers', step: 'traits.compute' });
  return { as_of: moment, customers, whole: base === undefined };
}

/** The run that the next can go on from: one of the same declarations, and not of a later moment. */
function baseOf(last: Run | undefined, definitions: string, moment: Milliseconds): Run | undefined {
  return last !== undefined && last.definitions === definitions && last.as_of <= moment ? last : undefined;
}

async function forget({ warehouse }: Stores, exclude: readonly string[]): Promise<void> {
  if (exclude.length === 0) return;
  await warehouse.command(
    'DELETE FROM customer_traits WHERE customer_id IN {excluded:Array(String)}',
    { excluded: exclude },
    { mutations_sync: '1' },
  );
}

async function finish({ warehouse }: Stores, run: Run, whole: boolean): Promise<number> {
  const { customers } = await warehouse.one<{ customers: number }>(
    "SELECT count() AS customers FROM customer_traits WHERE computed_at = {at:DateTime64(3, 'UTC')}",
    { at: clickhouseTime(run.computed_at) },
  );
  const row = {
    ...{ as_of: clickhouseTime(run.as_of), computed_at: clickhouseTime(run.computed_at) },
    ...{ definitions: run.definitions, whole, customers },
  };
  await warehouse.insert('trait_runs', [row], { token: `trait_runs:${run.computed_at}` });
  return customers;
}

/** The same declarations in another order are the same. */
function fingerprintOf(definitions: Definitions, zone: string): string {
  const sorted = Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([zone, sorted]))
    .digest('hex');
}

async function lastRun({ warehouse }: Stores): Promise<Run | undefined> {
  const [run] = await warehouse.query<Run>(`
    SELECT toUnixTimestamp64Milli(trait_runs.as_of) AS as_of, toUnixTimestamp64Milli(trait_runs.computed_at) AS computed_at, definitions
    FROM trait_runs ORDER BY trait_runs.computed_at DESC LIMIT 1`);
  return run;
}

/** Whom a merge, or its being undone, touched is read from the records: the warehouse does not tell when it was undone. */
async function changedSince({ records }: Stores, last: Run, asOf: Milliseconds): Promise<CompiledTraits> {
  const since = new Date(last.computed_at);
  const merges = await records
    .selectFrom('identity_merges')
    .select(['winner', 'loser'])
    .where(where => where.or([where('at', '>=', since), where('undone_at', '>=', since)]))
    .execute();
  const touched = [...new Set(merges.flatMap(({ winner, loser }) => [winner, loser]))];
  return {
    sql: CHANGED,
    params: { since: clickhouseTime(last.as_of), as_of: clickhouseTime(asOf), touched },
  };
}

interface Insertion {
  moment: Milliseconds;
  computedAt: Milliseconds;
  only: CompiledTraits | undefined;
  exclude: readonly string[];
}

async function insert(
  { warehouse }: Stores,
  compiled: CompiledTraits,
  { moment, computedAt, only, exclude }: Insertion,
  work: Work,
): Promise<void> {
  const stamp = { as_of: clickhouseTime(moment), computed_at: clickhouseTime(computedAt) };
  const params = { ...compiled.params, ...stamp, excluded: exclude };
  const into = (rows: string, token: string): Promise<void> =>
    warehouse.command(
      `INSERT INTO customer_traits (customer_id, as_of, computed_at, due_at, numbers, texts)\n${rows}`,
      params,
      { insert_deduplicate: 1, insert_deduplication_token: `customer_traits:${computedAt}:${token}` },
      work.signal,
    );
  const moments = "{as_of:DateTime64(3, 'UTC')}, {computed_at:DateTime64(3, 'UTC')}";
  await into(
    `SELECT customer_id, ${moments}, due_at, numbers, texts FROM (\n${compiled.sql}\n)
WHERE customer_id NOT IN {excluded:Array(String)}`,
    'told',
  );
  // whom nothing is told of any more (merged away, or rows taken back) gets a row without values
  await into(
    `SELECT customer_id, ${moments}, toDateTime64('${NEVER}', 3, 'UTC'), CAST(map(), 'Map(String, Float64)'), CAST(map(), 'Map(String, String)')
FROM customer_traits AS kept
WHERE ${only ? `customer_id IN (\n${only.sql}\n)` : '1'}
GROUP BY customer_id
HAVING max(kept.computed_at) < {computed_at:DateTime64(3, 'UTC')}`,
    'untold',
  );
}
