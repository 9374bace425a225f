/** The plain twin of kernels/lib/split.ts: see there. Sums of one column by bin. */
export interface Cells {
  slope: ArrayLike<number>;
  curvature: ArrayLike<number>;
}

export interface PlainColumn {
  bins: number;
  isSet: boolean;
  monotone: number;
}

export interface PlainSplit {
  gain: number;
  slope: number;
  curvature: number;
  lastBin: number;
  /** 1 left, 0 right, -1 nothing is missing. */
  missing: number;
  /** Bins on the left, of a column of categories. */
  set: number[];
  isRun: boolean;
}

/** A node as `writeNode` tells it. */
interface Node {
  g: number;
  h: number;
  least: number;
  lower: number;
  upper: number;
  leastGroup: number;
  leastCategory: number;
}

const NONE: PlainSplit = { gain: 0, slope: 0, curvature: 0, lastBin: 0, missing: -1, set: [], isRun: false };

/**
 * @param node what `writeNode` wrote
 * @param rules what `writeRules` wrote
 */
export function bestSplit(
  cells: Cells,
  column: PlainColumn,
  node: ArrayLike<number>,
  rules: ArrayLike<number>,
): PlainSplit {
  const [g, h, least, lower, upper, leastGroup, leastCategory] = Array.from(node);
  const own = { g, h, least, lower, upper, leastGroup, leastCategory };
  const l2 = rules[0];
  const worth = rules[5] > 0 ? gainOfStep(g, h, l2, stepOf(g, h, l2, own)) : (g * g) / (h + l2);
  const none = { ...NONE, gain: worth };
  const search = column.isSet ? bestSet : bestThreshold;
  const found = search(cells, column, own, rules, none);
  return { ...found, gain: found.gain - worth };
}

function stepOf(g: number, h: number, l2: number, { lower, upper }: Node): number {
  return Math.max(lower, Math.min(upper, -g / (h + l2)));
}

function gainOfStep(g: number, h: number, l2: number, step: number): number {
  return -(2 * g * step + (h + l2) * step * step);
}

function boundedGain(gl: number, hl: number, node: Node, l2: number, monotone: number): number {
  const [gr, hr] = [node.g - gl, node.h - hl];
  const [left, right] = [stepOf(gl, hl, l2, node), stepOf(gr, hr, l2, node)];
  if (monotone * (left - right) > 0) return -Infinity;
  return gainOfStep(gl, hl, l2, left) + gainOfStep(gr, hr, l2, right);
}

function isEmpty({ slope, curvature }: Cells, bin: number): boolean {
  return slope[bin] === 0 && curvature[bin] === 0;
}

function bestThreshold(
  cells: Cells,
  column: PlainColumn,
  node: Node,
  rules: ArrayLike<number>,
  none: PlainSplit,
): PlainSplit {
  const { slope, curvature } = cells;
  let best = none;
  const scan = (missing: number, last: number): void => {
    let [gl, hl] = missing === 1 ? [slope[0], curvature[0]] : [0, 0];
    for (let bin = 1; bin <= last; bin++) {
      if (isEmpty(cells, bin)) continue;
      gl += slope[bin];
      hl += curvature[bin];
      const [gr, hr] = [node.g - gl, node.h - hl];
      if (hl < node.least || hr < node.least) continue;
      const gain =
        rules[5] > 0
          ? boundedGain(gl, hl, node, rules[0], column.monotone)
          : (gl * gl) / (hl + rules[0]) + (gr * gr) / (hr + rules[0]);
      if (gain > best.gain)
        best = { gain, slope: gl, curvature: hl, lastBin: bin, missing, set: [], isRun: false };
    }
  };
  if (isEmpty(cells, 0)) scan(-1, column.bins - 1);
  else {
    scan(1, column.bins - 1);
    scan(0, column.bins);
  }
  return best;
}

function bestSet(
  cells: Cells,
  { bins }: PlainColumn,
  node: Node,
  rules: ArrayLike<number>,
  none: PlainSplit,
): PlainSplit {
  const [l2, smoothing, categoryL2, most, oneAgainstRest] = Array.from(rules);
  const { slope, curvature } = cells;
  const ratio = (bin: number): number => slope[bin] / (curvature[bin] + smoothing);
  const order = Array.from({ length: bins + 1 }, (_, bin) => bin)
    .filter(bin => !isEmpty(cells, bin) && curvature[bin] >= node.leastCategory)
    .sort((a, b) => ratio(a) - ratio(b) || a - b);
  const few = order.length <= oneAgainstRest;
  const runs = few
    ? order.toSorted((a, b) => a - b).map(bin => [bin])
    : [order, order.toReversed()].map(run => run.slice(0, Math.min((order.length + 1) >> 1, most)));
  const limits = few
    ? { l2, leastGroup: 0, isRun: false }
    : { l2: l2 + categoryL2, leastGroup: node.leastGroup, isRun: true };
  let best = none;
  for (const run of runs) best = longestGain(cells, run, limits, node, best);
  return { ...best, missing: isEmpty(cells, 0) ? -1 : Number(best.set.includes(0)) };
}

function longestGain(
  { slope, curvature }: Cells,
  run: readonly number[],
  { l2, leastGroup, isRun }: { l2: number; leastGroup: number; isRun: boolean },
  node: Node,
  before: PlainSplit,
): PlainSplit {
  let [gl, hl, group, best] = [0, 0, 0, before];
  for (const [i, bin] of run.entries()) {
    gl += slope[bin];
    hl += curvature[bin];
    group += curvature[bin];
    const hr = node.h - hl;
    if (hl < node.least || group < leastGroup) continue;
    if (hr < node.least || hr < leastGroup) break;
    group = 0;
    const gain = boundedGain(gl, hl, node, l2, 0);
    if (gain > best.gain)
      best = { gain, slope: gl, curvature: hl, lastBin: 0, missing: -1, set: run.slice(0, i + 1), isRun };
  }
  return best;
}
