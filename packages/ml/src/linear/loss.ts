import type { Objective } from '../numeric/lbfgs.ts';
import type { Table } from '../table.ts';

/** Rows worked on at a time: their sums stay in the processor's first cache while every column passes over them. */
const CHUNK = 1024;

export interface LogisticData {
  table: Table;
  target: Float32Array;
  weights: Float32Array | undefined;
  /** Sum of the weights, or the number of rows. */
  total: number;
}

/**
 * The penalised loss of logistic regression per unit of weight, and its gradient:
 * (1/W) [ sum w_i (ln(1 + e^z_i) - y_i z_i) + l2/2 |b|^2 ], z = b_0 + X b. Coefficient 0 is the intercept, unpenalised.
 * Sums are in double precision.
 */
export function logisticLoss(data: LogisticData, l2: number): Objective {
  const z = new Float64Array(CHUNK);
  return (coefficients, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let from = 0; from < data.table.rows; from += CHUNK) {
      const n = Math.min(CHUNK, data.table.rows - from);
      linear(data.table, coefficients, from, n, z);
      loss += residuals(data, from, n, z, gradient);
      data.table.columns.forEach(
        (column, j) => (gradient[j + 1] = gradient[j + 1] + against(column, from, n, z)),
      );
    }
    return penalised(loss, coefficients, gradient, l2, data.total);
  };
}

/** z = b_0 + X b for `n` rows from `from`. */
export function linear(
  table: Table,
  coefficients: Float64Array,
  from: number,
  n: number,
  z: Float64Array,
): void {
  z.fill(coefficients[0], 0, n);
  table.columns.forEach((column, j) => plus(z, column, from, n, coefficients[j + 1]));
}

function plus(z: Float64Array, column: Float32Array, from: number, n: number, weight: number): void {
  for (let i = 0; i < n; i++) z[i] += weight * column[from + i];
}

/** Turns z into weighted residuals w (p - y), adds their sum to the intercept's gradient, and returns the loss. */
function residuals(
  data: LogisticData,
  from: number,
  n: number,
  z: Float64Array,
  gradient: Float64Array,
): number {
  let [loss, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    const odds = z[i];
    const y = data.target[from + i];
    const weight = data.weights === undefined ? 1 : data.weights[from + i];
    const e = Math.exp(-Math.abs(odds));
    loss += weight * (Math.log1p(e) + Math.max(odds, 0) - y * odds);
    sum += z[i] = weight * ((odds >= 0 ? 1 : e) / (1 + e) - y);
  }
  gradient[0] = gradient[0] + sum;
  return loss;
}

function against(column: Float32Array, from: number, n: number, residual: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += column[from + i] * residual[i];
  return sum;
}

function penalised(loss: number, b: Float64Array, gradient: Float64Array, l2: number, total: number): number {
  let squares = 0;
  for (let j = 1; j < b.length; j++) {
    squares += b[j] * b[j];
    gradient[j] = (gradient[j] + l2 * b[j]) / total;
  }
  gradient[0] = gradient[0] / total;
  return (loss + (l2 / 2) * squares) / total;
}

/** The Hessian of the summed loss and penalty: sum w p (1 - p) x x' + l2, (d + 1) x (d + 1) by row, lower half. */
export function logisticHessian(data: LogisticData, b: Float64Array, l2: number): Float64Array {
  const n = b.length;
  const hessian = new Float64Array(n * n);
  const z = new Float64Array(CHUNK);
  for (let from = 0; from < data.table.rows; from += CHUNK) {
    const rows = Math.min(CHUNK, data.table.rows - from);
    linear(data.table, b, from, rows, z);
    curvatures(data, from, rows, z);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++)
        hessian[i * n + j] += product(data.table.columns[i - 1], data.table.columns[j - 1], from, rows, z);
  }
  for (let j = 1; j < n; j++) hessian[j * n + j] += l2;
  return hessian;
}

function curvatures(data: LogisticData, from: number, n: number, z: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const e = Math.exp(-Math.abs(z[i]));
    z[i] = ((data.weights?.[from + i] ?? 1) * e) / ((1 + e) * (1 + e));
  }
}

/** Sum of h a b over a chunk; an absent column is the intercept's ones. */
function product(
  a: Float32Array | undefined,
  b: Float32Array | undefined,
  from: number,
  n: number,
  h: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++)
    sum += h[i] * (a === undefined ? 1 : a[from + i]) * (b === undefined ? 1 : b[from + i]);
  return sum;
}
