// The plain twins of kernels/linear.ts: the same sums in double precision, one row after the other.
import type { Objective } from '../numeric/lbfgs.ts';
import { sigmoid } from '../numeric/logistic.ts';
import type { Table } from '../table.ts';
import type { Loss } from './losses.ts';

export interface Rows {
  table: Table;
  target: Float32Array;
  weights: Float32Array;
}

/** Loss of one row by its score and target, and its slope in the score. */
const POINT: Readonly<Record<Exclude<Loss, 'softmax'>, (z: number, y: number) => [number, number]>> = {
  logistic: (z, y) => [Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y * z, sigmoid(z) - y],
  poisson: (z, y) => [Math.exp(z) - y * z, Math.exp(z) - y],
  gamma: (z, y) => [z + y * Math.exp(-z), 1 - y * Math.exp(-z)],
};

/** As `penalisedLoss` of losses.ts. */
export function plainLoss(rows: Rows, loss: Loss, classes: number, l2: number): Objective {
  const { table, target, weights } = rows;
  const width = table.columns.length + 1;
  const total = weights.reduce((sum, w) => sum + w, 0);
  return (b, gradient) => {
    gradient.fill(0);
    let sum = 0;
    for (let row = 0; row < table.rows; row++) {
      const x = rowOf(table, row);
      const [value, slopes] = rowLoss(loss, scores(b, x, classes), target[row]);
      sum += weights[row] * value;
      slopes.forEach((slope, k) =>
        x.forEach((v, j) => (gradient[k * width + j] = gradient[k * width + j] + weights[row] * slope * v)),
      );
    }
    const penalised = b.map((v, at) => (at % width === 0 ? 0 : v));
    penalised.forEach((v, at) => (gradient[at] = (gradient[at] + l2 * v) / total));
    return (sum + (l2 / 2) * penalised.reduce((all, v) => all + v * v, 0)) / total;
  };
}

/** 1, then the row's values. */
function rowOf(table: Table, row: number): number[] {
  return [1, ...table.columns.map(column => column[row])];
}

function scores(b: Float64Array, x: readonly number[], classes: number): number[] {
  return Array.from({ length: classes }, (_, k) => x.reduce((sum, v, j) => sum + v * b[k * x.length + j], 0));
}

function rowLoss(loss: Loss, z: readonly number[], y: number): [number, number[]] {
  if (loss !== 'softmax') {
    const [value, slope] = POINT[loss](z[0], y);
    return [value, [slope]];
  }
  const all = Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0));
  return [all - z[y], z.map((v, k) => Math.exp(v - all) - Number(k === y))];
}

/** As `gram` of design.ts: the lower half of sum w u u', u = (1, x - means). */
export function plainGram({ table, weights }: Rows, means: Float64Array): Float64Array {
  const n = table.columns.length + 1;
  const matrix = new Float64Array(n * n);
  for (let row = 0; row < table.rows; row++) {
    const u = rowOf(table, row).map((v, j) => (j === 0 ? v : v - means[j - 1]));
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[i * n + j] + weights[row] * u[i] * u[j];
  }
  return matrix;
}
