import { required } from '../errors.ts';
import type { Table } from '../table.ts';
import type { SpendModel } from './gamma-gamma.ts';
import type { PurchaseModel } from './purchases.ts';
import { deviationsThatHold, type Uncertain } from './uncertainty.ts';

export interface LifetimeValueOptions {
  /** How many periods ahead. */
  periods: number;
  /** Length of a period, in the unit of the model of purchases. */
  period: number;
  /** By which share money is worth less a period later: 0.01 is 1 % a period. */
  discount?: number;
  /** Share of what is spent that stays with the shop. */
  margin?: number;
  /** Of the intervals. */
  level?: number;
}

/**
 * What each customer is worth from now on: the purchases to be expected in each period, times the mean amount to be
 * expected, discounted to today from the period's end. The interval holds what both models leave open (the two are
 * fitted to different things, so their errors are taken for independent), not what one customer will do.
 *
 * @param table with the columns of both models: frequency, recency, age, monetary
 * @example
 * lifetimeValue(purchases, spend, customers, { periods: 12, period: 4.345, discount: 0.01 }).value
 */
export function lifetimeValue(
  purchases: PurchaseModel,
  spend: SpendModel,
  table: Table,
  options: LifetimeValueOptions,
): Uncertain {
  const { periods, period, discount = 0, margin = 1, level = 0.95 } = options;
  required(Number.isInteger(periods) && periods > 0, 'periods', 'a whole number from 1 up', periods);
  required(period > 0 && period < Infinity, 'period', 'a length of time above 0', period);
  required(discount >= 0 && discount < Infinity, 'discount', 'a share from 0 up', discount);
  required(margin > 0 && margin < Infinity, 'margin', 'a share above 0', margin);
  const count = purchases.uncertain(each => discountedPurchases(each, table, periods, period, discount), {
    level,
  });
  const amount = spend.uncertain(each => each.expectedAverage(table), { level });
  return product(count, amount, margin, deviationsThatHold(level));
}

function discountedPurchases(
  model: PurchaseModel,
  table: Table,
  periods: number,
  period: number,
  discount: number,
): Float64Array {
  const sum = new Float64Array(table.rows);
  let before = new Float64Array(table.rows);
  for (let n = 1; n <= periods; n++) {
    const until = Float64Array.from(model.expectedPurchases(table, n * period));
    const factor = (1 + discount) ** -n;
    for (let row = 0; row < sum.length; row++) sum[row] += factor * (until[row] - before[row]);
    before = until;
  }
  return sum;
}

/** Of two independent numbers, each normal in the log. */
function product(a: Uncertain, b: Uncertain, factor: number, z: number): Uncertain {
  const value = a.value.map((count, row) => factor * count * b.value[row]);
  const spread = value.map((_, row) => z * Math.hypot(deviation(a, row, z), deviation(b, row, z)));
  return {
    value,
    low: value.map((own, row) => own * Math.exp(-spread[row])),
    high: value.map((own, row) => own * Math.exp(spread[row])),
  };
}

function deviation({ low, high }: Uncertain, row: number, z: number): number {
  return high[row] > low[row] ? Math.log(high[row] / low[row]) / (2 * z) : 0;
}
