/** What a tree may become. */
export interface GrowthRules {
  leaves: number;
  /** Least weight of rows in a leaf; told from their share of the curvature, as LightGBM does. */
  minLeaf: number;
  /** Least sum of curvature in a leaf. */
  minHessian: number;
  l2: number;
  /** A split must lower the loss by more, up to a factor of 2. */
  minGain: number;
  /** By column: 1 where the score must not fall as the column rises, -1 where it must not rise, 0 where it is free. */
  monotone: Int8Array;
}

/**
 * How categories are ordered and kept from fitting noise; LightGBM's defaults (Ke et al. 2017, its parameters cat_smooth,
 * cat_l2, max_cat_threshold, max_cat_to_onehot).
 */
export const CATEGORIES = {
  /** Curvature added when categories are ordered by slope over curvature. */
  smoothing: 10,
  /** Penalty beside `l2` where a split takes several categories. */
  l2: 10,
  /** Categories on the smaller side of a split at most. */
  most: 32,
  /** So few categories are each tried against the rest. */
  oneAgainstRest: 4,
  /** A category takes part where it has half of `minLeaf`, at most this weight of rows. */
  least: 10,
  /** Categories join a side in groups of five times `minLeaf`, at most this weight of rows. */
  leastGroup: 100,
} as const;

/** Of the whole numbers in a packed cell: how many make one unit of slope and of curvature. */
export interface Scale {
  slope: number;
  curvature: number;
}

/**
 * The largest scales at which no sum over the rows can leave 31 bits, whatever rows are summed.
 *
 * @param slopes sum of the sizes of all slopes
 */
export function scaleFor(rows: number, slopes: number, curvatures: number): Scale {
  const room = 2 ** 31 - 1 - rows; // each row is rounded by half a unit at most
  const scale = (sum: number): number => (sum > 0 ? Math.fround((room / sum) * LESS) : 1);
  return { slope: scale(slopes), curvature: scale(curvatures) };
}

/** Room for the rounding of what is multiplied in 32 bits. */
const LESS = 1 - 2 ** -20;
