import { MlError } from '../errors.ts';

/**
 * How far two ways to part the same rows agree: the Rand index less what chance brings (Hubert and Arabie 1985). 1 where
 * they are the same but for the names of the clusters, about 0 where they have nothing to do with each other.
 *
 * @throws MlError `ml.bad_table` when the lists are of unequal length
 * @example
 * adjustedRand([0, 0, 1, 1], [5, 5, 3, 3]) // 1
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new MlError('ml.bad_table', `${a.length} labels beside ${b.length} of the same rows`);
  const both = countsOf(a.length, row => `${a[row]} ${b[row]}`);
  const [first, second] = [countsOf(a.length, row => `${a[row]}`), countsOf(b.length, row => `${b[row]}`)];
  const all = (a.length * (a.length - 1)) / 2;
  const [joint, inFirst, inSecond] = [pairs(both), pairs(first), pairs(second)];
  const expected = all === 0 ? 0 : (inFirst * inSecond) / all;
  const most = (inFirst + inSecond) / 2;
  return most === expected ? 1 : (joint - expected) / (most - expected);
}

function countsOf(rows: number, keyOf: (row: number) => string): number[] {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return [...counts.values()];
}

/** Pairs of rows within the same part. */
function pairs(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}
