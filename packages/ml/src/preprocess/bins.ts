/**
 * The values that part a column into equal shares, `bins` - 1 of them; missing values aside, 0 where all are missing.
 *
 * @param weights how often each row counts; once where absent
 */
export function quantilesOf(column: Float32Array, bins: number, weights?: Float32Array): number[] {
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const present = Uint32Array.from(column.keys()).filter(
    row => !Number.isNaN(column[row]) && weights?.[row] !== 0,
  );
  const sorted = present.sort((a, b) => column[a] - column[b]);
  const total = sorted.reduce((sum, row) => sum + weightOf(row), 0);
  const edges: number[] = [];
  let [at, below] = [0, 0];
  for (let bin = 1; bin < bins; bin++) {
    // the first value that more than this share of the rows do not exceed
    while (at < sorted.length && below + weightOf(sorted[at]) <= (bin * total) / bins) {
      below += weightOf(sorted[at]);
      at++;
    }
    edges.push(column[sorted[at]] ?? 0);
  }
  return edges;
}

/** How many of the ascending edges a value reaches. A missing value reaches none. */
export function binOf(edges: Float64Array, value: number): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]) bin++;
  return bin;
}
