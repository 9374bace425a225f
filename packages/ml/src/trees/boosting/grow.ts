import { boundsAfter, stepOf, type NodeSums, type Split } from './node.ts';
import { CATEGORIES, type GrowthRules, type Scale } from './rules.ts';
import type { Rows, Workspace } from './workspace.ts';

/** A node of a tree that was grown. */
export interface GrownNode {
  rows: Rows;
  /** Weight of its rows. */
  cover: number;
  /** The step that it takes, or would take were it a leaf. */
  step: number;
  split?: GrownSplit;
}

export interface GrownSplit {
  column: number;
  gain: number;
  /** 1 by bin that goes left; bin 0 is what is missing. */
  goesLeft: Uint8Array;
  /** Of a column of numbers: the last bin that goes left. */
  lastBin: number;
  isSet: boolean;
  left: number;
  right: number;
}

/** A leaf that may still be split. */
interface Leaf {
  node: number;
  sums: NodeSums;
  /** Its histogram's place in the pool. */
  slot: number;
  best: Split | undefined;
}

/** A step of every split below this share of what the node is worth is rounding. */
const NOISE = 1e-9;

/**
 * Grows one tree leaf by leaf, always splitting the leaf whose best split gains most (Shi 2007, as LightGBM does).
 *
 * @param rows those of the workspace's order that the tree learns from
 * @param whole whether these are all rows of the table in their order
 * @param byColumn pointer to the bins by column, `pitch` bytes a column
 */
export class Grower {
  readonly #space: Workspace;
  readonly #rules: GrowthRules;
  readonly #byColumn: number;
  readonly #pitch: number;

  constructor(space: Workspace, rules: GrowthRules, byColumn: number, pitch: number) {
    this.#space = space;
    this.#rules = rules;
    this.#byColumn = byColumn;
    this.#pitch = pitch;
  }

  grow(rows: Rows, whole: boolean, allowed: Uint8Array, scale: Scale): GrownNode[] {
    this.#space.begin(allowed, scale);
    const counted = this.#space.histogram(rows, 0, whole);
    const sums = {
      ...this.#space.totals(counted),
      weight: this.#space.weightOf(rows),
      lower: -Infinity,
      upper: Infinity,
      penalty: 0,
    };
    const nodes: GrownNode[] = [this.#nodeOf(rows, sums, scale)];
    const [best] = this.#space.splits(counted, sums, undefined, scale);
    const leaves: Leaf[] = [{ node: 0, sums, slot: 0, best }];
    while (leaves.length < this.#rules.leaves) {
      const leaf = this.#mostGaining(leaves, scale);
      if (!leaf?.best) break;
      this.#split(nodes, leaves, leaf, leaf.best, scale);
    }
    return nodes;
  }

  #nodeOf(rows: Rows, sums: NodeSums, scale: Scale): GrownNode {
    return { rows, cover: sums.weight, step: stepOf(sums, this.#rules.l2, scale) };
  }

  #mostGaining(leaves: readonly Leaf[], scale: Scale): Leaf | undefined {
    let [most, chosen]: [number, Leaf | undefined] = [this.#rules.minGain, undefined];
    for (const leaf of leaves) {
      const gain = leaf.best?.gain ?? 0;
      if (gain > most && gain > NOISE * worth(leaf.sums, scale)) [most, chosen] = [gain, leaf];
    }
    return chosen;
  }

  /** The leaf becomes a node with two leaves; it keeps its place among the leaves for the left one. */
  #split(nodes: GrownNode[], leaves: Leaf[], leaf: Leaf, best: Split, scale: Scale): void {
    const { rows } = nodes[leaf.node];
    const goesLeft = tableOf(best, leaf.sums);
    const lefts = this.#space.partition(rows, this.#byColumn + best.column * this.#pitch, goesLeft);
    const sides = [
      { start: rows.start, count: lefts },
      { start: rows.start + lefts, count: rows.count - lefts },
    ] as const;
    const sums = this.#childSums(leaf.sums, best, sides, scale);
    const [left, right] = [nodes.length, nodes.length + 1];
    sides.forEach((side, i) => nodes.push(this.#nodeOf(side, sums[i], scale)));
    const { column, gain, lastBin, set } = best;
    nodes[leaf.node].split = { column, gain, goesLeft, lastBin, isSet: set !== undefined, left, right };
    // the larger side takes over the parent's histogram, from which the smaller one's is taken off
    const smaller = lefts <= rows.count - lefts ? 0 : 1;
    const free = leaves.length;
    const children = sides.map((_, i) => ({
      node: i === 0 ? left : right,
      sums: sums[i],
      slot: i === smaller ? free : leaf.slot,
      best: undefined as Split | undefined, // found below
    }));
    leaves[leaves.indexOf(leaf)] = children[0];
    leaves.push(children[1]);
    if (leaves.length < this.#rules.leaves)
      this.#findSplits(sides[smaller], children[smaller], children[1 - smaller], scale);
  }

  #findSplits(rows: Rows, smaller: Leaf, larger: Leaf, scale: Scale): void {
    if (larger.sums.weight < 2 * this.#rules.minLeaf && smaller.sums.weight < 2 * this.#rules.minLeaf) return;
    const counted = this.#space.histogram(rows, smaller.slot, false);
    [smaller.best, larger.best] = this.#space.splits(counted, smaller.sums, larger, scale);
  }

  #childSums(
    parent: NodeSums,
    best: Split,
    [left, right]: readonly [Rows, Rows],
    scale: Scale,
  ): [NodeSums, NodeSums] {
    const isLess = left.count <= right.count;
    const counted = this.#space.weightOf(isLess ? left : right);
    const weight = isLess ? counted : parent.weight - counted;
    const { slope, curvature } = best;
    const penalty = best.isRun ? CATEGORIES.l2 : 0;
    const l = { ...parent, slope, curvature, weight, penalty };
    const r = {
      ...parent,
      slope: parent.slope - slope,
      curvature: parent.curvature - curvature,
      weight: parent.weight - weight,
      penalty,
    };
    const { l2, monotone } = this.#rules;
    const bounds = boundsAfter(monotone[best.column], stepOf(l, l2, scale), stepOf(r, l2, scale), parent);
    return [
      { ...l, ...bounds.left },
      { ...r, ...bounds.right },
    ];
  }
}

function worth({ slope, curvature }: NodeSums, scale: Scale): number {
  return curvature > 0 ? ((slope / scale.slope) * (slope / scale.slope) * scale.curvature) / curvature : 0;
}

/** Which bins go left. Where the node has nothing missing, what is missing later goes with most. */
function tableOf({ set, lastBin, missingLeft, curvature }: Split, sums: NodeSums): Uint8Array {
  const goesLeft = new Uint8Array(256);
  if (set) for (let bin = 1; bin < 256; bin++) goesLeft[bin] = (set[bin >> 3] >> (bin & 7)) & 1;
  else goesLeft.fill(1, 1, lastBin + 1);
  goesLeft[0] = Number(missingLeft ?? 2 * curvature >= sums.curvature);
  return goesLeft;
}
