import { bestOf, listsOf } from './lists.reference.ts';
import { weightsOf, type ItemWeights } from './item-weights.ts';
import type { Interactions } from './recommender.ts';

/**
 * What follows what: for items i and j, the sum of 1/n over all places where j comes n <= window interactions after i,
 * over the number of i's interactions and over heldBack[j]. The largest `k` of each i are kept.
 *
 * @param data each row in order
 */
export function transitionsOf(
  data: Interactions,
  window: number,
  heldBack: Float32Array,
  k: number,
): ItemWeights {
  const { width, offsets, indices } = data;
  const places = placesByItem(data);
  const sums = new Float32Array(width);
  const lists = Array.from({ length: width }, (_, item) => {
    sums.fill(0);
    const [from, to] = [places.offsets[item], places.offsets[item + 1]];
    for (let p = from; p < to; p++) {
      const at = places.at[p];
      const end = Math.min(offsets[places.row[p] + 1], at + 1 + window);
      for (let next = at + 1; next < end; next++)
        sums[indices[next]] += 1 / ((next - at) * heldBack[indices[next]] * (to - from));
    }
    return bestOf(sums, { k }, [item]);
  });
  return weightsOf(listsOf(lists));
}

/** For each item, where it comes in the data, and in whose row. */
function placesByItem({ rows, width, offsets, indices }: Interactions): {
  offsets: Uint32Array;
  at: Uint32Array;
  row: Uint32Array;
} {
  const starts = new Uint32Array(width + 1);
  for (const item of indices) starts[item + 1]++;
  for (let item = 0; item < width; item++) starts[item + 1] += starts[item];
  const next = starts.slice();
  const [place, owner] = [new Uint32Array(indices.length), new Uint32Array(indices.length)];
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const to = next[indices[at]]++;
      place[to] = at;
      owner[to] = row;
    }
  return { offsets: starts, at: place, row: owner };
}
