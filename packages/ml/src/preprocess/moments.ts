export interface Moments {
  mean: number;
  /** Of the population; 0 where what rounding to 32 bits leaves of a column of one value is all the spread there is. */
  deviation: number;
}

/** Mean and standard deviation of what is there, in two passes in double precision. */
export function momentsOf(column: ArrayLike<number>, weights: Float32Array | undefined): Moments {
  let [total, sum] = [0, 0];
  for (let row = 0; row < column.length; row++) {
    const weight = weightOf(column[row], weights, row);
    if (weight === 0) continue;
    total += weight;
    sum += weight * column[row];
  }
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = sum / total;
  let squares = 0;
  for (let row = 0; row < column.length; row++) {
    const weight = weightOf(column[row], weights, row);
    if (weight > 0) squares += weight * (column[row] - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / total);
  return { mean, deviation: deviation <= Math.abs(mean) * 1e-7 ? 0 : deviation };
}

function weightOf(value: number, weights: Float32Array | undefined, row: number): number {
  if (Number.isNaN(value)) return 0;
  return weights === undefined ? 1 : weights[row];
}
