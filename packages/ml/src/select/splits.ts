import { MlError, required } from '../errors.ts';
import type { Rng } from '../random/rng.ts';
import type { Split } from './data.ts';

/**
 * Every row is tested once, in one of `folds` parts of like size drawn at random.
 *
 * @example
 * kFold(10, 5, new Rng(1)).map(({ test }) => test.length) // [2, 2, 2, 2, 2]
 */
export function kFold(rows: number, folds: number, rng: Rng): Split[] {
  checkFolds(folds, rows, 'rows');
  const order = rng.permutation(rows);
  const fold = new Uint32Array(rows);
  order.forEach((row, at) => (fold[row] = at % folds));
  return byFold(fold, folds);
}

/** As `kFold`, with the same share of each class in every part, to within one row of it. */
export function stratifiedFold(target: Float32Array, folds: number, rng: Rng): Split[] {
  checkFolds(folds, target.length, 'rows');
  // rows of a class lie together, in random order: dealing them out in turn gives each part its share
  const order = rng.permutation(target.length).sort((a, b) => target[a] - target[b]);
  const fold = new Uint32Array(target.length);
  order.forEach((row, at) => (fold[row] = at % folds));
  return byFold(fold, folds);
}

/** As `kFold`, with all rows of a group in one part: nobody is learned from and tested on. Large groups go first. */
export function groupedFold(groups: Int32Array, folds: number, rng: Rng): Split[] {
  const members = new Map<number, number>();
  for (const group of groups) members.set(group, (members.get(group) ?? 0) + 1);
  checkFolds(folds, members.size, 'groups');
  const names = [...members.keys()];
  const order = Array.from(rng.permutation(names.length), at => names[at]);
  order.sort((a, b) => (members.get(b) ?? 0) - (members.get(a) ?? 0));
  const sizes = new Float64Array(folds);
  const foldOf = new Map<number, number>();
  for (const group of order) {
    const least = sizes.indexOf(Math.min(...sizes));
    foldOf.set(group, least);
    sizes[least] = sizes[least] + (members.get(group) ?? 0);
  }
  return byFold(
    Uint32Array.from(groups, group => foldOf.get(group) ?? 0),
    folds,
  );
}

export interface TimeSplitOptions {
  /** Parts that are tested, one after the other; each is learned for from everything before it. */
  folds: number;
  /** Time left out before each tested part, in the unit of `times`: outcomes that were not known yet. */
  gap?: number;
}

/**
 * Later rows are tested on what came before them, as they are in life. The rows are cut at quantiles of time into
 * folds + 1 parts; rows of the same time are never parted.
 *
 * @param times one a row, in any unit
 * @throws MlError `ml.bad_parameter` when there are fewer different times than parts
 */
export function timeSplits(times: ArrayLike<number>, { folds, gap = 0 }: TimeSplitOptions): Split[] {
  checkFolds(folds, times.length, 'rows');
  required(gap >= 0, 'gap', 'from 0 up', gap);
  const order = Uint32Array.from({ length: times.length }, (_, row) => row).sort(
    (a, b) => times[a] - times[b],
  );
  const cuts = Array.from(
    { length: folds },
    (_, i) => times[order[Math.floor(((i + 1) * order.length) / (folds + 1))]],
  );
  return cuts.map((from, i) => {
    const to = cuts[i + 1] ?? Infinity;
    const split = {
      train: order.filter(row => times[row] < from - gap).sort(),
      test: order.filter(row => times[row] >= from && times[row] < to).sort(),
    };
    if (split.train.length === 0 || split.test.length === 0)
      throw new MlError(
        'ml.bad_parameter',
        `folds must leave rows on both sides of every cut; part ${i} of ${folds} has none`,
      );
    return split;
  });
}

/** One split: a share of the rows at random, the same share of each class, is tested. */
export function holdOut(target: Float32Array, share: number, rng: Rng): Split {
  required(share > 0 && share < 1, 'share', 'between 0 and 1', share);
  const order = rng.permutation(target.length).sort((a, b) => target[a] - target[b]);
  // rows of a class lie together in a random order: every 1/share-th of them is an even draw from each
  const test = order.filter((_, at) => Math.floor((at + 1) * share) > Math.floor(at * share)).sort();
  const tested = new Set(test);
  return { train: Uint32Array.from(order.filter(row => !tested.has(row))).sort(), test };
}

function checkFolds(folds: number, most: number, what: string): void {
  required(
    Number.isInteger(folds) && folds >= 2 && folds <= most,
    'folds',
    `a whole number from 2 to the ${most} ${what}`,
    folds,
  );
}

function byFold(fold: Uint32Array, folds: number): Split[] {
  const rows = Uint32Array.from(fold.keys());
  return Array.from({ length: folds }, (_, part) => ({
    train: rows.filter(row => fold[row] !== part),
    test: rows.filter(row => fold[row] === part),
  }));
}
