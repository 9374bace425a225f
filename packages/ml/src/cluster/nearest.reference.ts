import type { Table } from '../table.ts';

export interface Nearest {
  labels: Int32Array;
  /** Distance of each row from its centre. */
  distances: Float32Array;
}

/**
 * The nearest centre of each row: the plain twin of the kernel `assign`, to the last bit, for it rounds to 32 bits where
 * the kernel does. Faster than it for a few rows.
 *
 * @param centres centres x columns, by row
 */
export function nearestOf(table: Table, centres: Float64Array): Nearest {
  const width = table.columns.length;
  const own = Float32Array.from(centres);
  const [labels, distances] = [new Int32Array(table.rows), new Float32Array(table.rows)];
  const values = new Float32Array(width);
  for (let row = 0; row < table.rows; row++) {
    for (let j = 0; j < width; j++) values[j] = table.columns[j][row];
    let best = Infinity;
    for (let at = 0; at < own.length; at += width) {
      const apart = squaredDistance(values, own, at);
      if (apart >= best) continue;
      best = apart;
      labels[row] = at / width;
    }
    distances[row] = Math.sqrt(best);
  }
  return { labels, distances };
}

function squaredDistance(values: Float32Array, centres: Float32Array, at: number): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) {
    const apart = Math.fround(centres[at + j] - values[j]);
    sum = Math.fround(sum + Math.fround(apart * apart));
  }
  return sum;
}

/**
 * Lloyd's method without bounds, in double precision: the plain twin of what `lloyd` comes to from the same start.
 *
 * @returns centres x columns, by row
 */
export function lloydReference(
  table: Table,
  start: Float64Array,
  iterations: number,
  weights?: Float32Array,
): Float64Array {
  const width = table.columns.length;
  let centres = start;
  for (let round = 0; round < iterations; round++) {
    const { labels } = nearestOf(table, centres);
    const [sums, totals] = [new Float64Array(centres.length), new Float64Array(centres.length / width)];
    labels.forEach((label, row) => {
      const weight = weights?.[row] ?? 1;
      totals[label] += weight;
      table.columns.forEach((column, j) => (sums[label * width + j] += weight * column[row]));
    });
    const before = centres;
    centres = sums.map((sum, at) => {
      const total = totals[Math.floor(at / width)];
      return total > 0 ? sum / total : before[at];
    });
  }
  return centres;
}
