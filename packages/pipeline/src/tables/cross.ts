import type { Clock, FamilyTrial, Work } from '@bellwether/contracts';
import {
  auc,
  dataAt,
  groupedFold,
  Rng,
  stratifiedFold,
  timeSplits,
  type CalibratedModel,
  type Classifier,
  type Split,
} from '@bellwether/ml';
import { aucGain } from '../evaluation/index.ts';
import { compete, type Budget, type Competition } from '../training/index.ts';
import { tableFamilies } from './families.ts';
import type { LearningRows } from './prepare.ts';

export interface CrossOptions {
  folds: number;
  seed: number;
  clock?: Clock | undefined;
}

/** How the rows were parted. */
export type SplitKind = 'random' | 'time' | 'groups';

/** What was said of rows by models that had not seen them. */
export interface Judged {
  /** Positions of the rows that were judged. */
  rows: Uint32Array;
  target: Float32Array;
  model: Float64Array;
  baseline: Float64Array;
}

/** One fold: what a whole competition, repeated on its other rows, said of it. */
export interface Fold extends Judged {
  auc: number;
  baselineAuc: number;
}

/** A table learned from: every row judged, and the model of the last fold to keep. */
export interface Crossed {
  split: SplitKind;
  folds: Fold[];
  /** Learned from all rows but those of the last fold, which are its test. */
  model: CalibratedModel;
  leaderboard: FamilyTrial[];
  winner: FamilyTrial;
  trainRows: number;
}

/** Folds that are tuned in; few rows are told apart by more of them. */
const INNER_FOLDS = { few: 5, many: 3 };
const MANY_ROWS = 5_000;
/** Folds that only judge tune on fewer rows and know no intervals. */
const JUDGING = { tuneRows: 20_000, refits: 0 };
const KEEPING = { tuneRows: 40_000, refits: 8, refitRows: 20_000 };

/**
 * Repeats the whole competition, with its tuning and calibration, in each fold, so that the figures have no part in any
 * choice. The rows are parted at random with the same share of yes, by whose they are, or by time, where each part is judged
 * by what came before it. Where the best of five is shown to be worse than logistic regression alone, that is kept.
 *
 * @throws MlError `ml.bad_parameter` when there are fewer times, or people, than folds; `ml.stopped`
 */
export async function crossed(rows: LearningRows, options: CrossOptions, work: Work = {}): Promise<Crossed> {
  const { split, parts } = outerSplits(rows, options);
  const folds: Fold[] = [];
  for (const [at, part] of parts.slice(0, -1).entries()) {
    const told = stepsOf(work, at, parts.length);
    const { model } = await learned({ rows, part, split, options, at }, FIVE, JUDGING, told);
    folds.push(await judged(rows, part, model, work));
  }
  const at = parts.length - 1;
  const last = { rows, part: parts[at], split, options, at };
  const told = stepsOf(work, at, parts.length);
  const found = await learned(last, FIVE, KEEPING, told);
  const all = [...folds, await judged(rows, last.part, found.model, work)];
  const kept = (await isWorse(all, options.seed, work))
    ? await plainly(last, found, all, told)
    : { found, all };
  const { model, leaderboard, winner, rows: trainRows } = kept.found;
  return { split, folds: kept.all, model, leaderboard, winner, trainRows };
}

/** One fold to learn in. */
interface Task {
  rows: LearningRows;
  part: Split;
  split: SplitKind;
  options: CrossOptions;
  at: number;
}

const FIVE = 5;
const SIMPLEST = 1;

/** The competition of so many families, the simplest first, on the rows that a fold learns from. */
function learned(task: Task, families: number, budget: Partial<Budget>, work: Work): Promise<Competition> {
  const { rows, part, split, options, at } = task;
  const splits = innerSplits(rows, part.train, split, options.seed + at);
  const data = dataAt({ table: rows.table, target: rows.target, groups: rows.groups }, part.train);
  const candidates = tableFamilies(data.table).slice(0, families);
  const { seed, clock } = options;
  return compete({ candidates, data, splits, seed, clock, budget }, work);
}

/** Whether the best of five is shown to rank worse than logistic regression alone, over the rows of all folds. */
async function isWorse(folds: readonly Fold[], seed: number, { signal }: Work): Promise<boolean> {
  const { model, baseline, target } = together(folds);
  const gain = await aucGain(model, baseline, target, { seed, signal });
  return (gain.high ?? 0) < 0;
}

/** What is kept then: logistic regression, with its own figures. */
async function plainly(
  task: Task,
  { leaderboard }: Competition,
  folds: readonly Fold[],
  work: Work,
): Promise<{ found: Competition; all: Fold[] }> {
  const plain = await learned(task, SIMPLEST, KEEPING, work);
  const all = folds.map(fold => ({ ...fold, model: fold.baseline, auc: fold.baselineAuc }));
  all[all.length - 1] = await judged(task.rows, task.part, plain.model, work);
  const standings = leaderboard.map(standing => ({
    ...standing,
    chosen: standing.family === plain.winner.family,
    why: standing.family === plain.winner.family ? PLAIN : standing.why,
  }));
  return { found: { ...plain, leaderboard: standings }, all };
}

const PLAIN = {
  en: 'Kept: over the rows of all folds, choosing the best of five ranked worse than this alone.',
  'zh-CN': '保留：在全部折的行上，从五种方法中择优的排序效果反而不如仅用此方法。',
};

/** The rows of folds one after the other. */
export function together(folds: readonly Fold[]): Pick<Fold, 'model' | 'baseline' | 'target'> {
  return {
    model: Float64Array.from(folds.flatMap(fold => [...fold.model])),
    baseline: Float64Array.from(folds.flatMap(fold => [...fold.baseline])),
    target: Float32Array.from(folds.flatMap(fold => [...fold.target])),
  };
}

/** One bar over all folds, however each of them counts. */
function stepsOf({ signal, onProgress }: Work, fold: number, folds: number): Work {
  return {
    ...(signal && { signal }),
    onProgress: ({ step }) =>
      onProgress?.({ done: fold, total: folds, unit: 'folds', step: step ?? 'train.fit' }),
  };
}

function outerSplits(
  { target, times, groups }: LearningRows,
  { folds, seed }: CrossOptions,
): { split: SplitKind; parts: Split[] } {
  if (times !== undefined) return { split: 'time', parts: bothAnswers(timeSplits(times, { folds }), target) };
  if (groups !== undefined)
    return { split: 'groups', parts: bothAnswers(groupedFold(groups, folds, new Rng(seed)), target) };
  return { split: 'random', parts: stratifiedFold(target, folds, new Rng(seed)) };
}

/** Parts from which something can be learned, and on which something can be judged. */
function bothAnswers(parts: readonly Split[], target: Float32Array): Split[] {
  const has = (rows: Uint32Array, answer: number): boolean => rows.some(row => target[row] === answer);
  return parts.filter(({ train, test }) => [train, test].every(rows => has(rows, 0) && has(rows, 1)));
}

/** What is tuned on inside a fold, as positions among its own rows. */
function innerSplits(
  { target, times, groups }: LearningRows,
  train: Uint32Array,
  split: SplitKind,
  seed: number,
): Split[] {
  const own = Float32Array.from(train, row => target[row]);
  const folds = train.length < MANY_ROWS ? INNER_FOLDS.few : INNER_FOLDS.many;
  const rng = new Rng(seed);
  if (split === 'time' && times !== undefined) {
    const parts = bothAnswers(
      timeSplits(
        Float64Array.from(train, row => times[row]),
        { folds: 2 },
      ),
      own,
    );
    if (parts.length > 0) return parts;
  }
  if (split === 'groups' && groups !== undefined)
    return groupedFold(
      Int32Array.from(train, row => groups[row]),
      folds,
      rng,
    );
  return stratifiedFold(own, folds, rng);
}

/** A fold's rows told by a model, and by logistic regression as it comes. */
async function judged(
  rows: LearningRows,
  { train, test }: Split,
  model: Classifier,
  { signal }: Work,
): Promise<Fold> {
  const [learn, tell] = [dataAt(rows, train), dataAt(rows, test)];
  const plain = await tableFamilies(learn.table)[0]
    .make({ l2: 10 })
    .fit(learn.table, learn.target, { signal });
  const { table, target } = tell;
  const [told, ruled] = [model.predict(table), plain.predict(table)];
  return {
    ...{ rows: test, target, model: told, baseline: ruled },
    auc: auc(told, target),
    baselineAuc: auc(ruled, target),
  };
}
