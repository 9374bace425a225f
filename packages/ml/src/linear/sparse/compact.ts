import type { SparseRows } from '../../sparse.ts';

/** Rows over the features that occur in them only. */
export interface Compact {
  rows: SparseRows;
  /** Which feature each index stands for; rising. */
  features: Uint32Array;
}

/** So much rarer than features must entries be, for it to pay to look at the features that occur only. */
const WORTH = 8;

/**
 * The same rows over fewer features, where they touch few of many: the cost of learning from them then follows their
 * own size instead of the width.
 */
export function compacted(rows: SparseRows): Compact | undefined {
  if (rows.indices.length * WORTH > rows.width) return undefined;
  const features = distinct(rows.indices);
  const position = new Map<number, number>();
  features.forEach((feature, at) => position.set(feature, at));
  const indices = rows.indices.map(feature => position.get(feature) ?? 0);
  return { rows: { ...rows, width: features.length, indices }, features };
}

function distinct(indices: Uint32Array): Uint32Array {
  const sorted = indices.slice().sort();
  return sorted.filter((feature, at) => at === 0 || feature !== sorted[at - 1]);
}
