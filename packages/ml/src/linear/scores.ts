import type { Contributions } from '../estimator.ts';
import { pick, recoded, type Table } from '../table.ts';

/** Rows worked on at a time: their sums stay in the processor's first cache while every column passes over them. */
const CHUNK = 1024;

/** The columns that a model reads, which must be numbers. */
export function numbersOf(table: Table, features: readonly string[]): Table {
  return recoded(pick(table, features), undefined);
}

/**
 * z = b_0 + X b of each row. Plain on purpose: each value is read once, so that copying it into linear memory would cost
 * as much as this.
 *
 * @param coefficients intercept first
 */
export function scoresOf(table: Table, coefficients: Float64Array): Float64Array {
  const z = new Float64Array(table.rows).fill(coefficients[0]);
  for (let from = 0; from < table.rows; from += CHUNK) {
    const to = Math.min(table.rows, from + CHUNK);
    table.columns.forEach((column, j) => addColumn(z, column, coefficients[j + 1], from, to));
  }
  return z;
}

function addColumn(z: Float64Array, column: Float32Array, weight: number, from: number, to: number): void {
  for (let i = from; i < to; i++) z[i] += weight * column[i];
}

/**
 * (value - mean) x weight: the exact Shapley values of a linear model with independent features (Lundberg and Lee 2017).
 *
 * @param coefficients intercept first
 * @param means of each feature over the rows learned from
 */
export function linearContributions(
  table: Table,
  coefficients: Float64Array,
  means: Float64Array,
): Contributions {
  const d = table.columns.length;
  const values = new Float64Array(table.rows * d);
  let base = coefficients[0];
  table.columns.forEach((column, j) => {
    const weight = coefficients[j + 1];
    base += weight * means[j];
    for (let row = 0; row < table.rows; row++) values[row * d + j] = weight * (column[row] - means[j]);
  });
  return { base, features: table.names, values };
}

/** The coefficient of each feature by its name. */
export function weightsOf(
  features: readonly string[],
  coefficients: Float64Array,
): ReadonlyMap<string, number> {
  return new Map(features.map((name, j) => [name, coefficients[j + 1]]));
}
