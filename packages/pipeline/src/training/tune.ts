import type { Clock, Milliseconds, Work } from '@bellwether/contracts';
import {
  dataAt,
  joined,
  logLosses,
  Rng,
  sigmoid,
  type Data,
  type Point,
  type ScoredClassifier,
  type Split,
} from '@bellwether/ml';
import type { Candidate } from './families.ts';

/** What a setting said of the rows that the splits held back, one after the other. */
export interface HeldBack {
  logOdds: Float64Array;
  target: Float32Array;
  /** Log loss of each row. */
  losses: Float64Array;
  /** The customer of each row, where one may have several. */
  groups: Int32Array | undefined;
}

/** A family at its best. */
export interface Tuned {
  candidate: Candidate;
  point: Point;
  held: HeldBack;
  trials: number;
  /** Rows that its best learned from, in the mean over the splits. */
  rows: number;
  /** Time that its trials took. */
  took: Milliseconds;
}

export interface TuneInput {
  data: Data;
  splits: readonly Split[];
  seed: number;
  /** Rows to learn from, and to be judged on, of a split at most. */
  tuneRows: number;
  clock: Clock | undefined;
}

/** A setting that was tried. */
interface Trial {
  point: Point;
  held: HeldBack;
  loss: number;
}

/** Rows of the first round of halving at least. */
const FIRST_ROWS = 4_000;
/** What is left of the settings, and by how much more rows they get, from round to round. */
const HALVING = 3;

/**
 * The best setting of a family. With many rows by successive halving (Jamieson and Talwalkar 2016): all settings learn from
 * few rows, the better third from three times as many, until the rows of the budget are reached.
 */
export async function tuned(candidate: Candidate, input: TuneInput, work: Work): Promise<Tuned> {
  const { clock, seed, splits, tuneRows } = input;
  const started = clock?.now() ?? 0;
  const judged = splits.map(({ train, test }) => ({ train, test: drawn(test, tuneRows, seed) }));
  const most = Math.min(tuneRows, Math.max(...splits.map(({ train }) => train.length)));
  let points = candidate.points;
  let count = 0;
  for (const rows of rungsOf(most, points.length)) {
    const sized = judged.map(({ train, test }) => ({ train: drawn(train, rows, seed), test }));
    const trials: Trial[] = [];
    for (const point of points) {
      const progress = { done: trials.length, total: points.length, unit: 'trials' };
      work.onProgress?.({ ...progress, step: `train.${candidate.family}` });
      trials.push(await tried(candidate, point, { ...input, splits: sized }, work.signal));
    }
    count += trials.length;
    if (rows < most) {
      points = bestPoints(points, trials);
      continue;
    }
    const { point, held } = chosen(trials, candidate.ordered === true);
    const learned = sized.reduce((sum, { train }) => sum + train.length, 0) / sized.length;
    const took = (clock?.now() ?? 0) - started;
    return { candidate, point, held, trials: count, rows: Math.round(learned), took };
  }
  throw new RangeError('there is no round to tune in'); // the last rung is always all rows
}

/** Rows of each round, the last of which is all. */
function rungsOf(rows: number, points: number): number[] {
  const rungs = [rows];
  for (let left = points; left > HALVING && rungs[0] / HALVING >= FIRST_ROWS; left /= HALVING)
    rungs.unshift(Math.round(rungs[0] / HALVING));
  return rungs;
}

/** The better third, in the order in which they were. */
function bestPoints(points: readonly Point[], trials: readonly Trial[]): Point[] {
  const order = points.map((_, i) => i).sort((a, b) => trials[a].loss - trials[b].loss);
  const kept = new Set(order.slice(0, Math.max(1, Math.ceil(points.length / HALVING))));
  return points.filter((_, i) => kept.has(i));
}

/** So many of the positions, drawn at random; all of them where there are no more. */
export function drawn(positions: Uint32Array, most: number, seed: number): Uint32Array {
  if (positions.length <= most) return positions;
  const order = new Rng(seed).permutation(positions.length).subarray(0, most);
  return Uint32Array.from(order, at => positions[at]).sort();
}

/** Fits a setting to each split; of methods that tell what they were on the way, the best stage. */
async function tried(
  candidate: Candidate,
  point: Point,
  { data, splits, seed }: TuneInput,
  signal: AbortSignal | undefined,
): Promise<Trial> {
  const told: { point: Point; logOdds: Float64Array }[][] = [];
  for (const { train, test } of splits) {
    const { table, target } = dataAt(data, train);
    const model = await candidate.make(point).fit(table, target, { rng: new Rng(seed), signal });
    told.push(stagesOf(candidate, model, point, dataAt(data, test)));
  }
  const heldTarget = joined(splits.map(({ test }) => dataAt(data, test).target));
  const stages = Math.min(...told.map(stage => stage.length));
  const trials = Array.from({ length: stages }, (_, stage) =>
    trialOf(
      told.map(list => list[stage]),
      heldTarget,
      groupsOf(data, splits),
    ),
  );
  return bestOf(trials);
}

function stagesOf(
  candidate: Candidate,
  model: ScoredClassifier,
  point: Point,
  { table }: Data,
): { point: Point; logOdds: Float64Array }[] {
  return candidate.stages?.(model, point, table) ?? [{ point, logOdds: model.logOdds(table) }];
}

function trialOf(
  told: readonly { point: Point; logOdds: Float64Array }[],
  target: Float32Array,
  groups: Int32Array | undefined,
): Trial {
  const logOdds = Float64Array.from(told.flatMap(part => [...part.logOdds]));
  const losses = logLosses(logOdds.map(sigmoid), target);
  return { point: told[0].point, held: { logOdds, target, losses, groups }, loss: meanOf(losses) };
}

function groupsOf({ groups }: Data, splits: readonly Split[]): Int32Array | undefined {
  return groups && Int32Array.from(splits.flatMap(({ test }) => Array.from(test, row => groups[row])));
}

function bestOf(trials: readonly Trial[]): Trial {
  return trials.reduce((best, next) => (next.loss < best.loss ? next : best));
}

/** The best, or the first that is within one standard error of it. */
function chosen(trials: readonly Trial[], takesFirst: boolean): Trial {
  const best = bestOf(trials);
  if (!takesFirst) return best;
  return trials.find(({ held }) => isWithinError(held, best.held)) ?? best;
}

/** By how much losses are above others of the same rows, and the standard error of that, with whole customers drawn. */
export function excessOf(held: HeldBack, best: HeldBack): { excess: number; error: number } {
  const apart = held.losses.map((loss, row) => loss - best.losses[row]);
  const excess = meanOf(apart);
  const sums = new Map<number, number>();
  apart.forEach((value, row) => {
    const group = held.groups?.[row] ?? row;
    sums.set(group, (sums.get(group) ?? 0) + value - excess);
  });
  const squares = [...sums.values()].reduce((sum, value) => sum + value ** 2, 0);
  return { excess, error: Math.sqrt(squares) / apart.length };
}

/** Whether losses are above the best by no more than one standard error of the difference. */
export function isWithinError(held: HeldBack, best: HeldBack): boolean {
  const { excess, error } = excessOf(held, best);
  return excess <= error;
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
