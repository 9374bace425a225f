import { MlError } from '../errors.ts';
import { meanOf } from './mean.ts';

/**
 * How figures of several classes become one: `binary` looks at class 1 only, `macro` is the mean over the classes,
 * `micro` counts all decisions alike, `weighted` is the mean by how often each class occurs.
 */
export type Average = 'binary' | 'macro' | 'micro' | 'weighted';

export interface Confusion {
  classes: number;
  /** classes x classes: rows (or their weight) of each true class, by row, that were told each class, by column. */
  counts: Float64Array;
}

/**
 * Told against true classes, whole numbers from 0 up.
 *
 * @param weights by row; one each where absent
 */
export function confusion(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Confusion {
  if (predicted.length !== target.length)
    throw new MlError('ml.bad_table', `${predicted.length} predictions for ${target.length} rows`);
  let classes = 2;
  for (let i = 0; i < target.length; i++)
    classes = Math.max(classes, classOf(predicted, i), classOf(target, i));
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < target.length; i++) counts[target[i] * classes + predicted[i]] += weights?.[i] ?? 1;
  return { classes, counts };
}

/** One more than the class at a row. */
function classOf(values: ArrayLike<number>, row: number): number {
  if (!(Number.isInteger(values[row]) && values[row] >= 0))
    throw new MlError(
      'ml.bad_value',
      `row ${row} is of class ${values[row]}; it must be a whole number from 0 up`,
    );
  return values[row] + 1;
}

/** Share of the rows that were told their class. */
export function accuracy(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return meanOf(target.length, i => Number(predicted[i] === target[i]), weights);
}

/** Mean recall of the classes that occur: a rare class counts as much as a frequent one. */
export function balancedAccuracy(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const there = countsByClass(confusion(predicted, target, weights)).filter(one => one.occurred > 0);
  return there.reduce((sum, one) => sum + one.hits / one.occurred, 0) / there.length;
}

/** Share of those told a class who are of it. 0 for a class that was told of nobody. */
export function precision(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
  average: Average = 'binary',
): number {
  return averaged(confusion(predicted, target, weights), average, one => share(one.hits, one.told));
}

/** Share of those of a class who were told it. 0 for a class that nobody is of. */
export function recall(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
  average: Average = 'binary',
): number {
  return averaged(confusion(predicted, target, weights), average, one => share(one.hits, one.occurred));
}

/** The harmonic mean of precision and recall, recall counting `beta` times as much (van Rijsbergen 1979). */
export function fBeta(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  beta = 1,
  weights?: ArrayLike<number>,
  average: Average = 'binary',
): number {
  const square = beta * beta;
  return averaged(confusion(predicted, target, weights), average, ({ hits, told, occurred }) =>
    share((1 + square) * hits, told + square * occurred),
  );
}

interface Counts {
  hits: number;
  told: number;
  occurred: number;
}

function countsByClass({ classes, counts }: Confusion): Counts[] {
  return Array.from({ length: classes }, (_, k) => {
    let [told, occurred] = [0, 0];
    for (let other = 0; other < classes; other++) {
      told += counts[other * classes + k];
      occurred += counts[k * classes + other];
    }
    return { hits: counts[k * classes + k], told, occurred };
  });
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function averaged(matrix: Confusion, average: Average, of: (one: Counts) => number): number {
  const all = countsByClass(matrix);
  if (average === 'binary') return of(all[1]);
  if (average === 'micro')
    return of({
      hits: all.reduce((sum, one) => sum + one.hits, 0),
      told: all.reduce((sum, one) => sum + one.told, 0),
      occurred: all.reduce((sum, one) => sum + one.occurred, 0),
    });
  const there = all.filter(one => one.told + one.occurred > 0);
  const weightOf = (one: Counts): number => (average === 'weighted' ? one.occurred : 1);
  const total = there.reduce((sum, one) => sum + weightOf(one), 0);
  return there.reduce((sum, one) => sum + weightOf(one) * of(one), 0) / total;
}
