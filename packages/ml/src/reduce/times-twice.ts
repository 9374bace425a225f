import type { Team } from '../runtime/team.ts';
import { transposed, type SparseRows } from '../sparse.ts';
import type { Table } from '../table.ts';
import type { TimesTwice } from './subspace.ts';

/** A'A V over the rows of a table. */
export function denseTimesTwice(team: Team, table: Table, weights: Float32Array | undefined): TimesTwice {
  const columns = table.columns.length;
  const stride = (columns + 3) & ~3;
  const rows = team.rows(table, stride);
  const own = weights ? team.copied(weights) : 0;
  return basis => {
    const places = basis.length / columns;
    const most = Math.max(2, Math.min(64, Math.floor(2 ** 25 / (8 * basis.length))));
    const grain = Math.max(256, Math.ceil(table.rows / most));
    team.scratch(places * 4);
    return team.scoped(() => {
      const sums = team.f64(basis.length * Math.ceil(table.rows / grain));
      team.run('timesTwice', table.rows, grain, rows, stride, columns, own, team.copied(basis), places, sums);
      const whole = new Float64Array(basis.length);
      for (let at = 0; at < sums.length; at++) whole[at % whole.length] += sums[at];
      return whole;
    });
  };
}

/** A'A V over sparse rows: A V, then A' times that, both row by row. */
export function sparseTimesTwice(
  team: Team,
  sparse: SparseRows,
  weights: Float32Array | undefined,
): TimesTwice {
  const [rows, columns] = [placed(team, sparse), placed(team, transposed(sparse))];
  return basis => {
    const places = basis.length / sparse.width;
    return team.scoped(() => {
      const y = team.f32(sparse.rows * places);
      const z = team.f32(basis.length);
      team.run('sparseTimes', sparse.rows, 1024, ...rows, team.copied(basis), places, y);
      weights?.forEach((weight, row) => {
        for (let at = row * places; at < (row + 1) * places; at++) y[at] *= weight;
      });
      team.run('sparseTimes', sparse.width, 256, ...columns, y, places, z);
      return Float64Array.from(z);
    });
  };
}

function placed(
  team: Team,
  { offsets, indices, values }: SparseRows,
): [Uint32Array, Uint32Array, Float32Array | 0] {
  return [team.copied(offsets), team.copied(indices), values ? team.copied(values) : 0];
}

/** The plain twin of both: A'A V of rows by row. */
export function timesTwiceReference(rows: readonly (readonly number[])[], basis: Float32Array): Float64Array {
  const width = rows[0].length;
  const places = basis.length / width;
  const out = new Float64Array(basis.length);
  for (const row of rows)
    for (let c = 0; c < places; c++) {
      const y = row.reduce((sum, value, j) => sum + value * basis[j * places + c], 0);
      row.forEach((value, j) => (out[j * places + c] += value * y));
    }
  return out;
}
