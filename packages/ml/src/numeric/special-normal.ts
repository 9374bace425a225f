import { gammaAbove } from './special.ts';

/** Share of the standard normal distribution below x, exact in both tails. */
export function normalBelow(x: number): number {
  const tail = gammaAbove(0.5, (x * x) / 2) / 2;
  return x < 0 ? tail : 1 - tail;
}

/**
 * The point that this share of the standard normal distribution lies below: a first guess good to 5e-4 (Abramowitz and
 * Stegun 26.2.23), then Halley's steps.
 *
 * @param share between 0 and 1; at the ends, an infinity
 * @example
 * normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (!(share > 0)) return share === 0 ? -Infinity : NaN;
  const t = Math.sqrt(-2 * Math.log(share));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (normalBelow(x) - share) / density;
    x -= newton / (1 + (newton * x) / 2);
  }
  return x;
}

/** Share of a chi-square distribution with so many degrees of freedom above x: the p-value of a test. */
export function chiSquareAbove(x: number, degrees: number): number {
  return gammaAbove(degrees / 2, x / 2);
}
