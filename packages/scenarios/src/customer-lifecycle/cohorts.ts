import type { Cohorts } from '@bellwether/contracts';
import { dataMoment, type Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { currencyOf } from './currency.ts';

const COHORTS = sqlBeside(import.meta.url, 'cohorts.sql');

interface Cell {
  cohort: string;
  period: number;
  customers: number;
  revenue: number;
}

/** Retention and revenue by when customers first ordered; periods without an order are told as such. */
export async function cohorts(stores: Stores, every: Cohorts['every']): Promise<Cohorts> {
  const now = await dataMoment(stores);
  const cells = await stores.warehouse.query<Cell>(COHORTS, { every, as_of: clickhouseTime(now) });
  const starts = [...new Set(cells.map(({ cohort }) => cohort))];
  return {
    every,
    currency: await currencyOf(stores.warehouse),
    cohorts: starts.map(start => {
      const own = cells.filter(({ cohort }) => cohort === start);
      const customers = own.find(({ period }) => period === 0)?.customers ?? 0;
      const opened = new Date(`${start}T00:00:00Z`);
      return {
        start: opened.toISOString(),
        customers,
        periods: periodsOf(own, customers, opened, every, now),
      };
    }),
  };
}

function periodsOf(
  cells: readonly Cell[],
  customers: number,
  start: Date,
  every: Cohorts['every'],
  now: number,
): Cohorts['cohorts'][number]['periods'] {
  const periods: Cohorts['cohorts'][number]['periods'] = [];
  let spent = 0;
  for (let period = 0; after(start, period, every) < now; period++) {
    const cell = cells.find(each => each.period === period);
    const revenue = cell?.revenue ?? 0;
    spent += revenue;
    periods.push({
      ...{ period, customers: cell?.customers ?? 0, revenue, cumulative: spent / Math.max(1, customers) },
      whole: after(start, period + 1, every) <= now,
    });
  }
  return periods;
}

/** When a period begins. */
function after(start: Date, periods: number, every: Cohorts['every']): number {
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  return every === 'month' ? Date.UTC(year, month + periods, 1) : Date.UTC(year, month, day + 7 * periods);
}
