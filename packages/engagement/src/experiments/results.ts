import type { JourneyResults } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import type { Engagement } from '../engagement.ts';
import { getJourney } from '../journeys/journeys.ts';
import { journeyCounts } from './counts.ts';
import { sharesByDay } from './by-day.ts';
import { differenceOfMeans, differenceOfShares, sampleRatioP, scaled, type Sums } from './statistics.ts';

const OUTCOMES = sqlBeside(import.meta.url, 'outcomes.sql');

/** A row of `outcomes.sql`. */
export interface OutcomeRow {
  arm: 'treated' | 'holdout';
  entered_on: string;
  bought_on: string | null;
  customers: number;
  expected_holdout: number;
  orders: number;
  orders_squared: number;
  revenue: number;
  revenue_squared: number;
}

type Arm = JourneyResults['treated'];

type Measured = Pick<
  JourneyResults,
  | 'treated'
  | 'holdout'
  | 'lift'
  | 'revenue_lift'
  | 'incremental_orders'
  | 'incremental_revenue'
  | 'sample_ratio_p'
  | 'by_day'
>;

/**
 * What a journey did and was worth. Everybody who was assigned counts in their arm, whether a message reached them or not
 * (intention to treat), with what they bought within `measure_days` of entering, returns taken off. `delivered` are
 * messages that the receiving server took and that did not come back.
 *
 * @throws AppError `journey.not_found`
 */
export async function journeyResults(engagement: Engagement, journeyId: string): Promise<JourneyResults> {
  const journey = await getJourney(engagement, journeyId);
  const now = engagement.stores.clock.now();
  const [counts, rows] = await Promise.all([
    journeyCounts(engagement, journey),
    engagement.stores.warehouse.query<OutcomeRow>(OUTCOMES, {
      subject: `journey:${journeyId}`,
      days: journey.graph.measure_days,
      as_of: clickhouseTime(now),
    }),
  ]);
  return {
    journey_id: journeyId,
    as_of: new Date(now).toISOString(),
    ...counts,
    ...measure(rows),
    currency: engagement.shop.currency,
    truth: null,
  };
}

/** The comparison of the arms. */
export function measure(rows: readonly OutcomeRow[]): Measured {
  const [treated, holdout] = [armOf(rows, 'treated'), armOf(rows, 'holdout')];
  const perCustomer = (arm: Totals, what: 'orders' | 'revenue'): Sums => ({
    n: arm.customers,
    sum: arm[what],
    squares: arm[`${what}_squared`],
  });
  const orders = differenceOfMeans(perCustomer(treated, 'orders'), perCustomer(holdout, 'orders'));
  const revenue = differenceOfMeans(perCustomer(treated, 'revenue'), perCustomer(holdout, 'revenue'));
  return {
    treated: figuresOf(treated),
    holdout: figuresOf(holdout),
    lift: differenceOfShares(
      { successes: treated.buyers, n: treated.customers },
      { successes: holdout.buyers, n: holdout.customers },
    ),
    revenue_lift: revenue,
    incremental_orders: scaled(orders, treated.customers),
    incremental_revenue: scaled(revenue, treated.customers),
    sample_ratio_p: ratioP(treated, holdout),
    by_day: sharesByDay(rows),
  };
}

interface Totals extends Arm {
  expected_holdout: number;
  orders_squared: number;
  revenue_squared: number;
}

function armOf(rows: readonly OutcomeRow[], arm: OutcomeRow['arm']): Totals {
  const mine = rows.filter(row => row.arm === arm);
  const total = (pick: (row: OutcomeRow) => number): number => mine.reduce((sum, row) => sum + pick(row), 0);
  return {
    customers: total(row => row.customers),
    buyers: total(row => (row.bought_on === null ? 0 : row.customers)),
    orders: total(row => row.orders),
    revenue: total(row => row.revenue),
    expected_holdout: total(row => row.expected_holdout),
    orders_squared: total(row => row.orders_squared),
    revenue_squared: total(row => row.revenue_squared),
  };
}

const figuresOf = ({ customers, buyers, orders, revenue }: Totals): Arm => ({
  customers,
  buyers,
  orders,
  revenue,
});

/** Nothing to compare where nobody was to be held out, or nobody came. */
function ratioP(treated: Totals, holdout: Totals): number | null {
  const all = treated.customers + holdout.customers;
  const expected = treated.expected_holdout + holdout.expected_holdout;
  if (expected <= 0 || expected >= all) return null;
  return sampleRatioP([holdout.customers, treated.customers], [expected, all - expected]);
}
