import { MlError } from '../errors.ts';

/**
 * A matrix that remembers what it was computed from, so that `backward` can tell how a number that came of it changes
 * with each of its values (reverse-mode automatic differentiation: Griewank and Walther 2008, chapter 3). In double
 * precision and without haste: it says what the kernels of the perceptron must compute, and proves it in tests.
 *
 * @example
 * const w = tensor([[1, 2]]);
 * const loss = sum(multiply(w, w));
 * backward(loss);
 * w.gradient; // Float64Array [2, 4]
 */
export interface Tensor {
  readonly rows: number;
  readonly columns: number;
  /** By row. */
  readonly data: Float64Array;
  /** Of the number that `backward` was called with, by each value; filled by `backward`. */
  readonly gradient: Float64Array;
  readonly parents: readonly Tensor[];
  /** Adds to the parents' gradients what this one's gradient means for them. */
  readonly pull: () => void;
}

/** A tensor that comes from nowhere: data, or parameters. */
export function tensor(values: readonly (readonly number[])[]): Tensor {
  return tensorOf(values.length, values[0]?.length ?? 0, values.flat());
}

/** A tensor of `rows` x `columns` values by row. */
export function tensorOf(rows: number, columns: number, values: ArrayLike<number>): Tensor {
  if (values.length !== rows * columns)
    throw new MlError('ml.bad_table', `${values.length} values do not fill ${rows} x ${columns}`);
  return made(rows, columns, [], (at, _) => values[at], nothing);
}

/** Fills in the gradient of a 1 x 1 tensor by everything that it was computed from. */
export function backward(result: Tensor): void {
  if (result.data.length !== 1)
    throw new MlError('ml.bad_table', `only one number has a gradient; this is ${shapeOf(result)}`);
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const visit = (each: Tensor): void => {
    if (seen.has(each)) return;
    seen.add(each);
    each.parents.forEach(visit);
    order.push(each);
  };
  visit(result);
  order.forEach(each => each.gradient.fill(0));
  result.gradient[0] = 1;
  for (const each of order.toReversed()) each.pull();
}

// Value by value. An operand with one row, or one column, stands for as many as the other has.

export const add = (a: Tensor, b: Tensor): Tensor =>
  combined(
    a,
    b,
    (x, y) => x + y,
    () => 1,
    () => 1,
  );

export const subtract = (a: Tensor, b: Tensor): Tensor =>
  combined(
    a,
    b,
    (x, y) => x - y,
    () => 1,
    () => -1,
  );

export const multiply = (a: Tensor, b: Tensor): Tensor =>
  combined(
    a,
    b,
    (x, y) => x * y,
    (_, y) => y,
    x => x,
  );

export const divide = (a: Tensor, b: Tensor): Tensor =>
  combined(
    a,
    b,
    (x, y) => x / y,
    (_, y) => 1 / y,
    (x, y) => -x / (y * y),
  );

export const scale = (a: Tensor, factor: number): Tensor =>
  mapped(
    a,
    x => factor * x,
    () => factor,
  );

export const exp = (a: Tensor): Tensor => mapped(a, Math.exp, (_, y) => y);
export const log = (a: Tensor): Tensor => mapped(a, Math.log, x => 1 / x);
export const squareRoot = (a: Tensor): Tensor => mapped(a, Math.sqrt, (_, y) => 0.5 / y);
export const square = (a: Tensor): Tensor =>
  mapped(
    a,
    x => x * x,
    x => 2 * x,
  );
export const absolute = (a: Tensor): Tensor => mapped(a, Math.abs, Math.sign);

/** max(0, x); its slope at 0 is taken for 0. */
export const relu = (a: Tensor): Tensor =>
  mapped(
    a,
    x => Math.max(0, x),
    x => Number(x > 0),
  );
export const sigmoid = (a: Tensor): Tensor =>
  mapped(
    a,
    x => 1 / (1 + Math.exp(-x)),
    (_, y) => y * (1 - y),
  );
export const tanh = (a: Tensor): Tensor => mapped(a, Math.tanh, (_, y) => 1 - y * y);

/** ln(1 + e^x), without overflow. */
export const softplus = (a: Tensor): Tensor =>
  mapped(
    a,
    x => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x),
    x => 1 / (1 + Math.exp(-x)),
  );

/** x / 2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): Hendrycks and Gimpel 2016, in their approximation by tanh. */
export function gelu(a: Tensor): Tensor {
  const inner = scale(add(a, scale(multiply(a, square(a)), 0.044715)), Math.sqrt(2 / Math.PI));
  return scale(multiply(a, add(tanh(inner), tensor([[1]]))), 0.5);
}

/** x^2 / 2 up to `delta` from 0, a straight line beyond (Huber 1964). */
export const huber = (a: Tensor, delta: number): Tensor =>
  mapped(
    a,
    x => (Math.abs(x) <= delta ? (x * x) / 2 : delta * (Math.abs(x) - delta / 2)),
    x => Math.max(-delta, Math.min(delta, x)),
  );

// Over rows and columns.

/** Of all values: 1 x 1. */
export const sum = (a: Tensor): Tensor => sumRows(sumColumns(a));
export const mean = (a: Tensor): Tensor => scale(sum(a), 1 / a.data.length);

/** Of each column: 1 x columns. */
export const sumRows = (a: Tensor): Tensor => matmul(ones(1, a.rows), a);
/** Of each row: rows x 1. */
export const sumColumns = (a: Tensor): Tensor => matmul(a, ones(a.columns, 1));

/** The logarithm of each row's softmax. */
export function logSoftmax(a: Tensor): Tensor {
  // the largest value is taken out first: a constant of each row, which changes nothing but the rounding
  const largest = Array.from({ length: a.rows }, (_, i) =>
    Math.max(...a.data.subarray(i * a.columns, (i + 1) * a.columns)),
  );
  const shifted = subtract(a, tensorOf(a.rows, 1, largest));
  return subtract(shifted, log(sumColumns(exp(shifted))));
}

export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.columns !== b.rows)
    throw new MlError('ml.bad_table', `${shapeOf(a)} times ${shapeOf(b)} is no matrix`);
  const [n, depth] = [b.columns, a.columns];
  const value = (_: number, i: number, j: number): number => {
    let dot = 0;
    for (let k = 0; k < depth; k++) dot += a.data[i * depth + k] * b.data[k * n + j];
    return dot;
  };
  return made(a.rows, n, [a, b], value, out =>
    each(out, (at, i, j) => {
      for (let k = 0; k < depth; k++) {
        a.gradient[i * depth + k] += out.gradient[at] * b.data[k * n + j];
        b.gradient[k * n + j] += out.gradient[at] * a.data[i * depth + k];
      }
    }),
  );
}

// From place to place.

/** The rows at these positions, one below the other: an embedding's look-up. */
export function gather(a: Tensor, positions: ArrayLike<number>): Tensor {
  return moved(a, positions.length, a.columns, (i, j) => positions[i] * a.columns + j);
}

/** Of each row, the value in the column that is named for it: rows x 1. */
export function choose(a: Tensor, columns: ArrayLike<number>): Tensor {
  return moved(a, a.rows, 1, i => i * a.columns + columns[i]);
}

export function transpose(a: Tensor): Tensor {
  return moved(a, a.columns, a.rows, (i, j) => j * a.columns + i);
}

/** Tensors of as many rows, side by side. */
export function concat(parts: readonly Tensor[]): Tensor {
  const whole = parts.reduce((count, part) => count + part.columns, 0);
  let from = 0;
  // each is moved to its own columns by a matrix of zeros and ones
  return parts
    .map(part => {
      const place = made(part.columns, whole, [], (_, i, j) => Number(j === from + i), nothing);
      from += part.columns;
      return matmul(part, place);
    })
    .reduce(add);
}

/** Zero where the mask is, larger by the share that is kept elsewhere (Srivastava et al. 2014). */
export function dropout(a: Tensor, kept: ArrayLike<number>, rate: number): Tensor {
  const mask = made(a.rows, a.columns, [], at => Number(kept[at] > 0) / (1 - rate), nothing);
  return multiply(a, mask);
}

function moved(a: Tensor, rows: number, columns: number, from: (i: number, j: number) => number): Tensor {
  return made(
    rows,
    columns,
    [a],
    (_, i, j) => a.data[from(i, j)],
    out => each(out, (at, i, j) => (a.gradient[from(i, j)] += out.gradient[at])),
  );
}

function ones(rows: number, columns: number): Tensor {
  return made(rows, columns, [], () => 1, nothing);
}

function mapped(a: Tensor, f: (x: number) => number, slope: (x: number, y: number) => number): Tensor {
  return made(
    a.rows,
    a.columns,
    [a],
    at => f(a.data[at]),
    out => each(out, at => (a.gradient[at] += out.gradient[at] * slope(a.data[at], out.data[at]))),
  );
}

type OfTwo = (x: number, y: number) => number;

function combined(a: Tensor, b: Tensor, f: OfTwo, slopeA: OfTwo, slopeB: OfTwo): Tensor {
  const [rows, columns] = [Math.max(a.rows, b.rows), Math.max(a.columns, b.columns)];
  for (const each of [a, b])
    if (![1, rows].includes(each.rows) || ![1, columns].includes(each.columns))
      throw new MlError('ml.bad_table', `${shapeOf(a)} and ${shapeOf(b)} do not fit each other`);
  const place = (of: Tensor, i: number, j: number): number =>
    (of.rows === 1 ? 0 : i) * of.columns + (of.columns === 1 ? 0 : j);
  const value = (_: number, i: number, j: number): number =>
    f(a.data[place(a, i, j)], b.data[place(b, i, j)]);
  return made(rows, columns, [a, b], value, out =>
    each(out, (at, i, j) => {
      const [p, q] = [place(a, i, j), place(b, i, j)];
      const [x, y, g] = [a.data[p], b.data[q], out.gradient[at]];
      a.gradient[p] += g * slopeA(x, y);
      b.gradient[q] += g * slopeB(x, y);
    }),
  );
}

/** @param pull given the tensor itself once its gradient is known */
function made(
  rows: number,
  columns: number,
  parents: readonly Tensor[],
  value: (at: number, i: number, j: number) => number,
  pull: (out: Tensor) => void,
): Tensor {
  const size = rows * columns;
  const [data, gradient] = [new Float64Array(size), new Float64Array(size)];
  const out: Tensor = { rows, columns, data, gradient, parents, pull: () => pull(out) };
  each(out, (at, i, j) => (data[at] = value(at, i, j)));
  return out;
}

function each({ rows, columns }: Tensor, visit: (at: number, i: number, j: number) => void): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) visit(i * columns + j, i, j);
}

function nothing(): void {
  // data and parameters come from nowhere
}

function shapeOf({ rows, columns }: Tensor): string {
  return `${rows} x ${columns}`;
}
