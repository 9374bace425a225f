import type { Estimate } from '@bellwether/contracts';
import { wilson } from '@bellwether/ml';

/** A sum over n people of a quantity, and of its square. */
export interface Sums {
  n: number;
  sum: number;
  squares: number;
}

export const UNKNOWN: Estimate = { value: null, low: null, high: null, n: 0 };

/**
 * The difference of two shares, p1 - p2, with its 95 % interval.
 *
 * Newcombe, "Interval estimation for the difference between independent proportions" (1998), method 10: Wilson's score
 * intervals of both, combined. It keeps its coverage with few successes, with none, and with very unequal groups.
 *
 * @example
 * differenceOfShares({ successes: 56, n: 70 }, { successes: 48, n: 80 }) // { value: 0.2, low: 0.0524, high: 0.3339, n: 150 }
 */
export function differenceOfShares(
  one: { successes: number; n: number },
  two: { successes: number; n: number },
): Estimate {
  const n = one.n + two.n;
  if (one.n === 0 || two.n === 0) return { ...UNKNOWN, n };
  const [p1, p2] = [one.successes / one.n, two.successes / two.n];
  const [first, second] = [wilson(one.successes, one.n), wilson(two.successes, two.n)];
  return {
    value: p1 - p2,
    low: p1 - p2 - Math.hypot(p1 - first.low, second.high - p2),
    high: p1 - p2 + Math.hypot(first.high - p1, p2 - second.low),
    n,
  };
}

/**
 * The difference of two means with Welch's 95 % interval (unequal variances, Satterthwaite's degrees of freedom). The
 * values are taken as they are, not winsorised: the difference then adds up to the money in the till, at the price of a
 * wider interval where a few people spend very much.
 */
export function differenceOfMeans(one: Sums, two: Sums): Estimate {
  const n = one.n + two.n;
  if (one.n === 0 || two.n === 0) return { ...UNKNOWN, n };
  const value = one.sum / one.n - two.sum / two.n;
  const [a, b] = [variance(one) / one.n, variance(two) / two.n];
  // one person has no variance, and two groups without any say nothing of the next person
  if (one.n < 2 || two.n < 2 || !(a + b > 0)) return { value, low: null, high: null, n };
  const degrees = (a + b) ** 2 / (a ** 2 / (one.n - 1) + b ** 2 / (two.n - 1));
  const half = tQuantile(0.975, degrees) * Math.sqrt(a + b);
  return { value, low: value - half, high: value + half, n };
}

function variance({ n, sum, squares }: Sums): number {
  return n < 2 ? 0 : Math.max(0, squares - sum ** 2 / n) / (n - 1);
}

/** An estimate for one, times so many. */
export function scaled({ value, low, high, n }: Estimate, by: number): Estimate {
  const times = (figure: number | null): number | null => (figure === null ? null : figure * by);
  return { value: times(value), low: times(low), high: times(high), n };
}

/**
 * The probability of a split at least as uneven as this one, if the arms were drawn as they should have been: the
 * chi-squared test with one degree of freedom.
 */
export function sampleRatioP(
  observed: readonly [number, number],
  expected: readonly [number, number],
): number {
  const chi = observed.reduce((sum, count, arm) => sum + (count - expected[arm]) ** 2 / expected[arm], 0);
  return chiSquaredTail(chi);
}

/** P(chi-squared with one degree of freedom > x), as the limit of a two-sided normal tail. */
function chiSquaredTail(x: number): number {
  return x === 0 ? 1 : erfc(Math.sqrt(x / 2));
}

/** The complementary error function: its series near zero, its continued fraction (Lentz) in the tail. */
function erfc(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= -(x ** 2) / k;
      sum += term / (2 * k + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-(x ** 2)) / Math.sqrt(Math.PI) / (x + fraction);
}

/** The quantile of Student's t, by bisection of its distribution. */
export function tQuantile(probability: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (tCdf(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (tCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T <= t) for t >= 0. */
function tCdf(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t ** 2), degrees / 2, 0.5) / 2;
}

/** The regularised incomplete beta function by its continued fraction (Lentz's method; Abramowitz & Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let [fraction, c, d] = [1, 1, 0];
  for (let i = 0, change = 0; i < 1_000 && Math.abs(change - 1) > 1e-15; i++) {
    const term = i === 0 ? 1 : betaTerm(i, x, a, b);
    d = 1 / (1 + term * d);
    c = 1 + term / c;
    change = c * d;
    fraction *= change;
  }
  return front * (fraction - 1);
}

/** The i-th numerator of the fraction. */
function betaTerm(i: number, x: number, a: number, b: number): number {
  const m = Math.floor(i / 2);
  return i % 2 === 0
    ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log of the gamma function for x >= 0.5 (Lanczos, g = 7). */
function logGamma(x: number): number {
  const at = x - 1;
  const series = LANCZOS.reduce((sum, factor, k) => sum + factor / (at + k + 1), 0.99999999999980993);
  const t = at + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(t) - t + Math.log(series);
}
