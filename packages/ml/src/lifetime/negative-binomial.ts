import { logRising } from '../numeric/special.ts';

/**
 * Purchases within t at a rate that is gamma distributed (shape r, rate alpha): negative binomial.
 * ln P(N = n).
 */
export function logCountProbability(r: number, alpha: number, n: number, t: number): number {
  const none = -r * Math.log1p(t / alpha);
  if (n === 0) return none;
  return logRising(r, n) - logRising(1, n) + none + n * (Math.log(t) - Math.log(alpha + t));
}

/** Where the smallest numbers are scaled up, so that a chance of e^-5000 can be counted up from. */
const SCALE = 500;
const NEGLIGIBLE = 1e-16;

/**
 * Calls back with n and P(N > n) for n = 0, 1, 2 … until what is left is negligible: about 37 (1 + t / alpha) calls.
 * From P(N = 0) up by the ratio of neighbours, so that no logarithm is needed on the way.
 */
export function eachTail(
  r: number,
  alpha: number,
  t: number,
  visit: (n: number, above: number) => void,
): void {
  const z = t / (alpha + t);
  const none = -r * Math.log1p(t / alpha);
  let scales = Math.floor(-none / SCALE);
  let probability = Math.exp(none + scales * SCALE);
  let above = scales > 0 ? 1 : -Math.expm1(none);
  const mean = (r * t) / alpha;
  // past the mean, what is left is at most about probability / (1 - z)
  for (let n = 0; n <= mean || probability > NEGLIGIBLE * (1 - z); n++) {
    visit(n, above);
    probability *= (z * (r + n)) / (n + 1);
    if (scales > 0 && probability > 1) {
      probability *= Math.exp(-SCALE);
      scales--;
    }
    if (scales === 0) above = Math.max(0, above - probability);
  }
}
