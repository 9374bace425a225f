import { required } from '../errors.ts';
import type { Forest } from './forest.ts';

/** A forest with the gains of its questions, as `TreesModel` has them. */
export interface GainedForest {
  readonly forest: Forest;
  /** By node: by how much its question decreases the mean impurity of its tree's rows; 0 at a leaf. */
  readonly gain: Float64Array;
}

/** The nested trees of minimal cost-complexity pruning, the whole tree first. */
export interface PruningPath {
  /** The price of a leaf, in mean impurity, from which on each tree is the best. */
  alphas: Float64Array;
  /** By how much the mean impurity is above that of the whole tree: the loss of quality on the rows learned from. */
  losses: Float64Array;
  leaves: Uint32Array;
}

/**
 * How one tree shrinks as leaves become dearer: weakest link by weakest link (Breiman, Friedman, Olshen and Stone 1984,
 * section 3.3). The link of a node is the decrease of impurity of all questions below it, per leaf that they cost.
 *
 * @example
 * const { alphas, losses, leaves } = pruningPath(model); // of decisionTree(…)
 */
export function pruningPath(grown: GainedForest, tree = 0): PruningPath {
  required(tree >= 0 && tree < grown.forest.roots.length, 'tree', 'one of the forest', tree);
  const steps = linksOf(grown, tree);
  let [loss, left] = [0, leavesOf(grown.forest, tree)];
  const path = [{ alpha: 0, loss, left }];
  for (const { alpha, gain, leaves } of steps) {
    loss += gain;
    left -= leaves - 1;
    path.push({ alpha, loss, left });
  }
  return {
    alphas: Float64Array.from(path, step => step.alpha),
    losses: Float64Array.from(path, step => step.loss),
    leaves: Uint32Array.from(path, step => step.left),
  };
}

/**
 * Every tree cut back to where a leaf is worth `alpha`: the smallest tree of the path whose links are all dearer.
 *
 * @throws MlError `ml.bad_parameter` for a negative alpha
 */
export function pruned(grown: GainedForest, alpha: number): GainedForest {
  required(alpha >= 0, 'alpha', 'from 0 up', alpha);
  const cut = new Uint8Array(grown.forest.feature.length);
  for (let tree = 0; tree < grown.forest.roots.length; tree++)
    for (const link of linksOf(grown, tree)) {
      if (link.alpha > alpha) break;
      cut[link.node] = 1;
    }
  return cutAt(grown, node => cut[node] === 1);
}

/** A forest of the first `trees` trees: what boosting had after so many rounds. The last trees' share is gone. */
export function firstTrees(grown: GainedForest, trees: number): GainedForest {
  const { forest } = grown;
  required(
    Number.isInteger(trees) && trees >= 0 && trees <= forest.roots.length,
    'trees',
    `from 0 to ${forest.roots.length}`,
    trees,
  );
  const shorter = { ...forest, roots: forest.roots.slice(0, trees), output: forest.output.slice(0, trees) };
  return cutAt({ ...grown, forest: shorter }, () => false);
}

interface Link {
  node: number;
  alpha: number;
  /** Of all questions from the node down that were still there. */
  gain: number;
  leaves: number;
}

function endOf({ roots, feature }: Forest, tree: number): number {
  return roots[tree + 1] ?? feature.length;
}

function leavesOf(forest: Forest, tree: number): number {
  return (endOf(forest, tree) - forest.roots[tree] + 1) / 2;
}

/** The links of a tree in the order in which they break. Their alphas ascend. */
function linksOf({ forest, gain }: GainedForest, tree: number): Link[] {
  const { feature, left, right } = forest;
  const [root, end] = [forest.roots[tree], endOf(forest, tree)];
  const parent = new Int32Array(end - root).fill(-1);
  const below = gain.slice(root, end);
  const leaves = new Float64Array(end - root).fill(1);
  const isInner = Uint8Array.from(feature.subarray(root, end), column => Number(column >= 0));
  const weakest = heap((node: number) => below[node] / (leaves[node] - 1));
  for (let node = end - 1; node >= root; node--) {
    if (feature[node] < 0) continue;
    const [l, r] = [left[node] - root, right[node] - root];
    parent[l] = parent[r] = node - root;
    below[node - root] += below[l] + below[r];
    leaves[node - root] = leaves[l] + leaves[r];
    weakest.push(node - root);
  }
  const forget = (from: number): void => {
    for (const open = [from]; open.length > 0;) {
      const node = open.pop() ?? 0;
      if (isInner[node] === 0) continue;
      isInner[node] = 0;
      open.push(left[root + node] - root, right[root + node] - root);
    }
  };
  const links: Link[] = [];
  for (let next = weakest.pop(isInner); next >= 0; next = weakest.pop(isInner)) {
    const [lost, fewer] = [below[next], leaves[next] - 1];
    const alpha = Math.max(0, links.at(-1)?.alpha ?? 0, lost / fewer);
    links.push({ node: root + next, alpha, gain: lost, leaves: fewer + 1 });
    forget(next);
    for (let node = parent[next]; node >= 0; node = parent[node]) {
      below[node] -= lost;
      leaves[node] -= fewer;
      weakest.push(node);
    }
  }
  return links;
}

/** Nodes by their worth, the least first; a node may lie in it with a worth that it no longer has, and is then passed over. */
function heap(worth: (node: number) => number): {
  push: (node: number) => void;
  pop: (alive: Uint8Array) => number;
} {
  const nodes: number[] = [];
  const keys: number[] = [];
  const swap = (a: number, b: number): void => {
    [nodes[a], nodes[b]] = [nodes[b], nodes[a]];
    [keys[a], keys[b]] = [keys[b], keys[a]];
  };
  const push = (node: number): void => {
    let at = nodes.push(node) - 1;
    keys.push(worth(node));
    for (let up = (at - 1) >> 1; at > 0 && keys[up] > keys[at]; up = (at - 1) >> 1) {
      swap(at, up);
      at = up;
    }
  };
  const popAny = (): { node: number; key: number } | undefined => {
    const [node, key] = [nodes[0], keys[0]];
    if (node === undefined) return undefined;
    swap(0, nodes.length - 1);
    nodes.pop();
    keys.pop();
    for (let at = 0; ;) {
      const [l, r] = [2 * at + 1, 2 * at + 2];
      const least = r < keys.length && keys[r] < keys[l] ? r : l;
      if (least >= keys.length || keys[at] <= keys[least]) break;
      swap(at, least);
      at = least;
    }
    return { node, key };
  };
  const pop = (alive: Uint8Array): number => {
    for (let next = popAny(); next; next = popAny())
      if (alive[next.node] === 1 && next.key === worth(next.node)) return next.node;
    return -1;
  };
  return { push, pop };
}

/** The forest with some nodes made leaves, and what lay below them left out. */
export function cutAt({ forest, gain }: GainedForest, isLeaf: (node: number) => boolean): GainedForest {
  const kept: number[] = [];
  const place = new Int32Array(forest.feature.length).fill(-1);
  const roots = forest.roots.map((root, tree) => {
    place[root] = kept.length;
    // parents come before their children: whoever is still without a place here is below a leaf
    for (let node = root; node < endOf(forest, tree); node++) {
      if (place[node] < 0 && node !== root) continue;
      place[node] = kept.push(node) - 1;
      if (forest.feature[node] < 0 || isLeaf(node)) continue;
      place[forest.left[node]] = place[forest.right[node]] = 0;
    }
    return place[root];
  });
  return rebuilt({ forest: { ...forest, roots }, gain }, kept, place, isLeaf);
}

function rebuilt(
  { forest, gain }: GainedForest,
  kept: readonly number[],
  place: Int32Array,
  isLeaf: (node: number) => boolean,
): GainedForest {
  const { feature, set, sets, setWords, width } = forest;
  const isInner = (node: number): boolean => feature[node] >= 0 && !isLeaf(node);
  const keptSets: number[] = [];
  const setOf = (node: number): number => {
    if (!isInner(node) || set[node] < 0) return -1;
    keptSets.push(...sets.subarray(set[node], set[node] + setWords[feature[node]]));
    return keptSets.length - setWords[feature[node]];
  };
  const inner = <T>(node: number, value: T, none: T): T => (isInner(node) ? value : none);
  return {
    forest: {
      ...forest,
      feature: Int32Array.from(kept, node => inner(node, feature[node], -1)),
      threshold: Float32Array.from(kept, node => inner(node, forest.threshold[node], 0)),
      set: Int32Array.from(kept, setOf),
      sets: Uint32Array.from(keptSets),
      left: Int32Array.from(kept, node => inner(node, place[forest.left[node]], -1)),
      right: Int32Array.from(kept, node => inner(node, place[forest.right[node]], -1)),
      missingLeft: Uint8Array.from(kept, node => inner(node, forest.missingLeft[node], 0)),
      value: Float64Array.from({ length: kept.length * width }, (_, at) => {
        const node = kept[Math.floor(at / width)];
        return forest.value[node * width + (at % width)];
      }),
      cover: Float64Array.from(kept, node => forest.cover[node]),
    },
    gain: Float64Array.from(kept, node => inner(node, gain[node], 0)),
  };
}
