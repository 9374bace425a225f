import { pick, type Table } from '../table.ts';
import { dictionaryOf } from '../table.ts';
import { MlError } from '../errors.ts';

/** Directions in the space of some columns. */
export interface Projection {
  readonly features: readonly string[];
  /** Taken from each column first. */
  readonly means: Float64Array;
  /** Components x columns, by row. */
  readonly vectors: Float64Array;
  /** What each component is divided by. */
  readonly scales: Float64Array;
}

/** Names of the columns that come out: `prefix1`, `prefix2`, … */
export function namesOf(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, c) => `${prefix}${c + 1}`);
}

/** Each row along each direction. A missing value leaves the whole row missing. */
export function projected(table: Table, prefix: string, projection: Projection): Table {
  const { features, means, vectors, scales } = projection;
  const { rows, columns } = numbersOf(table, features);
  const sum = new Float64Array(rows);
  const out = Array.from(scales, (scale, c) => {
    sum.fill(0);
    columns.forEach((column, j) => addScaled(sum, column, means[j], vectors[c * features.length + j]));
    return Float32Array.from(sum, value => value / scale);
  });
  return { names: namesOf(prefix, scales.length), rows, columns: out };
}

function numbersOf(table: Table, features: readonly string[]): Table {
  const picked = pick(table, features);
  const words = features.find(name => dictionaryOf(picked, name));
  if (words !== undefined)
    throw new MlError('ml.bad_table', `column "${words}" is of words; it was learned as one of numbers`);
  return picked;
}

function addScaled(sum: Float64Array, column: Float32Array, mean: number, factor: number): void {
  for (let row = 0; row < sum.length; row++) sum[row] += factor * (column[row] - mean);
}

/** Back from the directions to the columns; what lies off all of them is lost. */
export function unprojected(table: Table, prefix: string, projection: Projection): Table {
  const { features, means, vectors, scales } = projection;
  const { rows, columns } = pick(table, namesOf(prefix, scales.length));
  const back = features.map((_, j) => {
    const sum = new Float64Array(rows).fill(means[j]);
    columns.forEach((column, c) => addScaled(sum, column, 0, scales[c] * vectors[c * features.length + j]));
    return Float32Array.from(sum);
  });
  return { names: features, rows, columns: back };
}

/** For each direction the column that weighs most in it. */
export function mainSources({ features, vectors, scales }: Projection): string[] {
  return Array.from(scales, (_, c) => {
    const own = vectors.subarray(c * features.length, (c + 1) * features.length);
    return features[own.reduce((best, value, j) => (Math.abs(value) > Math.abs(own[best]) ? j : best), 0)];
  });
}
