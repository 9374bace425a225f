import { MlError } from '../errors.ts';
import { momentsOf } from '../preprocess/moments.ts';
import { dictionaryOf, type Table } from '../table.ts';

/** How a cluster differs from the other rows in one column. */
export interface Difference {
  column: string;
  /** Where the column is one of words: the word whose share differs most. */
  word?: string;
  /** Mean of the cluster's rows; a share where it is of a word. */
  inside: number;
  outside: number;
  /** (inside - outside) / standard deviation of the column over all rows: beyond 0.8 it is large (Cohen 1988). */
  difference: number;
}

export interface ClusterDescription {
  cluster: number;
  /** Weight of its rows, and their share of all rows. */
  size: number;
  share: number;
  /** What sets it apart, largest first. */
  differences: readonly Difference[];
}

/**
 * What sets each cluster apart from the rest, column by column, in the units of the table given: pass the columns as they
 * were before scaling, or others than the clusters were found by. Missing values count for nothing.
 *
 * @param labels the cluster of each row, -1 for none
 * @throws MlError `ml.bad_table` when there are not as many labels as rows
 * @example
 * describeClusters(table, model.assign(scaled))[0].differences[0]
 * // { column: 'orders', inside: 7.2, outside: 1.9, difference: 2.1 }
 */
export function describeClusters(
  table: Table,
  labels: ArrayLike<number>,
  weights?: Float32Array,
): ClusterDescription[] {
  if (labels.length !== table.rows)
    throw new MlError('ml.bad_table', `${labels.length} labels for ${table.rows} rows`);
  const clusters = [...new Set(Array.from(labels))].filter(label => label >= 0).sort((a, b) => a - b);
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const total = Array.from({ length: table.rows }, (_, row) => weightOf(row)).reduce((sum, w) => sum + w, 0);
  return clusters.map(cluster => {
    const parts = partsOf(labels, cluster, weightOf);
    const size = parts.inside.reduce((sum, weight) => sum + weight, 0);
    const differences = table.names.map((name, j) =>
      differenceOf(name, table.columns[j], dictionaryOf(table, name), parts, weights),
    );
    differences.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
    return { cluster, size, share: total > 0 ? size / total : 0, differences };
  });
}

/** The weights of the rows, 0 for those on the other side. */
interface Parts {
  inside: Float32Array;
  outside: Float32Array;
}

function partsOf(labels: ArrayLike<number>, cluster: number, weightOf: (row: number) => number): Parts {
  const side = (isInside: boolean): Float32Array =>
    Float32Array.from(labels, (label, row) => ((label === cluster) === isInside ? weightOf(row) : 0));
  return { inside: side(true), outside: side(false) };
}

function differenceOf(
  column: string,
  values: Float32Array,
  words: readonly string[] | undefined,
  parts: Parts,
  weights: Float32Array | undefined,
): Difference {
  if (!words) return { column, ...apart(values, parts, weights) };
  const each = words.map((word, code) => {
    const has = values.map(value => (Number.isNaN(value) ? NaN : Number(value === code)));
    return { column, word, ...apart(has, parts, weights) };
  });
  const none = { column, inside: 0, outside: 0, difference: 0 };
  return each.reduce<Difference>(
    (most, next) => (Math.abs(next.difference) > Math.abs(most.difference) ? next : most),
    each[0] ?? none,
  );
}

function apart(
  values: Float32Array,
  parts: Parts,
  weights: Float32Array | undefined,
): Omit<Difference, 'column' | 'word'> {
  const [inside, outside] = [momentsOf(values, parts.inside).mean, momentsOf(values, parts.outside).mean];
  const { deviation } = momentsOf(values, weights);
  return { inside, outside, difference: deviation > 0 ? (inside - outside) / deviation : 0 };
}
