import type { Estimate } from '@bellwether/contracts';
import { tQuantile } from '@bellwether/engagement';
import { wilson } from '@bellwether/ml';

/** Lists and clicks, summed over the people who saw any. */
export interface ListSums {
  /** People who saw a list. */
  viewers: number;
  shown: number;
  clicked: number;
  shown_squared: number;
  clicked_squared: number;
  shown_clicked: number;
}

export const NOBODY: ListSums = {
  ...{ viewers: 0, shown: 0, clicked: 0, shown_squared: 0, clicked_squared: 0, shown_clicked: 0 },
};

/**
 * Share of lists that were clicked on, with its 95 % interval over people.
 *
 * One person sees several lists and clicks by habit, so lists are no independent draws. The variance of the ratio is that
 * of a cluster sample (linearised: Cochran, Sampling Techniques, 1977, eq. 6.13); the number of lists is taken down by its
 * design effect, and Wilson's interval is made of that (Kish's effective sample size, as Dean and Pagano 2015 do).
 *
 * @example
 * clickThrough({ viewers: 2, shown: 4, clicked: 1, shown_squared: 8, clicked_squared: 1, shown_clicked: 2 }).value // 0.25
 */
export function clickThrough(sums: ListSums): Estimate {
  const { shown, clicked } = sums;
  if (shown === 0) return { value: null, low: null, high: null, n: 0 };
  const value = clicked / shown;
  const n = effective(sums);
  return { value, ...wilson(value * n, n), n: shown };
}

/** Independent lists that would say as much. */
function effective(sums: ListSums): number {
  const { viewers, shown, clicked, shown_squared, clicked_squared, shown_clicked } = sums;
  const ratio = clicked / shown;
  const squares = clicked_squared - 2 * ratio * shown_clicked + ratio ** 2 * shown_squared;
  const variance = (squares / shown ** 2) * (viewers / (viewers - 1));
  // nobody or everybody clicked, or one person only was there: no more is known than people tell
  if (!(variance > 0) || !Number.isFinite(variance)) return viewers;
  return Math.min(shown, (ratio * (1 - ratio)) / variance);
}

/**
 * The difference of two independent shares of which only intervals are known: the distances to the limits are added as
 * squares (MOVER, Zou and Donner 2008; of Wilson's intervals it is Newcombe's method 10).
 */
export function difference(one: Estimate, two: Estimate): Estimate {
  const n = one.n + two.n;
  if (!isKnown(one) || !isKnown(two)) return { value: null, low: null, high: null, n };
  const value = one.value - two.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, two.high - two.value),
    high: value + Math.hypot(one.high - one.value, two.value - two.low),
    n,
  };
}

type Known = Estimate & { value: number; low: number; high: number };
const isKnown = (estimate: Estimate): estimate is Known =>
  estimate.value !== null && estimate.low !== null && estimate.high !== null;

/** Normal quantiles of a two-sided test at 5 % that finds four in five. */
const SUM_OF_QUANTILES = 1.959963984540054 + 0.8416212335729143;

/**
 * People needed in both arms together to see a change of a tenth in a rate four times out of five, at 5 %.
 *
 * @param rate what the hold-out does
 * @param share of people in the hold-out
 * @returns nothing where nobody did it yet, or no one is held out
 * @example
 * peopleNeeded(0.05, 0.1) // 165699
 */
export function peopleNeeded(rate: number, share: number): number | null {
  if (!(rate > 0) || rate >= 1 || !(share > 0) || share >= 1) return null;
  const effect = 0.1 * rate;
  return Math.ceil((SUM_OF_QUANTILES / effect) ** 2 * rate * (1 - rate) * (1 / share + 1 / (1 - share)));
}

/** A sum over n people of what they spent, of its square and of its cube. */
export interface SpentSums {
  n: number;
  sum: number;
  squares: number;
  cubes: number;
}

/**
 * The difference of two means of a quantity that most have none of and a few have much of, with its 95 % interval.
 *
 * Welch's interval misses the truth too often there, to one side above all; the statistic is transformed by its skewness
 * first (Hall 1992; for two samples Zhou and Dinh, "Nonparametric confidence intervals for the one- and two-sample
 * problems", Biostatistics 2005, T1).
 */
export function differenceOfSpending(one: SpentSums, two: SpentSums): Estimate {
  const n = one.n + two.n;
  if (one.n === 0 || two.n === 0) return { value: null, low: null, high: null, n };
  const value = one.sum / one.n - two.sum / two.n;
  const [a, b] = [momentsOf(one), momentsOf(two)];
  const variance = a.variance + b.variance;
  if (one.n < 2 || two.n < 2 || !(variance > 0)) return { value, low: null, high: null, n };
  const degrees = variance ** 2 / (a.variance ** 2 / (one.n - 1) + b.variance ** 2 / (two.n - 1));
  const skewness = (a.third - b.third) / variance ** 1.5;
  const [quantile, error] = [tQuantile(0.975, degrees), Math.sqrt(variance)];
  return {
    value,
    low: value - error * untwisted(quantile, skewness),
    high: value - error * untwisted(-quantile, skewness),
    n,
  };
}

/** Second and third central moments of the mean. */
function momentsOf({ n, sum, squares, cubes }: SpentSums): { variance: number; third: number } {
  const mean = sum / n;
  const second = Math.max(0, squares / n - mean ** 2);
  const third = cubes / n - (3 * mean * squares) / n + 2 * mean ** 3;
  return { variance: second / Math.max(1, n - 1), third: third / n ** 2 };
}

/** The inverse of Hall's cubic transformation. */
function untwisted(quantile: number, skewness: number): number {
  if (Math.abs(skewness) < 1e-9) return quantile;
  return (3 / skewness) * (Math.cbrt(1 + skewness * (quantile - skewness / 6)) - 1);
}
