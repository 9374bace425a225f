import { MlError } from '../../errors.ts';
import { withTeam, type Team } from '../../runtime/team.ts';
import { checkedSparse, type SparseRows } from '../../sparse.ts';
import { dots } from './scores.reference.ts';

/** Below so many entries it takes longer to bring the weights into linear memory than to add them up here. */
const WORTH_A_TEAM = 2_000_000;
const ROWS_A_BLOCK = 1024;
/** Entries that are brought into linear memory at a time. */
const ENTRIES = 1 << 22;

/**
 * The same rows, or why a model cannot take them.
 *
 * @throws MlError `ml.bad_table` when they are not as wide as those that were learned from
 */
export function fittingRows(rows: SparseRows, width: number): SparseRows {
  if (rows.width !== width)
    throw new MlError(
      'ml.bad_table',
      `the rows are ${rows.width} wide; the model learned from rows ${width} wide`,
    );
  return checkedSparse(rows);
}

/** For each row: intercept + sum of weight and value, in double precision; the same on one thread or many. */
export function linearScores(rows: SparseRows, weights: Float32Array, intercept: number): Float64Array {
  const scores = new Float64Array(rows.rows);
  if (rows.indices.length < WORTH_A_TEAM) dots(rows, weights, scores);
  else
    withTeam('sparse', { work: rows.indices.length * 4 }, team => {
      const table = team.copied(weights);
      inParts(team, rows, ({ from, count, offsets, indices, values }) => {
        const out = team.f64(count);
        team.run('sparseScores', count, ROWS_A_BLOCK, offsets, indices, values, table, out);
        scores.set(out, from);
      });
    });
  return intercept === 0 ? scores : scores.map(score => score + intercept);
}

/** Some rows in linear memory. */
export interface Part {
  from: number;
  count: number;
  /** From 0. */
  offsets: Uint32Array;
  indices: Uint32Array;
  values: Float32Array | 0;
}

/** Brings rows into linear memory part by part, so that it need not hold them all. */
export function inParts(team: Team, rows: SparseRows, use: (part: Part) => void): void {
  for (let from = 0; from < rows.rows;) {
    const start = rows.offsets[from];
    let to = from + 1;
    while (to < rows.rows && rows.offsets[to + 1] - start <= ENTRIES) to++;
    const end = rows.offsets[to];
    team.scoped(() =>
      use({
        ...{ from, count: to - from },
        offsets: team.copied(rows.offsets.subarray(from, to + 1).map(offset => offset - start)),
        indices: team.copied(rows.indices.subarray(start, end)),
        values: rows.values ? team.copied(rows.values.subarray(start, end)) : 0,
      }),
    );
    from = to;
  }
}
