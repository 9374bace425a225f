import { transposed } from '../sparse.ts';
import type { ItemWeights } from './item-weights.ts';

/**
 * Weights out of columns: those of largest size of each are kept.
 *
 * @param items what the rows and columns stand for, rising
 * @param width number of all items
 * @param columnOf the weights that make the score of one of `items`; may be the same array each time
 */
export function columnsToWeights(
  items: Uint32Array,
  width: number,
  neighbours: number,
  columnOf: (j: number) => Float32Array,
): ItemWeights {
  const offsets = new Uint32Array(width + 1);
  const [indices, values]: [Uint32Array[], Float32Array[]] = [[], []];
  let end = 0;
  items.forEach((item, j) => {
    const column = columnOf(j);
    const least = sizeAt(column, neighbours);
    const kept = Uint32Array.from(column.keys()).filter(i => column[i] !== 0 && Math.abs(column[i]) >= least);
    indices.push(kept.map(i => items[i]));
    values.push(Float32Array.from(kept, i => column[i]));
    end += kept.length;
    offsets[item + 1] = kept.length;
  });
  for (let item = 0; item < width; item++) offsets[item + 1] += offsets[item];
  const [all, sizes] = [new Uint32Array(end), new Float32Array(end)];
  items.forEach((item, j) => {
    all.set(indices[j], offsets[item]);
    sizes.set(values[j], offsets[item]);
  });
  const turned = transposed({ rows: width, width, offsets, indices: all, values: sizes });
  return { ...turned, values: turned.values ?? new Float32Array() }; // with values, as they were given
}

/** The size that is reached by so many of the values; 0 where there are no more. */
function sizeAt(values: Float32Array, count: number): number {
  if (count >= values.length) return 0;
  return values.map(Math.abs).sort()[values.length - count];
}
