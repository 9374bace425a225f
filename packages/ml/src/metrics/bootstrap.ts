import { breath, throwIfStopped } from '../estimator.ts';
import { required } from '../errors.ts';
import type { Rng } from '../random/rng.ts';

export interface Interval {
  value: number;
  low: number;
  high: number;
  n: number;
}

export interface BootstrapOptions {
  rng: Rng;
  rounds?: number;
  /** Share of the rounds that the interval holds. */
  level?: number;
  signal?: AbortSignal | undefined;
}

/**
 * The percentile interval of a statistic of `n` rows (Efron 1979). The statistic takes how often each row was drawn, so
 * a difference of two models over the same draws is a paired interval. Yields to the event loop between rounds.
 *
 * @param statistic of weights by row; without them, of the rows as they are. A round where it is NaN is drawn again.
 * @example
 * const [a, b] = [ranked(model, target), ranked(baseline, target)];
 * await bootstrap(target.length, weights => a(weights) - b(weights), { rng });
 */
export async function bootstrap(
  n: number,
  statistic: (weights?: Float64Array) => number,
  { rng, rounds = 500, level = 0.95, signal }: BootstrapOptions,
): Promise<Interval> {
  required(Number.isInteger(rounds) && rounds >= 10, 'rounds', 'a whole number from 10 up', rounds);
  required(level > 0 && level < 1, 'level', 'between 0 and 1', level);
  const draws = new Float64Array(rounds);
  const weights = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    await breath();
    throwIfStopped(signal);
    draws[round] = drawn(statistic, weights, rng);
  }
  draws.sort();
  const at = (share: number): number => draws[Math.min(rounds - 1, Math.floor(share * rounds))];
  return { value: statistic(), low: at((1 - level) / 2), high: at((1 + level) / 2), n };
}

const MAX_REDRAWS = 100;

function drawn(statistic: (weights: Float64Array) => number, weights: Float64Array, rng: Rng): number {
  for (let attempt = 0; attempt < MAX_REDRAWS; attempt++) {
    weights.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const row = rng.integer(weights.length);
      weights[row] = weights[row] + 1;
    }
    const value = statistic(weights);
    if (!Number.isNaN(value)) return value;
  }
  return NaN;
}
