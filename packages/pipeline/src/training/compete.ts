import type { Clock, FamilyTrial, Work } from '@bellwether/contracts';
import {
  calibrated,
  chooseCalibrator,
  dataAt,
  joined,
  MlError,
  Rng,
  stacked,
  type CalibratedModel,
  type CalibrationRows,
  type Data,
  type Estimator,
  type ScoredClassifier,
  type Split,
} from '@bellwether/ml';
import { fiveFamilies, traitsOf, type Candidate } from './families.ts';
import { withDeviation } from './refits.ts';
import { standingsOf } from './standings.ts';
import { drawn, tuned, type Tuned } from './tune.ts';

/** How much work a competition may be. */
export interface Budget {
  /** Rows that a trial learns from, and is judged on, at most. */
  tuneRows: number;
  /** Rows that the winner learns from at most; each family has a limit of its own besides. */
  fitRows: number;
  /** Refits behind the intervals of methods that know no deviation of their own, and the rows of each at most. */
  refits: number;
  refitRows: number;
}

/** Some seconds for a shop of 2,000 customers, some minutes for one of 100,000. */
export const BUDGET: Readonly<Budget> = {
  tuneRows: 40_000,
  fitRows: 2_000_000,
  refits: 8,
  refitRows: 60_000,
};

export interface CompeteInput {
  /**
   * All rows to learn from; columns of words have dictionaries. `groups` are customers, where one has several rows: they are
   * drawn together. Nothing that is tested on later is among them.
   */
  data: Data;
  /** What is tuned on: the rows to learn from and to be judged on. `timeSplitsOf`, or ml's folds. */
  splits: readonly Split[];
  /** Rows to calibrate on, which nothing was tuned on; absent, what the winner said of the rows that the splits held back. */
  calibration?: Pick<Data, 'table' | 'target'> | undefined;
  seed: number;
  /** The simplest first; the five families, as the columns suggest, where absent. */
  candidates?: readonly Candidate[] | undefined;
  budget?: Partial<Budget> | undefined;
  /** Tells the seconds of the leaderboard; without one they are 0. */
  clock?: Clock | undefined;
}

/** What a competition came to. */
export interface Competition {
  /** The winner, fitted to all rows and calibrated: it predicts, gives intervals and reasons, and saves itself. */
  model: CalibratedModel;
  /** What was fitted, with the winner's parameters. */
  estimator: Estimator<ScoredClassifier>;
  /** Every family on the rows that the splits held back, in the order of the candidates. */
  leaderboard: FamilyTrial[];
  winner: FamilyTrial;
  /** Rows that the winner learned from. */
  rows: number;
}

/**
 * Families of methods compete for one question: each is tuned by log loss on the rows that the splits hold back, the simplest
 * whose loss is within one standard error of the best wins (Breiman and others 1984), learns from all rows and is calibrated.
 * The same seed gives the same model. What it is worth is to be measured on rows that took no part.
 *
 * @throws MlError `ml.one_class` when the target has only one class, `ml.stopped` once the signal has fired
 * @example
 * const { data, splits } = timeSplitsOf(moments); // one part a moment, the newest last
 * const { model, leaderboard } = await compete({ data, splits, calibration, seed: 7 }, { onProgress });
 * const { probability, low, high } = model.judge(later.table);
 */
export async function compete(input: CompeteInput, work: Work = {}): Promise<Competition> {
  const { data, splits, calibration, seed, clock } = input;
  const candidates = input.candidates ?? fiveFamilies(traitsOf(data.table));
  if (candidates.length === 0) throw new MlError('ml.bad_parameter', 'candidates must be one or more; none');
  const budget = { ...BUDGET, ...input.budget };
  const all: Tuned[] = [];
  for (const candidate of candidates)
    all.push(await tuned(candidate, { data, splits, seed, tuneRows: budget.tuneRows, clock }, work));
  const leaderboard = await standingsOf(all, seed, work.signal);
  const at = leaderboard.findIndex(({ chosen }) => chosen);
  const { estimator, model, learned } = await fitted(all[at], data, budget, seed, work);
  const rows = calibration ? told(model, calibration) : all[at].held;
  const calibrator = await chooseCalibrator(rows, new Rng(seed));
  return {
    model: calibrated(await withDeviation(model, estimator, learned, { ...budget, seed }, work), calibrator),
    ...{ estimator, leaderboard, winner: leaderboard[at], rows: learned.table.rows },
  };
}

interface Fitted {
  estimator: Estimator<ScoredClassifier>;
  model: ScoredClassifier;
  /** The rows that it learned from. */
  learned: Data;
}

/** The winner's best setting, fitted to all rows, or to as many as it may have. */
async function fitted(
  { candidate, point }: Tuned,
  data: Data,
  { fitRows }: Budget,
  seed: number,
  { signal, onProgress }: Work,
): Promise<Fitted> {
  const all = Uint32Array.from({ length: data.table.rows }, (_, row) => row);
  const rows = drawn(all, Math.min(fitRows, candidate.mostRows), seed);
  const learned = rows === all ? data : dataAt(data, rows);
  const estimator = candidate.make(point);
  const model = await estimator.fit(learned.table, learned.target, {
    ...{ rng: new Rng(seed), signal },
    onProgress: progress => onProgress?.({ ...progress, step: 'train.fit' }),
  });
  return { estimator, model, learned };
}

function told(model: ScoredClassifier, { table, target }: Pick<Data, 'table' | 'target'>): CalibrationRows {
  return { logOdds: model.logOdds(table), target };
}

/** Moments to be judged on, of those to learn from: the last ones, each by what came before it. */
const JUDGED_MOMENTS = 2;

/**
 * Parts of the past, the newest last, as rows to compete on: the last two are each judged by what was learned from those
 * before them. With a single part there is nothing earlier: its own rows judge, which prefers the weaker penalty.
 *
 * @param parts one for each moment; `ids` tells which rows are of one customer
 */
export function timeSplitsOf(
  parts: readonly (Pick<Data, 'table' | 'target'> & { ids: readonly string[] })[],
): {
  data: Data;
  splits: Split[];
} {
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, { table }) => sum + table.rows, 0));
  const positions = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const end = (at: number): number => starts[at] + parts[at].table.rows;
  const judged = parts.map((_, at) => at).slice(Math.max(1, parts.length - JUDGED_MOMENTS));
  const splits = judged.map(at => ({
    train: positions(0, starts[at]),
    test: positions(starts[at], end(at)),
  }));
  const data = {
    table: stacked(parts.map(({ table }) => table)),
    target: joined(parts.map(({ target }) => target)),
    groups: groupsOf(parts.flatMap(({ ids }) => ids)),
  };
  const all = positions(0, data.table.rows);
  return { data, splits: splits.length > 0 ? splits : [{ train: all, test: all }] };
}

/** One number for each name. */
function groupsOf(ids: readonly string[]): Int32Array {
  const numberOf = new Map<string, number>();
  return Int32Array.from(ids, id => {
    const known = numberOf.get(id) ?? numberOf.size;
    numberOf.set(id, known);
    return known;
  });
}
