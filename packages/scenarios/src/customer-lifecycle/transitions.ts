import { DAY, type Transitions } from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';

const FLOWS = sqlBeside(import.meta.url, 'flows.sql');
/** Moments that one answer compares at most. */
const MOST_MOMENTS = 25;

export interface TransitionsQuery {
  from?: string | undefined;
  to?: string | undefined;
  every: 'month' | 'quarter';
}

/** How customers moved from stage to stage between recorded moments: starts of months or quarters, and the last run. */
export async function transitions(
  { warehouse }: Stores,
  { from, to, every }: TransitionsQuery,
): Promise<Transitions> {
  const recorded = await warehouse.query<{ at: number; month: boolean }>(
    `SELECT toUnixTimestamp64Milli(as_of) AS at, max(kind = 'month') AS month
     FROM lifecycle_runs GROUP BY at ORDER BY at`,
  );
  const newest = recorded.at(-1)?.at;
  const wanted = recorded
    .filter(({ at, month }) => at === newest || (month && (every === 'month' || opensQuarter(at))))
    .map(({ at }) => at)
    .filter(at => at >= (from === undefined ? -Infinity : Date.parse(from)))
    .filter(at => at <= (to === undefined ? Infinity : Date.parse(to)))
    // a run a few days after the start of a month tells hardly more than that
    .filter((at, n, all) => at !== newest || n === 0 || at - all[n - 1] >= 7 * DAY);
  const moments = wanted.slice(-MOST_MOMENTS);
  const pairs = moments.slice(1).map((moment, n) => [moments[n], moment] as const);
  const flows = await Promise.all(
    pairs.map(([before, after]) =>
      warehouse.query<Transitions['flows'][number]>(FLOWS, {
        from: clickhouseTime(before),
        to: clickhouseTime(after),
      }),
    ),
  );
  const counts = await warehouse.query<Transitions['counts'][number]>(
    `SELECT as_of AS at, toString(stage) AS stage, count() AS customers FROM lifecycle_history
     WHERE as_of IN {moments:Array(DateTime64(3, 'UTC'))} GROUP BY at, stage ORDER BY at, stage`,
    { moments: moments.map(clickhouseTime) },
  );
  return { moments: moments.map(at => new Date(at).toISOString()), counts, flows: flows.flat() };
}

function opensQuarter(at: number): boolean {
  return new Date(at).getUTCMonth() % 3 === 0;
}
