/** The weighted mean of a number of each row; plain where there are no weights. */
export function meanOf(rows: number, of: (row: number) => number, weights?: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    // a row of no weight is not there, whatever is told of it
    if (weight === 0) continue;
    sum += weight * of(row);
    total += weight;
  }
  return sum / total;
}
