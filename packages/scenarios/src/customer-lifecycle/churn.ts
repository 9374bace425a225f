import type { Churn } from '@bellwether/contracts';
import { kaplanMeier, survivalAt, wilson, type SurvivalCurve } from '@bellwether/ml';
import type { Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { currentRules } from './rules.ts';
import { churnSql } from './stages.ts';

const LIFETIMES = sqlBeside(import.meta.url, 'lifetimes.sql');
/** Points of a curve that is drawn. */
const STEPS = 40;
/** Fewer customers make no curve. */
const LEAST_COHORT = 20;

/** Churn by the definition in force: over time between recorded months, and how long each cohort lasts. */
export async function churn(stores: Stores): Promise<Churn> {
  const { rules, proposed_days } = await currentRules(stores);
  const lost = churnSql(rules.churn);
  const [rates, survival] = await Promise.all([ratesOf(stores, lost), survivalOf(stores, lost)]);
  return { definition: rules.churn, proposed_days, rates, survival };
}

async function ratesOf({ warehouse }: Stores, lost: string): Promise<Churn['rates']> {
  const moments = await warehouse.query<{ at: number }>(
    "SELECT DISTINCT toUnixTimestamp64Milli(as_of) AS at FROM lifecycle_runs WHERE kind = 'month' ORDER BY at",
  );
  const pairs = moments.slice(1).map(({ at }, n) => [moments[n].at, at] as const);
  return Promise.all(
    pairs.map(async ([from, to]) => {
      const { customers, churned } = await warehouse.one<{ customers: number; churned: number }>(
        `SELECT count() AS customers, countIf(later.lost) AS churned
         FROM (SELECT customer_id FROM lifecycle_history WHERE as_of = {from:DateTime64(3, 'UTC')} AND NOT (${lost})) AS still
         INNER JOIN (SELECT customer_id, ${lost} AS lost FROM lifecycle_history WHERE as_of = {to:DateTime64(3, 'UTC')}) AS later
             ON later.customer_id = still.customer_id`,
        { from: clickhouseTime(from), to: clickhouseTime(to) },
      );
      const value = customers === 0 ? null : churned / customers;
      return {
        ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), customers, churned },
        rate: { value, ...wilson(churned, customers), n: customers },
      };
    }),
  );
}

interface Lifetimes {
  cohort: string;
  churned: boolean;
  days: number;
  customers: number;
}

async function survivalOf({ warehouse }: Stores, lost: string): Promise<Churn['survival']> {
  const rows = await warehouse.query<Lifetimes>(LIFETIMES.replace('/* churned */', `(${lost})`));
  const cohorts = [...new Set(rows.map(({ cohort }) => cohort))];
  return cohorts
    .map(cohort => rows.filter(row => row.cohort === cohort))
    .map(own => ({ own, customers: own.reduce((sum, row) => sum + row.customers, 0) }))
    .filter(({ customers }) => customers >= LEAST_COHORT)
    .map(({ own, customers }) => {
      const curve = kaplanMeier(
        {
          time: Float32Array.from(own, ({ days }) => days),
          event: Float32Array.from(own, ({ churned }) => Number(churned)),
        },
        { weights: Float32Array.from(own, row => row.customers) },
      );
      return {
        cohort: `${own[0].cohort}T00:00:00.000Z`,
        customers,
        median_days: Number.isFinite(curve.median.value) ? curve.median.value : null,
        steps: pointsOf(curve, Math.max(...own.map(({ days }) => days))),
      };
    });
}

function pointsOf(curve: SurvivalCurve, longest: number): Churn['survival'][number]['steps'] {
  return Array.from({ length: STEPS + 1 }, (_, n) => {
    const days = Math.round((longest * n) / STEPS);
    const step = curve.steps.findLast(({ time }) => time <= days);
    return { days, share: survivalAt(curve, days), low: step?.low ?? 1, high: step?.high ?? 1 };
  });
}
