import { CATEGORIES, type GrowthRules, type Scale } from './rules.ts';

/** Sums over the rows of a node, in whole units of a `Scale`, and what bounds its score. */
export interface NodeSums {
  slope: number;
  curvature: number;
  /** Of its rows. */
  weight: number;
  /** Between these its step must lie, so that columns keep their order. */
  lower: number;
  upper: number;
  /** Penalty on its step beside `l2`: of a node that comes from a run of categories. */
  penalty: number;
}

/** A way to part the rows of a node. */
export interface Split {
  column: number;
  /** In units of the loss. */
  gain: number;
  /** Of a column of numbers: bins up to this go left. */
  lastBin: number;
  /** Whether missing values go left; nothing where the node has none. */
  missingLeft: boolean | undefined;
  /** Of a column of categories: 32 bytes, a bit for each bin that goes left. */
  set: Uint8Array | undefined;
  /** Whether the set is a run in the order of the categories, not one against the rest. */
  isRun: boolean;
  /** Sums of the left side. */
  slope: number;
  curvature: number;
}

/** The step down the slope that a leaf of these rows takes: -G / (H + l2), within its bounds. */
export function stepOf(node: NodeSums, l2: number, scale: Scale): number {
  const down = node.curvature + (l2 + node.penalty) * scale.curvature;
  const step = down > 0 ? ((-node.slope / down) * scale.curvature) / scale.slope : 0;
  return Math.max(node.lower, Math.min(node.upper, step));
}

/** A gain in whole units, in units of the loss. */
export function unscaledGain(gain: number, scale: Scale): number {
  return (gain / scale.slope / scale.slope) * scale.curvature;
}

/** The node as kernels/lib/split.ts takes it: eight f64. */
export function writeNode(
  out: Float64Array,
  at: number,
  node: NodeSums,
  rules: GrowthRules,
  scale: Scale,
): void {
  const { slope, curvature, weight, lower, upper } = node;
  // a little less, for the rounding of weights that are no whole numbers
  const perRow = (curvature / weight) * (1 - 1e-6);
  const bound = scale.slope / scale.curvature;
  out.set(
    [
      slope,
      curvature,
      Math.max(1, rules.minHessian * scale.curvature, rules.minLeaf * perRow),
      lower * bound,
      upper * bound,
      Math.min(CATEGORIES.leastGroup, 5 * rules.minLeaf) * perRow,
      Math.min(CATEGORIES.least, rules.minLeaf / 2) * perRow,
    ],
    at,
  );
}

/** The rules as kernels/lib/split.ts takes them: f64. */
export function writeRules(out: Float64Array, rules: GrowthRules, scale: Scale): void {
  out.set([
    rules.l2 * scale.curvature,
    CATEGORIES.smoothing * scale.curvature,
    CATEGORIES.l2 * scale.curvature,
    CATEGORIES.most,
    CATEGORIES.oneAgainstRest,
    rules.monotone.some(order => order !== 0) ? 1 : 0,
  ]);
}

/** Bounds of the two sides after a split by a column that must keep its order: they part halfway (LightGBM's "basic"). */
export function boundsAfter(
  order: number,
  left: number,
  right: number,
  { lower, upper }: NodeSums,
): { left: { lower: number; upper: number }; right: { lower: number; upper: number } } {
  const middle = (left + right) / 2;
  const [below, above] = [
    { lower, upper: Math.min(upper, middle) },
    { lower: Math.max(lower, middle), upper },
  ];
  if (order === 0) return { left: { lower, upper }, right: { lower, upper } };
  return order > 0 ? { left: below, right: above } : { left: above, right: below };
}
