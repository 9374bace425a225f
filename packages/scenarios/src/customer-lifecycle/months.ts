import { DAY, type Milliseconds, type StageRule, type Work } from '@bellwether/contracts';
import { dataSpan, nextScoredAt, type Stores } from '@bellwether/pipeline';
import { clickhouseTime } from '@bellwether/warehouse';
import { factsOf } from './facts.ts';
import type { LifecycleModel } from './model.ts';
import { customersInBatches, type ReadOptions } from './read.ts';
import { stageOf } from './stages.ts';
import { NAME } from './train.ts';

/** What a record of a past month is made with. */
export interface Telling {
  stores: Stores;
  model: LifecycleModel;
  version: number;
  rules: readonly StageRule[];
  asOf: Milliseconds;
}

const MOST_MONTHS = 24;
/** A shop younger than this has no history worth a record. */
const FIRST_DAYS = 28;
/** Runs between months are kept for as long. */
const KEEP_DAYS = 40;

/**
 * Records where customers stood at the start of each of the last 24 months that has no record yet: what was known then,
 * judged by today's model and rules.
 */
export async function fillMonths(telling: Telling, options: ReadOptions, work: Work): Promise<void> {
  const { stores, asOf } = telling;
  const span = await dataSpan(stores.warehouse, asOf);
  if (span === undefined) return;
  const months = monthsBetween(span.first_at + FIRST_DAYS * DAY, asOf).slice(-MOST_MONTHS);
  const kept = await stores.warehouse.query<{ at: number }>(
    "SELECT DISTINCT toUnixTimestamp64Milli(as_of) AS at FROM lifecycle_runs WHERE kind = 'month'",
  );
  const known = new Set(kept.map(({ at }) => at));
  const missing = months.filter(month => !known.has(month));
  for (const [n, month] of missing.entries()) {
    work.onProgress?.({ done: n, total: missing.length, unit: 'moments', step: 'score' });
    await recordMonth(telling, month, options);
  }
}

/** Starts of months (UTC) from one moment on and before another. */
export function monthsBetween(from: Milliseconds, until: Milliseconds): Milliseconds[] {
  const [first, months] = [new Date(from), []] as [Date, Milliseconds[]];
  for (let n = 0; ; n++) {
    const month = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + n, 1);
    if (month >= until) return months;
    if (month >= from) months.push(month);
  }
}

async function recordMonth(
  { stores, model, version, rules }: Telling,
  month: Milliseconds,
  options: ReadOptions,
): Promise<void> {
  const { warehouse } = stores;
  const run = await nextScoredAt(stores, NAME);
  const stamp = { as_of: clickhouseTime(month), run: clickhouseTime(run) };
  let customers = 0;
  for await (const { ids, table } of customersInBatches(warehouse, month, options)) {
    const facts = factsOf(model, table);
    const rows = ids.map((customer_id, row) => ({
      ...stamp,
      customer_id,
      stage: stageOf(rules, facts[row]),
      ...facts[row],
    }));
    await warehouse.insert('lifecycle_stages', rows, {
      token: `lifecycle_stages:${month}:${run}:${customers}`,
    });
    customers += ids.length;
  }
  await warehouse.insert('lifecycle_runs', [{ ...stamp, kind: 'month', version, customers }], {
    token: `lifecycle_runs:${month}:${run}`,
  });
}

/**
 * Takes away what no reader asks any more: expectations of earlier runs, stages of runs that were repeated or lie between
 * the months of long ago, and everything of whoever objects.
 */
export async function prune(
  { warehouse }: Stores,
  asOf: Milliseconds,
  run: Milliseconds,
  excluded: readonly string[],
): Promise<void> {
  const params = {
    run: clickhouseTime(run),
    as_of: clickhouseTime(asOf),
    old: clickhouseTime(asOf - KEEP_DAYS * DAY),
    excluded,
  };
  await warehouse.command("DELETE FROM lifecycle_values WHERE run < {run:DateTime64(3, 'UTC')}", params);
  await warehouse.command(
    `DELETE FROM lifecycle_stages
     WHERE (as_of, run) NOT IN (SELECT as_of, max(run) FROM lifecycle_runs GROUP BY as_of)
        OR (as_of < {old:DateTime64(3, 'UTC')} AND as_of != toStartOfMonth(as_of))
        OR customer_id IN {excluded:Array(String)}`,
    params,
  );
}
