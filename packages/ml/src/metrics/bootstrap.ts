import { breath, throwIfStopped } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import type { Rng } from '../random/rng.ts';
import { ascendingRanks } from './order.ts';

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
  /** The group of each row: whole groups are drawn, because rows of one customer are alike. */
  groups?: ArrayLike<number> | undefined;
  signal?: AbortSignal | undefined;
}

/** Of weights by row; without them, of the rows as they are. Every metric of this library takes such weights. */
export type Statistic = (weights?: Float64Array) => number;

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
  statistic: Statistic,
  options: BootstrapOptions,
): Promise<Interval> {
  return (await bootstrapAll(n, { statistic }, options)).statistic;
}

/**
 * The intervals of several statistics over the same draws.
 *
 * @example
 * await bootstrapAll(n, { auc: ranked(p, y), mae: weights => mae(p, y, weights) }, { rng, groups: customers });
 */
export async function bootstrapAll<Name extends string>(
  n: number,
  statistics: Readonly<Record<Name, Statistic>>,
  { rng, rounds = 500, level = 0.95, groups, signal }: BootstrapOptions,
): Promise<Record<Name, Interval>> {
  required(Number.isInteger(rounds) && rounds >= 10, 'rounds', 'a whole number from 10 up', rounds);
  required(level > 0 && level < 1, 'level', 'between 0 and 1', level);
  const names = Object.keys(statistics) as Name[]; // exactly its keys
  const all = names.map(name => statistics[name]);
  const draws = all.map(() => new Float64Array(rounds));
  const draw = groups ? drawsOfGroups(n, groups, rng) : drawsOfRows(n, rng);
  for (let round = 0; round < rounds; round++) {
    await breath();
    throwIfStopped(signal);
    drawn(all, draw).forEach((value, i) => (draws[i][round] = value));
  }
  const intervals = all.map((statistic, i) => ({ value: statistic(), ...percentiles(draws[i], level), n }));
  return Object.fromEntries(names.map((name, i) => [name, intervals[i]])) as Record<Name, Interval>;
}

function percentiles(draws: Float64Array, level: number): { low: number; high: number } {
  draws.sort();
  const at = (share: number): number => draws[Math.min(draws.length - 1, Math.floor(share * draws.length))];
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

const MAX_REDRAWS = 100;

function drawn(statistics: readonly Statistic[], draw: () => Float64Array): number[] {
  let values = statistics.map(() => NaN);
  for (let attempt = 0; attempt < MAX_REDRAWS && values.some(Number.isNaN); attempt++) {
    const weights = draw();
    values = statistics.map(statistic => statistic(weights));
  }
  return values;
}

function drawsOfRows(n: number, rng: Rng): () => Float64Array {
  const weights = new Float64Array(n);
  return () => {
    weights.fill(0);
    for (let i = 0; i < n; i++) {
      const row = rng.integer(n);
      weights[row] = weights[row] + 1;
    }
    return weights;
  };
}

function drawsOfGroups(n: number, groups: ArrayLike<number>, rng: Rng): () => Float64Array {
  if (groups.length !== n) throw new MlError('ml.bad_table', `${groups.length} groups for ${n} rows`);
  const { ranks, distinct } = ascendingRanks(groups);
  const drawGroups = drawsOfRows(distinct, rng);
  const weights = new Float64Array(n);
  return () => {
    const times = drawGroups();
    for (let row = 0; row < n; row++) weights[row] = times[ranks[row]];
    return weights;
  };
}
