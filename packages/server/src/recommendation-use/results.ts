import {
  DAY,
  type Estimate,
  type RecommendationArm,
  type RecommendationResults,
  type RecommendationUse,
  type SurfaceResults,
} from '@bellwether/contracts';
import { differenceOfShares, sampleRatioP } from '@bellwether/engagement';
import { wilson } from '@bellwether/ml';
import type { Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import {
  clickThrough,
  difference,
  differenceOfSpending,
  NOBODY,
  peopleNeeded,
  type ListSums,
  type SpentSums,
} from './intervals.ts';

const RESULTS = sqlBeside(import.meta.url, 'results.sql');
const WEEKS = sqlBeside(import.meta.url, 'weeks.sql');
const FOLLOWED = sqlBeside(import.meta.url, 'followed.sql');

/** A row of `results.sql`. */
export interface ArmRow extends ListSums {
  surface: string;
  arm: string;
  persons: number;
  expected_holdout: number;
  lists: number;
  opened: number;
  buyers: number;
  orders: number;
  revenue: number;
  revenue_squared: number;
  revenue_cubed: number;
}

interface WeekRow extends ListSums {
  surface: string;
  arm: string;
  week: string;
}

type FollowedRow = SurfaceResults['followed'] & { on_surface: string };

/** What recommendations did in the last `days`, beside the hold-out. */
export async function recommendationResults(
  { warehouse, clock }: Stores,
  use: RecommendationUse,
  options: { days: number; currency: string },
): Promise<RecommendationResults> {
  const now = clock.now();
  const since = now - options.days * DAY;
  const span = { since: clickhouseTime(since), as_of: clickhouseTime(now) };
  const [rows, weeks, followed] = await Promise.all([
    warehouse.query<ArmRow>(RESULTS, { ...span, days: use.window_days }),
    warehouse.query<WeekRow>(WEEKS, span),
    warehouse.query<FollowedRow>(FOLLOWED, { ...span, days: use.window_days }),
  ]);
  return {
    ...{ since: new Date(since).toISOString(), as_of: new Date(now).toISOString() },
    ...{ window_days: use.window_days, currency: options.currency, holdout_share: use.holdout.share },
    surfaces: surfacesOf(rows).map(surface => measured(surface, rows, followed)),
    weeks: weeksOf(weeks),
  };
}

/** All together first, then each, the most used first. */
function surfacesOf(rows: readonly ArmRow[]): string[] {
  const lists = new Map<string, number>();
  for (const row of rows) lists.set(row.surface, (lists.get(row.surface) ?? 0) + row.lists);
  const rank = (surface: string): number => (surface === '*' ? -Infinity : -(lists.get(surface) ?? 0));
  return [...lists.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The comparison of the arms on one surface. */
export function measured(
  surface: string,
  rows: readonly ArmRow[],
  followed: readonly FollowedRow[] = [],
): SurfaceResults {
  const [treated, holdout] = ['treated', 'holdout'].map(arm => rowOf(rows, surface, arm)) as [ArmRow, ArmRow]; // two names
  const [one, two] = [armOf(treated), armOf(holdout)];
  return {
    ...{ surface, treated: one, holdout: two },
    click_through_lift: difference(one.click_through, two.click_through),
    conversion_lift: differenceOfShares(
      { successes: treated.buyers, n: treated.persons },
      { successes: holdout.buyers, n: holdout.persons },
    ),
    revenue_lift: differenceOfSpending(revenueOf(treated), revenueOf(holdout)),
    sample_ratio_p: ratioP(treated, holdout),
    needed: neededFor(treated, holdout),
    followed: followedOn(surface, followed),
  };
}

function rowOf(rows: readonly ArmRow[], surface: string, arm: string): ArmRow {
  const found = rows.find(row => row.surface === surface && row.arm === arm);
  const none = { persons: 0, expected_holdout: 0, lists: 0, opened: 0, buyers: 0, orders: 0 };
  return found ?? { ...NOBODY, ...none, surface, arm, revenue: 0, revenue_squared: 0, revenue_cubed: 0 };
}

function armOf(row: ArmRow): RecommendationArm {
  const { persons, lists, shown, clicked, opened, buyers, orders, revenue } = row;
  const conversion = shareOf(buyers, persons);
  return {
    persons,
    lists,
    shown,
    clicked,
    opened,
    click_through: clickThrough(row),
    buyers,
    conversion,
    orders,
    revenue,
  };
}

function shareOf(successes: number, n: number): Estimate {
  if (n === 0) return { value: null, low: null, high: null, n };
  return { value: successes / n, ...wilson(successes, n), n };
}

const revenueOf = ({ persons, revenue, revenue_squared, revenue_cubed }: ArmRow): SpentSums => ({
  ...{ n: persons, sum: revenue, squares: revenue_squared, cubes: revenue_cubed },
});

function followedOn(surface: string, rows: readonly FollowedRow[]): SurfaceResults['followed'] {
  const {
    clicks = 0,
    added = 0,
    ordered = 0,
    revenue = 0,
  } = rows.find(row => row.on_surface === surface) ?? {};
  return { clicks, added, ordered, revenue };
}

/** Nothing to compare where nobody was to be held out, or nobody came. */
function ratioP(treated: ArmRow, holdout: ArmRow): number | null {
  const all = treated.persons + holdout.persons;
  const expected = treated.expected_holdout + holdout.expected_holdout;
  return expected <= 0 || expected >= all
    ? null
    : sampleRatioP([holdout.persons, treated.persons], [expected, all - expected]);
}

/** By the rate of everybody: of the hold-out alone too few are there when it is asked. */
function neededFor(treated: ArmRow, holdout: ArmRow): number | null {
  const all = treated.persons + holdout.persons;
  if (all === 0) return null;
  const share = (treated.expected_holdout + holdout.expected_holdout) / all;
  return peopleNeeded((treated.buyers + holdout.buyers) / all, share);
}

function weeksOf(rows: readonly WeekRow[]): RecommendationResults['weeks'] {
  const keys = new Map(rows.map(({ surface, week }) => [`${surface} ${week}`, { surface, week }]));
  return [...keys.values()].map(({ surface, week }) => {
    const arm = (name: string): Estimate =>
      clickThrough(
        rows.find(row => row.surface === surface && row.week === week && row.arm === name) ?? NOBODY,
      );
    return { surface, week, treated: arm('treated'), holdout: arm('holdout') };
  });
}
