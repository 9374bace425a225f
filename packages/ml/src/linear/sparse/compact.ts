import type { SparseRows } from '../../sparse.ts';

/** Rows over the features that occur in them only. */
export interface Compact {
  rows: SparseRows;
  /** Which feature each index stands for; rising. */
  features: Uint32Array;
}

/** So much rarer than features must entries be, for it to pay to look at the features that occur only. */
const WORTH = 8;
/** Where a feature has so many numbers, it always pays. */
const MANY = 16;

/**
 * The same rows over fewer features, where they touch few of many or a feature has many numbers: what it costs to learn
 * and predict then follows the rows instead of the width.
 *
 * @param numbers that are kept of each feature
 */
export function compacted(rows: SparseRows, numbers: number): Compact | undefined {
  if (rows.indices.length * WORTH <= rows.width) return fewOf(rows);
  return numbers >= MANY ? marked(rows) : undefined;
}

/** By sorting what occurs. */
function fewOf(rows: SparseRows): Compact {
  const sorted = rows.indices.slice().sort();
  const features = sorted.filter((feature, at) => at === 0 || feature !== sorted[at - 1]);
  const position = new Map<number, number>();
  features.forEach((feature, at) => position.set(feature, at));
  const indices = rows.indices.map(feature => position.get(feature) ?? 0);
  return { rows: { ...rows, width: features.length, indices }, features };
}

/** By going over the width once. */
function marked(rows: SparseRows): Compact {
  const position = new Uint32Array(rows.width);
  for (const feature of rows.indices) position[feature] = 1;
  const features = new Uint32Array(position.reduce((sum, mark) => sum + mark, 0));
  let next = 0;
  for (let feature = 0; feature < rows.width; feature++)
    if (position[feature] === 1) {
      features[next] = feature;
      position[feature] = next++;
    }
  const indices = rows.indices.map(feature => position[feature]);
  return { rows: { ...rows, width: features.length, indices }, features };
}
