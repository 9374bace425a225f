import { Rng } from '../random/rng.ts';
import { sparseOf } from '../sparse.ts';
import type { Interactions } from './recommender.ts';

/** Interactions of users with tastes: user u likes items of its group best; some items are liked by all. */
export function madeInteractions(users: number, items: number, each: number, seed = 1): Interactions {
  const rng = new Rng(seed);
  const lists = Array.from({ length: users }, (_, user) => {
    const own = new Map<number, number>();
    while (own.size < each) {
      const inGroup = rng.uniform() < 0.75;
      const item = Math.floor(items * rng.uniform() ** (inGroup ? 1.3 : 2));
      own.set(inGroup ? item - (item % 4) + (user % 4) : item, 1 + rng.integer(3));
    }
    return [...own].filter(([item]) => item < items).sort(([a], [b]) => a - b);
  });
  const sparse = sparseOf(items, lists);
  return { ...sparse, times: Float64Array.from(sparse.indices, () => rng.integer(1000)) };
}

/** A dense copy, by row. */
export function dense({ rows, width, offsets, indices, values }: Interactions): Float64Array {
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      out[row * width + indices[at]] += values?.[at] ?? 1;
  return out;
}
