import type { Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';

const GRAIN = 2048;
/** Rows that lie in the team's memory at a time. */
const CHUNK = 16 * GRAIN;

/** Covariance times (total weight - 1), columns x columns by row, and the mean of each column. */
export interface Scatter {
  scatter: Float64Array;
  means: Float64Array;
  total: number;
}

/** How the columns vary together, by one pass over pieces of them; each piece in single, their sums in double precision. */
export async function scatterOf(
  team: Team,
  table: Table,
  weights: Float32Array | undefined,
): Promise<Scatter> {
  const n = table.columns.length;
  const size = n * (n + 1);
  team.scratch(2048 * (n + 3) * (weights ? 2 : 1));
  const origins = team.copied(Float32Array.from(table.columns, originOf));
  const rows = Math.min(CHUNK, table.rows);
  const parts = table.columns.map(() => team.f32(rows));
  const pointers = team.copied(Uint32Array.from(parts, part => part.byteOffset));
  const own = weights ? team.f32(rows) : 0;
  const sums = team.f64(size * Math.ceil(rows / GRAIN));
  const whole = new Float64Array(size);
  for (let from = 0; from < table.rows; from += CHUNK) {
    const to = Math.min(table.rows, from + CHUNK);
    table.columns.forEach((column, j) => parts[j].set(column.subarray(from, to)));
    if (own && weights) own.set(weights.subarray(from, to));
    team.run('products', to - from, GRAIN, pointers, n, origins, own, sums);
    addBlocks(whole, sums, Math.ceil((to - from) / GRAIN));
    await team.pause();
  }
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? table.rows;
  return { ...centred(whole, origins, n, total), total };
}

/** A value of about the size of the column's: squares of what is left after it do not drown. */
function originOf(column: Float32Array): number {
  const some = column.subarray(0, 1024);
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}

function addBlocks(whole: Float64Array, sums: Float64Array, blocks: number): void {
  for (let block = 0; block < blocks; block++) {
    const from = block * whole.length;
    for (let at = 0; at < whole.length; at++) whole[at] += sums[from + at];
  }
}

/** Both halves of the products about the mean, from the lower half of those about the origins. */
function centred(
  whole: Float64Array,
  origins: Float32Array,
  n: number,
  total: number,
): Pick<Scatter, 'scatter' | 'means'> {
  const offs = whole.subarray(n * n).map(sum => sum / total);
  const scatter = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      scatter[i * n + j] = scatter[j * n + i] = whole[i * n + j] - total * offs[i] * offs[j];
  return { scatter, means: offs.map((off, j) => off + origins[j]) };
}
