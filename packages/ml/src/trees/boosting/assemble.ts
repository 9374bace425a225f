import type { ColumnBins } from '../binning.ts';
import type { Forest } from '../forest.ts';
import type { GrownNode, GrownSplit } from './grow.ts';
import type { ValuedTree } from './train.ts';

/** Above every value that a column can have: what is known goes left. */
const ABOVE_ALL = 3.4028234663852886e38;

/** Trees that ask for bins, as a forest that asks for values. */
export function forestOf(trees: readonly ValuedTree[], bins: readonly ColumnBins[], outputs: number): Forest {
  const nodes = trees.reduce((sum, tree) => sum + tree.nodes.length, 0);
  const forest = emptyForest(trees, nodes, bins, outputs);
  const sets: number[] = [];
  let at = 0;
  trees.forEach(({ nodes, values, output }, tree) => {
    forest.roots[tree] = at;
    forest.output[tree] = output;
    nodes.forEach((node, i) => writeNode(forest, sets, at + i, at, node, values[i], bins));
    at += nodes.length;
  });
  return { ...forest, sets: Uint32Array.from(sets) };
}

function emptyForest(
  trees: readonly ValuedTree[],
  nodes: number,
  bins: readonly ColumnBins[],
  outputs: number,
): Forest {
  return {
    roots: new Uint32Array(trees.length),
    output: new Uint32Array(trees.length),
    width: 1,
    outputs,
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    set: new Int32Array(nodes).fill(-1),
    sets: new Uint32Array(),
    setWords: Uint32Array.from(bins, ({ codes }) => (codes ? (codes.length + 31) >> 5 : 0)),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes),
    cover: new Float64Array(nodes),
  };
}

function writeNode(
  forest: Forest,
  sets: number[],
  at: number,
  root: number,
  { cover, split }: GrownNode,
  value: number,
  bins: readonly ColumnBins[],
): void {
  forest.cover[at] = cover;
  forest.value[at] = value;
  if (!split) return;
  const { edges, codes } = bins[split.column];
  forest.feature[at] = split.column;
  forest.left[at] = root + split.left;
  forest.right[at] = root + split.right;
  forest.missingLeft[at] = split.goesLeft[0];
  if (codes) {
    forest.set[at] = sets.length;
    sets.push(...setOf(split, codes));
  } else forest.threshold[at] = edges[split.lastBin - 1] ?? ABOVE_ALL;
}

/** Bits of the categories that go left: those that no row had go where missing values do. */
function setOf({ goesLeft }: GrownSplit, codes: Uint8Array): number[] {
  const words = new Array<number>((codes.length + 31) >> 5).fill(0);
  codes.forEach((bin, code) => (words[code >> 5] |= goesLeft[bin] << (code & 31)));
  return words;
}

/** Gain of all splits by column. */
export function gainsOf(trees: readonly ValuedTree[], columns: number): Float64Array {
  const gains = new Float64Array(columns);
  for (const { nodes } of trees) for (const { split } of nodes) if (split) gains[split.column] += split.gain;
  return gains;
}
