import { throwIfStopped, type Estimator, type FitProgress } from '../estimator.ts';
import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { scored } from './cross-validate.ts';
import type { Data, Split } from './data.ts';
import { openPool, type FitPool } from './pool.ts';
import { goodness, type Score } from './score.ts';
import { drawn, gridOf, type Point, type Space } from './space.ts';
import { proposed, type Tried } from './tpe.ts';

export interface SearchOptions {
  score: Score;
  /** `grid` tries every combination of choices; `random` and `tpe` (Bayesian) try `trials` points. */
  method?: 'grid' | 'random' | 'tpe';
  trials?: number;
  seed?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** One point of the space and what it was worth. */
export interface Trial {
  point: Point;
  /** The score of each split that it was tried on; fewer than all where it was given up. */
  scores: number[];
  mean: number;
  /** Given up before the last split: after as many splits, more than half of the trials before it were better. */
  stopped: boolean;
}

export interface Search {
  best: Trial;
  /** In the order in which they were tried. */
  trials: Trial[];
  estimator: Estimator;
}

/** Trials that are chosen together, knowing the same: a fixed number, so that threads do not change what is tried. */
const ROUND = 4;
/** Trials to compare with before any is given up. */
const FEWEST_TO_COMPARE = 5;

/**
 * The point of a space whose estimator is best over the splits. A trial that does worse than the median of those
 * before it, after as many splits, is given up (Golovin and others 2017). The result does not depend on the number of
 * threads. What it is worth must be measured on rows that took no part in the search.
 *
 * @example
 * const found = await search(
 *   ({ l2 }) => logistic({ l2: Number(l2) }),
 *   { l2: logUniform(0.01, 100) },
 *   { table, target },
 *   stratifiedFold(target, 5, new Rng(1)),
 *   { score: logLossScore, method: 'tpe', trials: 30 },
 * );
 * const model = await found.estimator.fit(table, target);
 */
export async function search(
  make: (point: Point) => Estimator,
  space: Space,
  data: Data,
  splits: readonly Split[],
  options: SearchOptions,
): Promise<Search> {
  const { method = 'tpe', trials: wanted = 30, seed = 0, threads, signal, onProgress } = options;
  required(Number.isInteger(wanted) && wanted > 0, 'trials', 'a whole number from 1 up', wanted);
  required(splits.length > 0, 'splits', 'one split or more', 'none');
  throwIfStopped(signal);
  const grid = method === 'grid' ? gridOf(space) : undefined;
  const total = grid?.length ?? wanted;
  const rng = new Rng(seed);
  const first = make(grid?.[0] ?? drawn(space, new Rng(seed)));
  const pool = openPool(data, [first], { threads, fits: total * splits.length, signal });
  const trials: Trial[] = [];
  try {
    while (trials.length < total) {
      const points = nextPoints(Math.min(ROUND, total - trials.length), trials, grid, () =>
        method === 'random' ? drawn(space, rng) : proposed(space, triedOf(trials, options.score), rng),
      );
      const round = points.map(point => ({ point, estimator: make(point) }));
      trials.push(...(await race(round, trials, { pool, data, splits, score: options.score, seed })));
      throwIfStopped(signal);
      onProgress?.({ done: trials.length, total, unit: 'trials' });
    }
  } finally {
    await pool.close();
  }
  const best = bestOf(trials, options.score);
  return { best, trials, estimator: make(best.point) };
}

function nextPoints(
  count: number,
  trials: readonly Trial[],
  grid: Point[] | undefined,
  draw: () => Point,
): Point[] {
  return grid ? grid.slice(trials.length, trials.length + count) : Array.from({ length: count }, draw);
}

function triedOf(trials: readonly Trial[], score: Score): Tried[] {
  return trials.map(({ point, mean }) => ({ point, goodness: goodness(score, mean) }));
}

interface Track {
  pool: FitPool;
  data: Data;
  splits: readonly Split[];
  score: Score;
  seed: number;
}

/** Runs some trials split by split, giving up after each those that fall behind. */
async function race(
  round: readonly { point: Point; estimator: Estimator }[],
  before: readonly Trial[],
  { pool, data, splits, score, seed }: Track,
): Promise<Trial[]> {
  const trials = round.map(({ point }): Trial => ({ point, scores: [], mean: NaN, stopped: false }));
  for (const [at, split] of splits.entries()) {
    await Promise.all(
      trials.map(async (trial, i) => {
        if (trial.stopped) return;
        const found = await pool.run(round[i].estimator, split, seed + at);
        trial.scores.push(scored(score, data, split, found));
        trial.mean = meanOf(trial.scores);
      }),
    );
    if (at === splits.length - 1) break;
    for (const trial of trials) trial.stopped ||= isBehind(trial, before, at + 1, score);
  }
  return trials;
}

/** Worse than half of the trials before it were after as many splits. */
function isBehind(trial: Trial, before: readonly Trial[], splits: number, score: Score): boolean {
  const others = before
    .filter(({ scores }) => scores.length >= splits)
    .map(({ scores }) => goodness(score, meanOf(scores.slice(0, splits))))
    .sort((a, b) => a - b);
  if (others.length < FEWEST_TO_COMPARE) return false;
  return goodness(score, trial.mean) < others[others.length >> 1];
}

/** Of those that ran to the end. The first of the first round always does. */
function bestOf(trials: readonly Trial[], score: Score): Trial {
  const whole = trials.filter(({ stopped }) => !stopped);
  return whole.reduce((best, next) =>
    goodness(score, next.mean) > goodness(score, best.mean) ? next : best,
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
