/** ln sqrt(2 pi). */
const HALF_LOG_TWO_PI = 0.9189385332046727;
/** From here up the asymptotic series below are exact to the last bits. */
const ASYMPTOTIC = 10;
const SMALLEST = 1e-300;
const EPSILON = 1e-16;
const MOST_TERMS = 1_000_000;

/**
 * ln of the gamma function, x > 0: Stirling's series from 10 up, the recurrence below. Absolute error 1e-15, or relative
 * where the value is large.
 */
export function logGamma(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < ASYMPTOTIC) product *= shifted++;
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingRest(shifted);
  return product === 1 ? stirling : stirling - Math.log(product);
}

/** What Stirling's formula leaves of ln gamma, x >= 10 (Abramowitz and Stegun 6.1.41). */
function stirlingRest(x: number): number {
  const y = 1 / (x * x);
  const far = 1 / 1188 + y * (-691 / 360360 + y / 156);
  return (1 / 12 + y * (-1 / 360 + y * (1 / 1260 + y * (-1 / 1680 + y * far)))) / x;
}

/** Derivative of `logGamma`, x > 0 (Abramowitz and Stegun 6.3.18). */
export function digamma(x: number): number {
  let [shifted, sum] = [x, 0];
  while (shifted < ASYMPTOTIC) sum -= 1 / shifted++;
  const y = 1 / (shifted * shifted);
  const far = -1 / 132 + y * (691 / 32760 - y / 12);
  const series = y * (1 / 12 + y * (-1 / 120 + y * (1 / 252 + y * (-1 / 240 - y * far))));
  return sum + Math.log(shifted) - 0.5 / shifted - series;
}

/**
 * ln of the beta function, a, b > 0. Where one of them is large, the large parts of the three gamma functions cancel on
 * paper, not in floating point.
 */
export function logBeta(a: number, b: number): number {
  const [p, q] = a < b ? [a, b] : [b, a];
  if (q < ASYMPTOTIC) return logGamma(p) + logGamma(q) - logGamma(p + q);
  const rest = stirlingRest(q) - stirlingRest(p + q);
  const share = Math.log1p(-p / (p + q));
  if (p < ASYMPTOTIC) return logGamma(p) + rest + p - p * Math.log(p + q) + (q - 0.5) * share;
  const both = rest + stirlingRest(p) + HALF_LOG_TWO_PI - 0.5 * Math.log(q);
  return both + (p - 0.5) * Math.log(p / (p + q)) + q * share;
}

/** ln gamma(x + n) - ln gamma(x), without the cancellation of the two. */
export function logRising(x: number, n: number): number {
  return n === 0 ? 0 : logGamma(n) - logBeta(x, n);
}

/** A continued fraction 1 / (1 + t(1) / (1 + t(2) / (1 + ...))), by the modified method of Lentz. */
function continuedFraction(term: (n: number) => number): number {
  let [value, c, d] = [1, 1, 0];
  for (let n = 1; n < MOST_TERMS; n++) {
    const t = term(n);
    d = 1 / nonZero(1 + t * d);
    c = nonZero(1 + t / c);
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < EPSILON) break;
  }
  return 1 / value;
}

function nonZero(x: number): number {
  return Math.abs(x) < SMALLEST ? SMALLEST : x;
}

/**
 * Gauss's 2F1(1, b; c; z) for c > b > 0 and 0 <= z < 1: what the hypergeometric functions of the Pareto/NBD become once
 * Euler's transformation has taken the large powers out. Every term of its series is positive; near z = 1, where the
 * series crawls, Gauss's continued fraction.
 */
export function hypergeometric1(b: number, c: number, z: number): number {
  if (z * (b / c) > 0.5) return continuedFraction(n => gaussTerm(b, c, z, n));
  let [sum, term] = [1, 1];
  for (let k = 0; k < MOST_TERMS && term > EPSILON * sum; k++) {
    term *= (z * (b + k)) / (c + k);
    sum += term;
  }
  return sum;
}

/** Abramowitz and Stegun 26.5.8 in the letters of 2F1(1, b; c; z). */
function gaussTerm(b: number, c: number, z: number, n: number): number {
  const m = n >> 1;
  const even = n % 2 === 0;
  if (even) return -(z * m * (c - b + m - 1)) / ((c + 2 * m - 2) * (c + 2 * m - 1));
  if (n === 1) return -(z * b) / c;
  return -(z * (b + m) * (c + m - 1)) / ((c + 2 * m - 1) * (c + 2 * m));
}

/** P(a, x), the regularised lower incomplete gamma function: the share of a gamma distribution of shape a below x. */
export function gammaBelow(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaAbove(a, x);
}

/** Q(a, x) = 1 - P(a, x), exact in its own tail. */
export function gammaAbove(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  if (x < a + 1) return 1 - gammaSeries(a, x);
  // Abramowitz and Stegun 6.5.31, contracted; its partial denominators x + 2n + 1 - a are brought to one
  const denominator = (n: number): number => x + 2 * n + 1 - a;
  const fraction = continuedFraction(n => (-n * (n - a)) / (denominator(n - 1) * denominator(n)));
  return (Math.exp(logDensity(a, x)) * x * fraction) / denominator(0);
}

/** ln of the density of a gamma distribution of shape a at x. */
function logDensity(a: number, x: number): number {
  return (a - 1) * Math.log(x) - x - logGamma(a);
}

function gammaSeries(a: number, x: number): number {
  let [sum, term] = [1 / a, 1 / a];
  for (let n = 1; n < MOST_TERMS && term > EPSILON * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * x * Math.exp(logDensity(a, x));
}

/** I_x(a, b), the regularised incomplete beta function: the share of a beta distribution below x. */
export function betaBelow(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // the fraction converges fast below the mean; above it, the other side's does
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(b, a, 1 - x);
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  return (Math.exp(front) * continuedFraction(n => betaTerm(a, b, x, n))) / a;
}

/** Abramowitz and Stegun 26.5.8. */
function betaTerm(a: number, b: number, x: number, n: number): number {
  const m = n >> 1;
  if (n % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}
