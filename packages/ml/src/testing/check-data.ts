import { Rng } from '../random/rng.ts';
import { sparseRowsAt, type SparseRows } from '../sparse.ts';
import { rowsAt, type Table } from '../table.ts';

/** What a target means, and so what a prediction must be. */
export type Task = 'binary' | 'multiclass' | 'regression' | 'positive' | 'count';

export const CLASSES = 3;

/** Data of one shape that the suite makes, takes rows of, and spoils. */
export interface DataOf<X> {
  make(task: Task, rows: number, seed: number): { x: X; y: Float32Array };
  at(x: X, positions: ArrayLike<number>): X;
  rows(x: X): number;
}

export const tables: DataOf<Table> = {
  make: (task, rows, seed) => {
    const rng = new Rng(seed);
    const columns = Array.from({ length: 4 }, () => Float32Array.from({ length: rows }, () => rng.normal()));
    const [a, b, c] = columns;
    const score = (row: number): number => 1.5 * a[row] - b[row] + 0.5 * a[row] * c[row];
    return { x: { names: ['a', 'b', 'c', 'noise'], rows, columns }, y: targetOf(task, rows, score, rng) };
  },
  at: rowsAt,
  rows: table => table.rows,
};

/** Ten words a row of a thousand, some of which matter. */
export const sparseData: DataOf<SparseRows> = {
  make: (task, rows, seed) => {
    const [rng, words, width] = [new Rng(seed), 10, 1000];
    const weights = Float64Array.from({ length: width }, (_, word) => (word < 100 ? rng.normal() : 0));
    const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => row * words);
    const indices = new Uint32Array(rows * words);
    for (let row = 0; row < rows; row++) indices.set(distinct(words, width, rng), row * words);
    const score = (row: number): number =>
      indices.subarray(row * words, (row + 1) * words).reduce((sum, word) => sum + weights[word], 0);
    return { x: { rows, width, offsets, indices }, y: targetOf(task, rows, score, rng) };
  },
  at: sparseRowsAt,
  rows: sparse => sparse.rows,
};

/** Different words in rising order, the first of them among those that matter. */
function distinct(count: number, below: number, rng: Rng): number[] {
  const chosen = new Set([rng.integer(100)]);
  while (chosen.size < count) chosen.add(rng.integer(below));
  return [...chosen].sort((a, b) => a - b);
}

function targetOf(task: Task, rows: number, score: (row: number) => number, rng: Rng): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    const z = score(row);
    if (task === 'binary') return Number(rng.uniform() < 1 / (1 + Math.exp(-2 * z)));
    if (task === 'multiclass') return z < -0.8 ? 0 : z < 0.8 ? 1 : 2;
    if (task === 'regression') return z + 0.1 * rng.normal();
    const mean = Math.exp(0.4 * z);
    return task === 'positive' ? mean * (0.5 + rng.uniform()) : poisson(mean, rng);
  });
}

/** By counting exponential waits (Knuth 1969). */
function poisson(mean: number, rng: Rng): number {
  let [count, left] = [0, rng.uniform()];
  const least = Math.exp(-mean);
  while (left > least) {
    count++;
    left *= rng.uniform();
  }
  return count;
}
