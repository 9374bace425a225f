/** The values that part a column into equal shares, `bins` - 1 of them; missing values aside, 0 where all are missing. */
export function quantilesOf(column: Float32Array, bins: number): number[] {
  const sorted = column.filter(value => !Number.isNaN(value)).sort();
  return Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? 0,
  );
}

/** How many of the ascending edges a value reaches. A missing value reaches none. */
export function binOf(edges: Float64Array, value: number): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]) bin++;
  return bin;
}
