import type { Estimate, SurfaceResults } from '@bellwether/contracts';
import type { Rng } from '@bellwether/ml';
import { measured, type ArmRow } from './results.ts';

/** What is true of one arm: people see lists, click by a habit of their own, and buy. */
interface Truth {
  /** Mean of the habits; they differ from person to person as a Beta with a total of `firmness`. */
  clicks: number;
  buys: number;
  spends: number;
}

const TREATED: Truth = { clicks: 0.05, buys: 0.06, spends: 42 };
const HOLDOUT: Truth = { clicks: 0.035, buys: 0.05, spends: 40 };
const FIRMNESS = 8;
const PEOPLE = { treated: 2700, holdout: 300 };

/**
 * Shares of simulated markets whose intervals hold the truth.
 *
 * @param markets how many are made
 */
export function coverage(
  markets: number,
  rng: Rng,
): Record<'click-through' | 'clicks' | 'conversion' | 'revenue', number> {
  const held = { 'click-through': 0, clicks: 0, conversion: 0, revenue: 0 };
  for (let market = 0; market < markets; market++) {
    const results = marketOf(rng);
    held['click-through'] += holds(results.treated.click_through, TREATED.clicks);
    held.clicks += holds(results.click_through_lift, TREATED.clicks - HOLDOUT.clicks);
    held.conversion += holds(results.conversion_lift, TREATED.buys - HOLDOUT.buys);
    held.revenue += holds(
      results.revenue_lift,
      TREATED.buys * TREATED.spends - HOLDOUT.buys * HOLDOUT.spends,
    );
  }
  for (const name of Object.keys(held) as (keyof typeof held)[]) held[name] /= markets;
  return held;
}

function marketOf(rng: Rng): SurfaceResults {
  const row = (arm: 'treated' | 'holdout', truth: Truth): ArmRow => ({
    ...summed(PEOPLE[arm], truth, rng),
    ...{ surface: 'home', arm, expected_holdout: PEOPLE[arm] / 10 },
  });
  return measured('home', [row('treated', TREATED), row('holdout', HOLDOUT)]);
}

function summed(
  persons: number,
  { clicks, buys, spends }: Truth,
  rng: Rng,
): Omit<ArmRow, 'surface' | 'arm' | 'expected_holdout'> {
  const sum = {
    ...{
      persons,
      viewers: persons,
      lists: 0,
      opened: 0,
      shown: 0,
      clicked: 0,
      shown_squared: 0,
      clicked_squared: 0,
    },
    ...{ shown_clicked: 0, buyers: 0, orders: 0, revenue: 0, revenue_squared: 0, revenue_cubed: 0 },
  };
  for (let person = 0; person < persons; person++) {
    const habit = beta(clicks * FIRMNESS, (1 - clicks) * FIRMNESS, rng);
    let [shown, clicked] = [0, 0];
    // lists until they go: six on average, whatever their habit
    do {
      shown++;
      if (rng.uniform() < habit) clicked++;
    } while (rng.uniform() < 5 / 6);
    const spent = rng.uniform() < buys ? -spends * Math.log(1 - rng.uniform()) : 0;
    sum.shown += shown;
    sum.clicked += clicked;
    sum.shown_squared += shown ** 2;
    sum.clicked_squared += clicked ** 2;
    sum.shown_clicked += shown * clicked;
    sum.buyers += Number(spent > 0);
    sum.revenue += spent;
    sum.revenue_squared += spent ** 2;
    sum.revenue_cubed += spent ** 3;
  }
  return { ...sum, lists: sum.shown, orders: sum.buyers };
}

const holds = ({ low, high }: Estimate, truth: number): number =>
  Number(low !== null && high !== null && low <= truth && truth <= high);

/** Beta by two gammas. */
function beta(a: number, b: number, rng: Rng): number {
  const [one, two] = [gamma(a, rng), gamma(b, rng)];
  return one / (one + two);
}

/** Marsaglia and Tsang (2000); below a shape of 1 by the power of a uniform. */
function gamma(shape: number, rng: Rng): number {
  if (shape < 1) return gamma(shape + 1, rng) * rng.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = rng.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
