import { withTeam } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import { grainOf, tiled, tilesOf } from './design.ts';
import { scoresOf } from './scores.ts';

/** From so many products on, kernels are worth a copy of the table. */
const MANY_PRODUCTS = 1_000_000;

/**
 * Probabilities of rows x classes, by row: the softmax of z_k = b_k0 + x b_k.
 *
 * @param coefficients class after class, each with its intercept first
 */
export function softmaxProbabilities(
  table: Table,
  coefficients: Float64Array,
  classes: number,
): Float64Array {
  return table.rows * coefficients.length < MANY_PRODUCTS
    ? plainProbabilities(table, coefficients, classes)
    : probabilitiesByKernel(table, coefficients, classes);
}

export function plainProbabilities(table: Table, coefficients: Float64Array, classes: number): Float64Array {
  const width = table.columns.length + 1;
  const scores = Array.from({ length: classes }, (_, k) =>
    scoresOf(table, coefficients.subarray(k * width, (k + 1) * width)),
  );
  const p = new Float64Array(table.rows * classes);
  for (let row = 0; row < table.rows; row++) {
    const most = scores.reduce((max, z) => Math.max(max, z[row]), -Infinity);
    const exponentials = scores.map(z => Math.exp(z[row] - most));
    const sum = exponentials.reduce((all, e) => all + e, 0);
    exponentials.forEach((e, k) => (p[row * classes + k] = e / sum));
  }
  return p;
}

export function probabilitiesByKernel(
  table: Table,
  coefficients: Float64Array,
  classes: number,
): Float64Array {
  const { rows, columns } = table;
  return withTeam('linear', { work: rows * coefficients.length }, team => {
    team.scratch(classes * 256 + 64);
    const [tiles, count] = [tiled(team, table), tilesOf(rows)];
    const [b, out] = [team.copied(coefficients), team.f64(count * 32 * classes)];
    team.run('softmaxOf', count, grainOf(columns.length, classes), tiles, columns.length, b, classes, out);
    return out.slice(0, rows * classes);
  });
}
