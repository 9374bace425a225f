import type { Weights } from './learned.ts';
import type { Catalogue } from './past.ts';

export function numbersTo(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at);
}

/** For each product that was learned, its number now; -1 where it is not known any more. */
export function placesOf(products: readonly string[], catalogue: Catalogue): Int32Array {
  const now = new Map(catalogue.map(({ product_id }, at) => [product_id, at]));
  return Int32Array.from(products, id => now.get(id) ?? -1);
}

/** 1 for each product that came after the learning. */
export function newnessOf(places: Int32Array, count: number): Uint8Array {
  const isNew = new Uint8Array(count).fill(1);
  for (const place of places) if (place >= 0) isNew[place] = 0;
  return isNew;
}

/** Weights by the numbers that products have now. @param ways rows to a product, one block after another */
export function renumbered(weights: Weights, places: Int32Array, count: number, ways: 1 | 2): Weights {
  const before = weights.rows / ways;
  const from = new Int32Array(ways * count).fill(-1);
  places.forEach((to, item) => {
    if (to >= 0) for (let way = 0; way < ways; way++) from[way * count + to] = way * before + item;
  });
  const offsets = new Uint32Array(ways * count + 1);
  const [indices, values] = [
    new Uint32Array(weights.indices.length),
    new Float32Array(weights.indices.length),
  ];
  let end = 0;
  from.forEach((row, to) => {
    const last = row < 0 ? -1 : weights.offsets[row + 1];
    for (let at = row < 0 ? 0 : weights.offsets[row]; at < last; at++) {
      const place = places[weights.indices[at]];
      if (place < 0) continue;
      indices[end] = place;
      values[end++] = weights.values[at];
    }
    offsets[to + 1] = end;
  });
  return {
    ...{ rows: ways * count, width: count, offsets },
    ...{ indices: indices.subarray(0, end), values: values.subarray(0, end) },
  };
}

/** A number for each distinct text; 0 for the empty one. */
export function numberedBy(texts: readonly string[]): Uint32Array {
  const numbers = new Map([['', 0]]);
  return Uint32Array.from(texts, text => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  });
}
