import type { Table } from '../../table.ts';
import { binOf, type ColumnBins } from '../binning.ts';
import type { GrownNode } from './grow.ts';
import { meanOf } from './loss.ts';
import { boundsAfter, stepOf, unscaledGain, writeNode, writeRules, type NodeSums } from './node.ts';
import { CATEGORIES, scaleFor, type GrowthRules, type Scale } from './rules.ts';
import { bestSplit, type Cells, type PlainSplit } from './split.reference.ts';
import type { ValuedTree } from './train.ts';

/** What is grown, by row: bins of each column, slopes and curvatures in whole units. */
interface PlainRows {
  bins: readonly ColumnBins[];
  binsOf: readonly Uint8Array[];
  slope: Int32Array;
  curvature: Int32Array;
}

interface PlainLeaf {
  rows: number[];
  node: number;
  sums: NodeSums;
  best?: { column: number; split: PlainSplit; gain: number } | undefined;
}

/**
 * Boosting on half the squared distance without kernels, histograms by subtraction, orders or threads: the twin of what
 * `boosting` does, tree by tree. The number of rows must be a multiple of four.
 */
export function boostedReference(
  table: Table,
  bins: readonly ColumnBins[],
  target: Float32Array,
  rules: GrowthRules,
  { trees, learningRate }: { trees: number; learningRate: number },
): ValuedTree[] {
  const binsOf = table.columns.map((column, j) => Uint8Array.from(column, value => binOf(bins[j], value)));
  const scores = new Float32Array(table.rows).fill(meanOf(target, undefined));
  return Array.from({ length: trees }, () => {
    const slopes = scores.map((score, row) => score - target[row]);
    const size = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0);
    const scale = scaleFor(table.rows, size, table.rows);
    const slope = Int32Array.from(slopes, value => nearest(Math.fround(value * scale.slope)));
    const curvature = new Int32Array(table.rows).fill(nearest(scale.curvature));
    const { nodes, leafOf } = grown({ bins, binsOf, slope, curvature }, rules, scale);
    const values = Float32Array.from(nodes, ({ step }) => step * learningRate);
    leafOf.forEach((node, row) => (scores[row] += values[node]));
    return { nodes, values, output: 0 };
  });
}

/** To the nearest whole number, halves to the even one. */
function nearest(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function grown(
  data: PlainRows,
  rules: GrowthRules,
  scale: Scale,
): { nodes: GrownNode[]; leafOf: Int32Array } {
  const rows = [...data.slope.keys()];
  const root = { ...sumsOf(data, rows), lower: -Infinity, upper: Infinity, penalty: 0 };
  const nodes = [nodeOf(root, rules, scale)];
  const leaves = [searched({ rows, node: 0, sums: root }, data, rules, scale)];
  while (leaves.length < rules.leaves) {
    const gain = Math.max(...leaves.map(leaf => leaf.best?.gain ?? 0));
    const at = leaves.findIndex(leaf => leaf.best?.gain === gain);
    if (!(gain > rules.minGain) || at < 0) break;
    const [left, right] = parted(leaves[at], nodes, data, rules, scale);
    leaves[at] = searched(left, data, rules, scale);
    leaves.push(searched(right, data, rules, scale));
  }
  const leafOf = new Int32Array(rows.length);
  for (const { rows: own, node } of leaves) for (const row of own) leafOf[row] = node;
  return { nodes, leafOf };
}

function nodeOf(sums: NodeSums, rules: GrowthRules, scale: Scale): GrownNode {
  return { rows: { start: 0, count: 0 }, cover: sums.weight, step: stepOf(sums, rules.l2, scale) };
}

function sumsOf({ slope, curvature }: PlainRows, rows: readonly number[]) {
  const sum = (of: Int32Array): number => rows.reduce((total, row) => total + of[row], 0);
  return { slope: sum(slope), curvature: sum(curvature), weight: rows.length };
}

function searched(leaf: PlainLeaf, data: PlainRows, rules: GrowthRules, scale: Scale): PlainLeaf {
  const [node, told] = [new Float64Array(8), new Float64Array(8)];
  writeNode(node, 0, leaf.sums, rules, scale);
  writeRules(told, rules, scale);
  let best: PlainLeaf['best'];
  data.bins.forEach((bins, column) => {
    const kind = { bins: bins.bins, isSet: bins.codes !== undefined, monotone: rules.monotone[column] };
    const split = bestSplit(cellsOf(data, leaf.rows, column), kind, node, told);
    const gain = unscaledGain(split.gain, scale);
    if (gain > (best?.gain ?? 0)) best = { column, split, gain };
  });
  return { ...leaf, best };
}

function cellsOf({ binsOf, slope, curvature }: PlainRows, rows: readonly number[], column: number): Cells {
  const cells = { slope: new Float64Array(256), curvature: new Float64Array(256) };
  for (const row of rows) {
    cells.slope[binsOf[column][row]] += slope[row];
    cells.curvature[binsOf[column][row]] += curvature[row];
  }
  return cells;
}

/** The two sides of a leaf that is split, which becomes a node. */
function parted(
  { rows, node, sums, best }: PlainLeaf,
  nodes: GrownNode[],
  data: PlainRows,
  rules: GrowthRules,
  scale: Scale,
): [PlainLeaf, PlainLeaf] {
  if (!best) throw new Error('a leaf without a split');
  const { column, split, gain } = best;
  const isSet = data.bins[column].codes !== undefined;
  const goesLeft = Uint8Array.from({ length: 256 }, (_, bin) => {
    if (bin === 0) return split.missing >= 0 ? split.missing : Number(2 * split.curvature >= sums.curvature);
    return Number(isSet ? split.set.includes(bin) : bin <= split.lastBin);
  });
  const sides = [1, 0].map(side => rows.filter(row => goesLeft[data.binsOf[column][row]] === side));
  const [l, r] = sides.map(side => ({
    ...sums,
    ...sumsOf(data, side),
    penalty: split.isRun ? CATEGORIES.l2 : 0,
  }));
  const steps = [l, r].map(side => stepOf(side, rules.l2, scale));
  const bounds = boundsAfter(rules.monotone[column], steps[0], steps[1], sums);
  const [left, right] = [
    { rows: sides[0], node: nodes.length, sums: { ...l, ...bounds.left } },
    { rows: sides[1], node: nodes.length + 1, sums: { ...r, ...bounds.right } },
  ];
  nodes[node].split = {
    column,
    gain,
    goesLeft,
    lastBin: split.lastBin,
    isSet,
    left: left.node,
    right: right.node,
  };
  nodes.push(nodeOf(left.sums, rules, scale), nodeOf(right.sums, rules, scale));
  return [left, right];
}
