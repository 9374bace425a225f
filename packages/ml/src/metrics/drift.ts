import { MlError } from '../errors.ts';
import { binOf, quantilesOf } from '../preprocess/bins.ts';

/** How a column was spread when it was learned from: bins with about as many rows each, one more for missing values. */
export interface Spread {
  /** Ascending; a value belongs to the bin after the last edge that it reaches. */
  edges: Float64Array;
  /** Rows in each bin; the last is of missing values. */
  counts: Float64Array;
}

/** The spread of a column over up to `bins` quantiles; fewer where values repeat. */
export function spreadOf(column: Float32Array, bins = 10): Spread {
  const edges = Float64Array.from(new Set(quantilesOf(column, bins)));
  return { edges, counts: countsIn(edges, column) };
}

/** Rows of a column in each bin; `into` is added to, so that a column can be counted chunk by chunk. */
export function countsIn(
  edges: Float64Array,
  column: ArrayLike<number>,
  into: Float64Array = new Float64Array(edges.length + 2),
): Float64Array {
  for (let i = 0; i < column.length; i++) {
    const bin = Number.isNaN(column[i]) ? edges.length + 1 : binOf(edges, column[i]);
    into[bin] = into[bin] + 1;
  }
  return into;
}

export interface Drift {
  /** Population stability index: sum of (a - b) ln(a / b) over the bins' shares. */
  psi: number;
  /** What 95 of 100 samples of these sizes from one population stay below: chi-square / n. Below it, no drift is seen. */
  noise: number;
}

/** How far two spreads over the same bins lie apart (Yurdakul 2018 for the noise). Each bin gets half a row more. */
export function drift(expected: Float64Array, found: Float64Array): Drift {
  if (expected.length !== found.length)
    throw new MlError('ml.bad_table', `${found.length} bins to compare with ${expected.length}`);
  const used = [...expected.keys()].filter(bin => expected[bin] + found[bin] > 0);
  const shares = (counts: Float64Array): number[] => {
    const total = used.reduce((sum, bin) => sum + counts[bin] + 0.5, 0);
    return used.map(bin => (counts[bin] + 0.5) / total);
  };
  const [a, b] = [shares(expected), shares(found)];
  const psi = a.reduce((sum, share, i) => sum + (share - b[i]) * Math.log(share / b[i]), 0);
  const rows = (counts: Float64Array): number =>
    Math.max(
      1,
      counts.reduce((sum, n) => sum + n, 0),
    );
  return { psi, noise: chiSquare95(used.length - 1) * (1 / rows(expected) + 1 / rows(found)) };
}

/** The 95 % point of chi-square (Wilson and Hilferty 1931). */
function chiSquare95(degrees: number): number {
  if (degrees <= 0) return 0;
  const c = 2 / (9 * degrees);
  return degrees * (1 - c + 1.6448536269514722 * Math.sqrt(c)) ** 3;
}
