import type { Estimator, FitOptions } from '../estimator.ts';
import { joined, rowsAt, type Table } from '../table.ts';
import { compared, toldBy, type Judge, type Predicts, type SmallerModel } from './report.ts';

/**
 * A smaller model that learns what a larger one says (Hinton, Vinyals and Dean 2015). A student of classes meets each row
 * once for each class, with the teacher's probability for its weight: the cross-entropy to the teacher's word, for any
 * estimator that takes weights.
 *
 * @param table rows for the teacher to speak of; they need no target, so there may be more of them than were labelled
 * @example
 * const { model, report } = await distil(forest, logistic(), table, { judge: { table: test, target } });
 */
export async function distil<M extends Predicts>(
  teacher: Predicts,
  student: Estimator<M>,
  table: Table,
  { judge, ...options }: { judge: Judge } & Omit<FitOptions, 'weights' | 'groups'>,
): Promise<SmallerModel<M>> {
  const told = toldBy(teacher, judge);
  const word = Float32Array.from(teacher.predict(table));
  if (told === 'numbers') return compared(teacher, await student.fit(table, word, options), judge);
  const shares = told === 'classes' ? columnsOf(word, teacher.classes ?? 1) : [word.map(p => 1 - p), word];
  const { rows, target, weights } = lessons(table, shares);
  return compared(teacher, await student.fit(rows, target, { ...options, weights }), judge);
}

/** The probabilities of each class, one after the other. */
function columnsOf(word: Float32Array, classes: number): Float32Array[] {
  return Array.from({ length: classes }, (_, k) => word.filter((_, at) => at % classes === k));
}

/** Each row with each class that has a share in it, the share being its weight. */
function lessons(
  table: Table,
  shares: readonly Float32Array[],
): { rows: Table; target: Float32Array; weights: Float32Array } {
  const counted = shares.map(share => Uint32Array.from(share.keys()).filter(row => share[row] > 0));
  const positions = Uint32Array.from(counted.flatMap(rows => [...rows]));
  return {
    rows: rowsAt(table, positions),
    target: joined(counted.map((rows, k) => new Float32Array(rows.length).fill(k))),
    weights: joined(counted.map((rows, k) => Float32Array.from(rows, row => shares[k]?.[row] ?? 0))),
  };
}
