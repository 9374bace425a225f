import { digamma, logBeta, logGamma } from '../numeric/special.ts';
import { sigmoid } from '../numeric/logistic.ts';
import { countsOf, type Customers } from './customers.ts';
import { eachTail, logCountProbability } from './negative-binomial.ts';
import { startingRates, type LogLikelihood, type PurchaseProcess } from './process.ts';

/**
 * Customers buy at a rate of their own (gamma: shape r, rate alpha) and are lost after a purchase with a probability of
 * their own (beta: a, b). In the BG/NBD (Fader, Hardie and Lee 2005) the first purchase never loses them, so whoever
 * has not come back counts as alive; in the MBG/NBD (Batislam, Denizel and Filiztekin 2007) it may.
 *
 * @param chances how often a customer may be lost at the first purchase: 0 or 1. After x repeat purchases somebody has
 * survived x + `chances` of them: the two models differ in nothing else.
 */
export function betaGeometric(kind: string, chances: 0 | 1): PurchaseProcess {
  return {
    kind,
    names: ['r', 'alpha', 'a', 'b'],
    start: customers => Float64Array.of(...startingRates(customers), 1, 2),
    logLikelihood: customers => logLikelihood(customers, chances),
    alive: ([r, alpha, a, b], x, recency, age) => {
      const survived = x + chances;
      return survived === 0 ? 1 : sigmoid(-oddsOfLoss(r + x, alpha, a, b + survived, recency, age));
    },
    expectedAlive: ([r, alpha, a, b], x, age, t) => expectedCount(r + x, alpha + age, a, b + x + chances, t),
    eachCountAlive: ([r, alpha, a, b], x, age, t, visit) =>
      eachCount(r + x, alpha + age, a, b + x + chances, t, visit),
    expectedNew: ([r, alpha, a, b], t) =>
      chances === 0 ? expectedCount(r, alpha, a, b, t) : (b / (a + b)) * expectedCount(r, alpha, a, b + 1, t),
    probability: (theta, n, t) => probability(theta, n, t, chances),
  };
}

/** Log-odds of having been lost at the last purchase against having been silent since. `b` counts what was survived. */
function oddsOfLoss(rx: number, alpha: number, a: number, b: number, recency: number, age: number): number {
  return Math.log(a / (b - 1)) + rx * Math.log((alpha + age) / (alpha + recency));
}

/**
 * Purchases within t of a customer who is not lost: sum over n of P(N > n) times the chance of surviving n purchases,
 * (b)_n / (a + b)_n, where N counts those of a customer who never is lost. The closed form with 2F1 (equation 9 of the
 * paper) is the same number, but 0/0 at a = 1 and a difference of near-equals for short times; here all terms are positive.
 */
export function expectedCount(r: number, alpha: number, a: number, b: number, t: number): number {
  let sum = 0;
  eachCount(r, alpha, a, b, t, (_, above) => (sum += above));
  return sum;
}

/** P(N > n): more than n purchases would have been made, and the first n of them were survived. */
function eachCount(
  r: number,
  alpha: number,
  a: number,
  b: number,
  t: number,
  visit: (n: number, above: number) => void,
): void {
  let surviving = 1;
  eachTail(r, alpha, t, (n, above) => {
    visit(n, above * surviving);
    surviving *= (b + n) / (a + b + n);
  });
}

/** Equation 8 of Fader, Hardie and Lee, and its like with a chance to be lost at once. */
function probability([r, alpha, a, b]: Float64Array, n: number, t: number, chances: 0 | 1): number {
  const survived = n + chances;
  const none = logBeta(a, b);
  const alive = Math.exp(logCountProbability(r, alpha, n, t) + logBeta(a, b + survived) - none);
  if (survived === 0) return alive;
  let above = n === 0 ? 1 : 0;
  // lost at the n-th purchase, whatever would have come after it
  if (n > 0) eachTail(r, alpha, t, (count, tail) => (above = count === n - 1 ? tail : above));
  return alive + above * Math.exp(logBeta(a + 1, b + survived - 1) - none);
}

/** Equation 6: terms of the counts alone are summed once for each count that occurs, the rest customer by customer. */
function logLikelihood(customers: Customers, chances: 0 | 1): LogLikelihood {
  const counts = countsOf(customers);
  return (theta, gradient) => {
    gradient.fill(0);
    const byCount = counts.reduce(
      (sum, [x, weight]) => sum + weight * ofCount(theta, x, chances, weight, gradient),
      0,
    );
    return byCount + ofTimes(customers, theta, chances, gradient);
  };
}

/** ln [gamma(r + x) / gamma(r)] + r ln alpha + ln [B(a, b + survived) / B(a, b)]. */
function ofCount(
  [r, alpha, a, b]: Float64Array,
  x: number,
  chances: number,
  weight: number,
  gradient: Float64Array,
): number {
  const survived = x + chances;
  const whole = digamma(a + b) - digamma(a + b + survived);
  gradient[0] = gradient[0] + weight * (digamma(r + x) - digamma(r) + Math.log(alpha));
  gradient[1] = gradient[1] + (weight * r) / alpha;
  gradient[2] = gradient[2] + weight * whole;
  gradient[3] = gradient[3] + weight * (whole + digamma(b + survived) - digamma(b));
  return logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + logBeta(a, b + survived) - logBeta(a, b);
}

/** -(r + x) ln(alpha + age) + ln(1 + odds of loss), summed. */
function ofTimes(
  { rows, frequency, recency, age, weights }: Customers,
  [r, alpha, a, b]: Float64Array,
  chances: number,
  gradient: Float64Array,
): number {
  let [sum, dr, dalpha, da, db] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const [x, weight, until] = [frequency[row], weights === undefined ? 1 : weights[row], alpha + age[row]];
    const [rx, survived, logUntil] = [r + x, b + x + chances - 1, Math.log(until)];
    let value = -rx * logUntil;
    let [byR, byAlpha] = [-logUntil, -rx / until];
    if (x + chances > 0) {
      const last = alpha + recency[row];
      const silence = logUntil - Math.log(last);
      const odds = Math.log(a / survived) + rx * silence;
      const e = Math.exp(-Math.abs(odds));
      value += Math.max(odds, 0) + Math.log1p(e);
      const lost = (odds >= 0 ? 1 : e) / (1 + e);
      byR += lost * silence;
      byAlpha += lost * rx * (1 / until - 1 / last);
      da += (weight * lost) / a;
      db -= (weight * lost) / survived;
    }
    sum += weight * value;
    dr += weight * byR;
    dalpha += weight * byAlpha;
  }
  [dr, dalpha, da, db].forEach((part, j) => (gradient[j] = gradient[j] + part));
  return sum;
}
