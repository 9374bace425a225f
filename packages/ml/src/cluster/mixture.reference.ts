import type { Table } from '../table.ts';

/** Components of a mixture of normal distributions. */
export interface Mixture {
  /** Of each component, how much of all it is; they sum to 1. */
  shares: Float64Array;
  /** Components x columns, by row. */
  means: Float64Array;
  /** Components x columns x columns, or components x columns where the columns vary independently. */
  covariances: Float64Array;
}

/**
 * The probability of each component for each row: the plain twin of the kernel `mixtureStep`, rows x components.
 *
 * @param factors of each component the inverse of its Cholesky factor (columns x columns, lower), by row
 */
export function responsibilities(
  table: Table,
  { shares, means }: Pick<Mixture, 'shares' | 'means'>,
  factors: Float64Array,
): Float64Array {
  const [width, count] = [table.columns.length, shares.length];
  const out = new Float64Array(table.rows * count);
  for (let row = 0; row < table.rows; row++) {
    const logs = Array.from(shares, (share, c) => {
      let log = Math.log(share);
      for (let r = 0; r < width; r++) {
        let line = 0;
        for (let j = 0; j <= r; j++)
          line += factors[(c * width + r) * width + j] * (table.columns[j][row] - means[c * width + j]);
        log += Math.log(factors[(c * width + r) * width + r]) - 0.5 * line * line;
      }
      return log;
    });
    const most = Math.max(...logs);
    const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
    logs.forEach((log, c) => (out[row * count + c] = Math.exp(log - most) / sum));
  }
  return out;
}
