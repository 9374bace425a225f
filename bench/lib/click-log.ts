import { Rng, type SparseRows } from '@bellwether/ml';

export const COLUMNS = 39;
export const WIDTH = 1 << 22;

export interface ClickLog {
  /** One entry a column, hashed onto WIDTH places. */
  rows: SparseRows;
  clicks: Float32Array;
  /** Log loss of the probabilities that the clicks were drawn by: no model can do better but by luck. */
  bestLoss: number;
}

/** Columns have from 4 to 2 million words; a word's frequency falls with its rank (Zipf). */
const WORDS = Array.from({ length: COLUMNS }, (_, column) => 4 * 500_000 ** (column / (COLUMNS - 1)));
const INTERCEPT = -1.5;
const SPREAD = 1.2;

/** A made log of clicks: each word of each column has a weight of its own, and the click follows from their sum. */
export function clickLog(count: number, seed: number): ClickLog {
  const rng = new Rng(seed);
  const indices = new Uint32Array(count * COLUMNS);
  const clicks = new Float32Array(count);
  let loss = 0;
  for (let row = 0; row < count; row++) {
    let z = INTERCEPT;
    for (let column = 0; column < COLUMNS; column++) {
      const word = Math.floor(WORDS[column] ** rng.uniform());
      const hash = mixed(Math.imul(column + 1, 0x9e3779b1) ^ mixed(word));
      indices[row * COLUMNS + column] = hash % WIDTH;
      z += SPREAD * (mixed(hash + 1) / 2 ** 32 - 0.5);
    }
    const p = 1 / (1 + Math.exp(-z));
    clicks[row] = Number(rng.uniform() < p);
    loss -= Math.log(clicks[row] ? p : 1 - p) / count;
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_, row) => row * COLUMNS);
  return { rows: { rows: count, width: WIDTH, offsets, indices }, clicks, bestLoss: loss };
}

function mixed(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}
