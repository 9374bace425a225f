import { hypergeometric1, logRising } from '../numeric/special.ts';
import { integral } from '../numeric/special-integral.ts';
import { countsOf, type Customers } from './customers.ts';
import { logCountProbability } from './negative-binomial.ts';
import { startingRates, type LogLikelihood, type PurchaseProcess } from './process.ts';

/**
 * Customers buy at a rate of their own (gamma: shape r, rate alpha) and are lost at a rate of their own (gamma: shape s,
 * rate beta), at any moment (Schmittlein, Morrison and Colombo 1987).
 */
export const paretoProcess: PurchaseProcess = {
  kind: 'paretoNbd',
  names: ['r', 'alpha', 's', 'beta'],
  start: customers => {
    const [r, alpha] = startingRates(customers);
    return Float64Array.of(r, alpha, 0.5, alpha);
  },
  logLikelihood,
  alive: (theta, x, recency, age) => Math.exp(-logSilence(theta, x, recency, age)),
  expectedAlive: ([r, alpha, s, beta], x, age, t) => expectedCount(r + x, alpha + age, s, beta + age, t),
  eachCountAlive: ([r, alpha, s, beta], x, age, t, visit) => {
    // not lost yet, a customer is as a new one whose rates are known better
    const posterior = Float64Array.of(r + x, alpha + age, s, beta + age);
    const mean = (posterior[0] * t) / posterior[1];
    let [above, chance] = [1, 1];
    // integrals are good to some digits only: past the mean, chances that vanish end it as well
    for (let n = 0; above > NEGLIGIBLE && (n <= mean || chance > NEGLIGIBLE); n++) {
      chance = probability(posterior, n, t);
      above = Math.max(0, above - chance);
      visit(n, above);
    }
  },
  expectedNew: ([r, alpha, s, beta], t) => expectedCount(r, alpha, s, beta, t),
  probability,
};

/** What is left of a distribution when its integrals tell no more. */
const NEGLIGIBLE = 1e-9;

/** r/alpha times the expected time alive within t; (1 - e^-y)/y is 1 where s is 1. */
function expectedCount(r: number, alpha: number, s: number, beta: number, t: number): number {
  const stretch = Math.log1p(t / beta);
  const y = (s - 1) * stretch;
  return ((r * beta) / alpha) * stretch * (y === 0 ? 1 : -Math.expm1(-y) / y);
}

/**
 * ln of 1 / P(alive): 1 + the odds of having been lost between the last purchase and now. From Fader and Hardie's form
 * (2005) with the powers divided out, so that nothing over- or underflows:
 * s (alpha + T)^(r+x) (beta + T)^s x integral from t_x to T of (alpha + u)^-(r+x) (beta + u)^-(s+1) du.
 */
function logSilence([r, alpha, s, beta]: Float64Array, x: number, recency: number, age: number): number {
  const rx = r + x;
  const growth =
    rx * Math.log((alpha + age) / (alpha + recency)) + s * Math.log((beta + age) / (beta + recency));
  const lossAfterNow = lossAfter(rx, alpha, s, beta, age);
  const logLossAfterLast = growth + Math.log(lossAfter(rx, alpha, s, beta, recency));
  return logSum(Math.log1p(-lossAfterNow), logLossAfterLast);
}

/** s (alpha + u)^(r+x) (beta + u)^s x the integral from u on: below 1, by Euler's transformation of 2F1. */
function lossAfter(rx: number, alpha: number, s: number, beta: number, u: number): number {
  const share = s / (rx + s);
  if (alpha >= beta) return share * hypergeometric1(rx, rx + s + 1, (alpha - beta) / (alpha + u));
  const z = (beta - alpha) / (beta + u);
  return share * (1 - z) * hypergeometric1(s + 1, rx + s + 1, z);
}

function logSum(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** Relative step of the central differences: the errors of rounding and of the step are then alike, about 1e-10. */
const STEP = 1e-5;

/** The gradient is taken by differences: that of 2F1 in its parameters has no form that is cheaper. */
function logLikelihood(customers: Customers): LogLikelihood {
  const counts = countsOf(customers);
  const value = (theta: Float64Array): number => summed(customers, counts, theta);
  return (theta, gradient) => {
    theta.forEach((own, j) => {
      const [after, before] = [own * (1 + STEP), own * (1 - STEP)];
      gradient[j] = (value(theta.with(j, after)) - value(theta.with(j, before))) / (after - before);
    });
    return value(theta);
  };
}

function summed(
  { rows, frequency, recency, age, weights }: Customers,
  counts: readonly [count: number, weight: number][],
  theta: Float64Array,
): number {
  const [r, alpha, s, beta] = theta;
  let sum = 0;
  for (const [x, weight] of counts) sum += weight * logRising(r, x);
  for (let row = 0; row < rows; row++) {
    const [x, until] = [frequency[row], age[row]];
    const powers =
      -r * Math.log1p(until / alpha) - x * Math.log(alpha + until) - s * Math.log1p(until / beta);
    sum += (weights?.[row] ?? 1) * (powers + logSilence(theta, x, recency[row], until));
  }
  return sum;
}

/** Alive at t with n purchases, or lost at some moment u before it with n until then. */
function probability([r, alpha, s, beta]: Float64Array, n: number, t: number): number {
  const stretch = Math.log1p(t / beta);
  const until = (v: number): number =>
    Math.exp(logCountProbability(r, alpha, n, beta * Math.expm1(v)) - s * v);
  // in v = ln(1 + u / beta), the moments of loss are exponential
  return until(stretch) + s * integral(until, 0, stretch);
}
