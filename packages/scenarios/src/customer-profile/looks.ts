import { columnOf, type Table } from '@bellwether/ml';
import { FEATURES } from './features.ts';

/** How customers look in everything that is known of them: what a group says of its members. Numbers are by feature, in its order. */
export interface Looks {
  /** Mean and standard deviation over all, of ln(1 + x) where a column has a long tail. */
  mean: Float64Array;
  spread: Float64Array;
  /** Groups x features, by row: standardised means of the segments, and of the parts of the plain rule. */
  bySegment: Float64Array;
  byPart: Float64Array;
}

/** A column as it is compared: long tails as ln(1 + x). */
export function tamed(table: Table, feature: number): Float32Array {
  const { name, skewed } = FEATURES[feature];
  const column = columnOf(table, name);
  return skewed ? column.map(value => Math.log1p(Math.max(0, value))) : column;
}

export function looksOf(table: Table, labels: Int32Array, parts: Int32Array, k: number): Looks {
  const width = FEATURES.length;
  const looks = {
    ...{ mean: new Float64Array(width), spread: new Float64Array(width) },
    ...{ bySegment: new Float64Array(k * width), byPart: new Float64Array(k * width) },
  };
  FEATURES.forEach((_, j) => {
    const column = tamed(table, j);
    const mean = column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length);
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, column.length);
    looks.mean[j] = mean;
    looks.spread[j] = Math.sqrt(variance);
    const scaled = column.map(value => standard(value, mean, looks.spread[j]));
    fillMeans(looks.bySegment, scaled, labels, j);
    fillMeans(looks.byPart, scaled, parts, j);
  });
  return looks;
}

function fillMeans(into: Float64Array, column: Float32Array, groups: Int32Array, j: number): void {
  const width = FEATURES.length;
  const sizes = new Float64Array(into.length / width);
  groups.forEach((group, row) => {
    into[group * width + j] += column[row];
    sizes[group]++;
  });
  sizes.forEach((size, group) => (into[group * width + j] /= Math.max(1, size)));
}

/** A column without spread says nothing: 0. */
function standard(value: number, mean: number, spread: number): number {
  return spread > 0 && Number.isFinite(value) ? (value - mean) / spread : 0;
}

/** For each row, squared and summed over the features: how far it lies from what its group says, and from the mean of all rows. */
export interface Misses {
  segment: Float64Array;
  part: Float64Array;
  mean: Float64Array;
}

export function missesOf(
  { mean, spread, bySegment, byPart }: Looks,
  after: Table,
  labels: Int32Array,
  parts: Int32Array,
): Misses {
  const width = FEATURES.length;
  const rows = after.rows;
  const misses = {
    segment: new Float64Array(rows),
    part: new Float64Array(rows),
    mean: new Float64Array(rows),
  };
  FEATURES.forEach((_, j) => {
    const column = tamed(after, j).map(value => standard(value, mean[j], spread[j]));
    const middle = column.reduce((sum, value) => sum + value, 0) / Math.max(1, rows);
    column.forEach((value, row) => {
      misses.segment[row] += (value - bySegment[labels[row] * width + j]) ** 2;
      misses.part[row] += (value - byPart[parts[row] * width + j]) ** 2;
      misses.mean[row] += (value - middle) ** 2;
    });
  });
  return misses;
}

/** 1 less the squared error over that of the mean, over rows that count so often. */
export function shareTold(missed: Float64Array, mean: Float64Array, weights?: Float64Array): number {
  let [error, all] = [0, 0];
  for (let row = 0; row < missed.length; row++) {
    const weight = weights?.[row] ?? 1;
    error += weight * missed[row];
    all += weight * mean[row];
  }
  return all > 0 ? 1 - error / all : NaN;
}
