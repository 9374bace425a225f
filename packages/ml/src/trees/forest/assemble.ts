import { dictionaryOf, type Table } from '../../table.ts';
import { between, type BinnedTable, type ColumnBins } from '../binning.ts';
import type { Forest } from '../forest.ts';
import type { GrowthData, RawTree } from './grow.ts';

/** A tree alone: the arrays of a Forest, its root at 0. */
export interface GrownTree {
  feature: Int32Array;
  threshold: Float32Array;
  set: Int32Array;
  sets: number[];
  left: Int32Array;
  right: Int32Array;
  missingLeft: Uint8Array;
  /** nodes x width */
  value: Float64Array;
  cover: Float64Array;
  gain: Float64Array;
}

/** The least and the largest value in each bin of a column, over the rows that count. */
export interface Bounds {
  low: Float32Array;
  high: Float32Array;
}

/** For each column of numbers, what lies in its bins: thresholds go halfway between values that a node has. */
export function boundsOf(
  { table, weights }: GrowthData,
  bins: readonly ColumnBins[],
  { byColumn, rows }: BinnedTable,
): Bounds[] {
  return bins.map(({ codes }, j) => {
    const low = new Float32Array(codes ? 0 : 256).fill(Infinity);
    const high = new Float32Array(codes ? 0 : 256).fill(-Infinity);
    const [column, own] = [table.columns[j], byColumn.subarray(j * rows, (j + 1) * rows)];
    for (let row = 0; row < rows && !codes; row++) {
      if (weights && !(weights[row] > 0)) continue;
      const [bin, value] = [own[row], column[row]];
      if (value < low[bin]) low[bin] = value;
      if (value > high[bin]) high[bin] = value;
    }
    return { low, high };
  });
}

// places in a node of the kernel: see kernels/grow.ts
const NODE_BYTES = 48;
const COLUMN = 12;
const LEFT = 16;
const LAST = 20;
const NEXT = 24;
const MISSING = 28;
const GAIN = 32;
const SET_WORDS = 16;
/** Above it is no 32-bit number: only missing values go right. */
const ABOVE_ALL = 3.4028234663852886e38;

export function treeOf(
  raw: RawTree,
  data: GrowthData,
  bins: readonly ColumnBins[],
  bounds: readonly Bounds[],
): GrownTree {
  const tree = emptyTree(raw.count, data.width);
  const cells = data.scales.length;
  const total = scaledWeight(raw.sums.subarray(0, cells), data);
  for (let node = 0; node < raw.count; node++) {
    const sums = raw.sums.subarray(node * cells, (node + 1) * cells);
    tree.value.set(data.valueOf(sums), node * data.width);
    tree.cover[node] = coverOf(sums, data);
    if (raw.nodes.getInt32(node * NODE_BYTES + LEFT, true) === 0) continue;
    ask(tree, node, raw, bins, bounds);
    tree.gain[node] = raw.nodes.getFloat64(node * NODE_BYTES + GAIN, true) / total;
  }
  return tree;
}

function emptyTree(nodes: number, width: number): GrownTree {
  return {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    set: new Int32Array(nodes).fill(-1),
    sets: [],
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes * width),
    cover: new Float64Array(nodes),
    gain: new Float64Array(nodes),
  };
}

/** Weight of the rows of a node. */
function coverOf(sums: Float64Array, { classes }: GrowthData): number {
  return classes ? sums.reduce((sum, weight) => sum + weight, 0) : sums[0];
}

/** As it counts in impurities. */
function scaledWeight(sums: Float64Array, { classes, scales }: GrowthData): number {
  return classes ? sums.reduce((sum, weight, k) => sum + weight * scales[k], 0) : sums[0];
}

/** Writes the question of one node. */
function ask(
  tree: GrownTree,
  node: number,
  { nodes, sets }: RawTree,
  bins: readonly ColumnBins[],
  bounds: readonly Bounds[],
): void {
  const word = (place: number): number => nodes.getInt32(node * NODE_BYTES + place, true);
  const feature = word(COLUMN);
  tree.feature[node] = feature;
  tree.left[node] = word(LEFT);
  tree.right[node] = word(LEFT) + 1;
  tree.missingLeft[node] = word(MISSING);
  const { codes } = bins[feature];
  if (codes) {
    tree.set[node] = tree.sets.length;
    const own = sets.subarray(node * SET_WORDS, node * SET_WORDS + SET_WORDS / 2);
    tree.sets.push(...setOfCodes(codes, own, word(MISSING) === 1));
  } else {
    const { low, high } = bounds[feature];
    tree.threshold[node] = word(NEXT) === 0 ? ABOVE_ALL : between(high[word(LAST)], low[word(NEXT)]);
  }
}

/** The set of the categories whose bin is in a set of bins; those that no row had go with missing values. */
function setOfCodes(codes: Uint8Array, bins: Uint32Array, missingLeft: boolean): Uint32Array {
  const set = new Uint32Array(wordsOf(codes.length));
  codes.forEach((bin, code) => {
    const isLeft = bin === 0 ? missingLeft : ((bins[bin >>> 5] >>> (bin & 31)) & 1) === 1;
    if (isLeft) set[code >>> 5] |= 1 << (code & 31);
  });
  return set;
}

function wordsOf(categories: number): number {
  return Math.max(1, Math.ceil(categories / 32));
}

/** Trees as one forest, each adding to the outputs from 0 up. */
export function treesJoined(
  trees: readonly GrownTree[],
  { table, width }: GrowthData,
): { forest: Forest; gain: Float64Array } {
  const starts = runningCounts(trees.map(({ feature }) => feature.length));
  const setStarts = runningCounts(trees.map(({ sets }) => sets.length));
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const moved = (values: (tree: GrownTree) => Int32Array, from: readonly number[]): Int32Array => {
    const all = new Int32Array(nodes);
    trees.forEach((tree, t) =>
      all.set(
        values(tree).map(value => (value < 0 ? value : value + from[t])),
        starts[t],
      ),
    );
    return all;
  };
  const joined = <A extends Float32Array | Float64Array | Uint8Array>(
    all: A,
    values: (tree: GrownTree) => A,
    each = 1,
  ): A => {
    trees.forEach((tree, t) => all.set(values(tree), starts[t] * each));
    return all;
  };
  const still = trees.map(() => 0);
  return {
    forest: {
      roots: Uint32Array.from(starts),
      output: new Uint32Array(trees.length),
      width,
      outputs: width,
      feature: moved(tree => tree.feature, still),
      threshold: joined(new Float32Array(nodes), tree => tree.threshold),
      set: moved(tree => tree.set, setStarts),
      sets: Uint32Array.from(trees.flatMap(tree => tree.sets)),
      setWords: setWordsOf(table),
      left: moved(tree => tree.left, starts),
      right: moved(tree => tree.right, starts),
      missingLeft: joined(new Uint8Array(nodes), tree => tree.missingLeft),
      value: joined(new Float64Array(nodes * width), tree => tree.value, width),
      cover: joined(new Float64Array(nodes), tree => tree.cover),
    },
    gain: joined(new Float64Array(nodes), tree => tree.gain),
  };
}

function setWordsOf(table: Table): Uint32Array {
  return Uint32Array.from(table.names, name => {
    const categories = dictionaryOf(table, name)?.length;
    return categories === undefined ? 0 : wordsOf(categories);
  });
}

/** Where each part begins. */
function runningCounts(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map(count => {
    sum += count;
    return sum - count;
  });
}
