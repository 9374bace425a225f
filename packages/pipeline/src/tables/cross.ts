import type { FamilyTrial, Work } from '@bellwether/contracts';
import {
  auc,
  dataAt,
  groupedFold,
  Rng,
  stratifiedFold,
  timeSplits,
  type CalibratedModel,
  type Classifier,
  type Data,
  type Split,
} from '@bellwether/ml';
import type { Clock } from '@bellwether/contracts';
import { compete } from '../training/index.ts';
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

const INNER_FOLDS = 3;
/** Folds that only judge tune on fewer rows and know no intervals. */
const JUDGING = { tuneRows: 20_000, refits: 0 };
const KEEPING = { tuneRows: 40_000, refits: 8, refitRows: 20_000 };

/**
 * Repeats the whole competition, with its tuning and calibration, in each fold, so that the figures have no part in any
 * choice. The rows are parted at random with the same share of yes, by whose they are, or by time, where each part is judged
 * by what came before it.
 *
 * @throws MlError `ml.bad_parameter` when there are fewer times, or people, than folds; `ml.stopped`
 */
export async function crossed(rows: LearningRows, options: CrossOptions, work: Work = {}): Promise<Crossed> {
  const { split, parts } = outerSplits(rows, options);
  const data: Data = { table: rows.table, target: rows.target, groups: rows.groups };
  const folds: Fold[] = [];
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    const told = stepsOf(work, at, parts.length);
    const inner = innerSplits(rows, part.train, split, options.seed + at);
    const train = dataAt(data, part.train);
    const candidates = tableFamilies(train.table);
    const { seed, clock } = options;
    const budget = isLast ? KEEPING : JUDGING;
    const found = await compete({ candidates, data: train, splits: inner, seed, clock, budget }, told);
    const plain = await candidates[0]
      .make({ l2: 10 })
      .fit(train.table, train.target, { signal: work.signal });
    folds.push(judge(data, part, found.model, plain));
    if (isLast)
      return {
        ...{ split, folds, model: found.model, leaderboard: found.leaderboard, winner: found.winner },
        trainRows: found.rows,
      };
  }
  throw new RangeError('there is no fold to learn from'); // folds are two or more
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
      INNER_FOLDS,
      rng,
    );
  return stratifiedFold(own, INNER_FOLDS, rng);
}

function judge(data: Data, { test }: Split, model: Classifier, plain: Classifier): Fold {
  const { table, target } = dataAt(data, test);
  const [told, ruled] = [model.predict(table), plain.predict(table)];
  return {
    ...{ rows: test, target, model: told, baseline: ruled },
    auc: auc(told, target),
    baselineAuc: auc(ruled, target),
  };
}
