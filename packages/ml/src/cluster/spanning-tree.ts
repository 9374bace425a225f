import { breath, throwIfStopped } from '../estimator.ts';
import { pointAt, squaredFrom, squaredFromBox, type KdNode, type KdTree } from './kd-tree.ts';

/** An edge between two places of a tree of points. */
export interface Edge {
  a: number;
  b: number;
  length: number;
}

/** What is known in one round: which component each place and each node is of. */
interface Round {
  tree: KdTree;
  /** Core distance of each place. */
  cores: Float64Array;
  /** Least core distance of each node. */
  leastCore: Float64Array;
  /** Component of each place. */
  component: Int32Array;
  /** Component that all places of a node are of; -1 where they differ. */
  whole: Int32Array;
}

/**
 * The tree of least length that joins all points, where two points are as far apart as the largest of their distance and
 * their core distances (mutual reachability). Boruvka's method (1926): in each round every component finds its nearest
 * point outside, by a tree of points whose halves within one component are passed over (March, Ram and Gray 2010).
 *
 * @param cores core distance of each place of the tree
 * @returns rows - 1 edges, shortest first
 */
export async function spanningTree(
  tree: KdTree,
  cores: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Edge[]> {
  const count = tree.order.length;
  const parent = Int32Array.from({ length: count }, (_, at) => at);
  const edges: Edge[] = [];
  const leastCore = nodeValues(tree, cores, Math.min);
  while (edges.length < count - 1) {
    const component = Int32Array.from(parent, (_, at) => rootOf(parent, at));
    const round = { tree, cores, leastCore, component, whole: wholeNodes(tree, component) };
    for (const edge of await shortestEdges(round, signal)) {
      const [a, b] = [rootOf(parent, edge.a), rootOf(parent, edge.b)];
      if (a === b) continue;
      parent[Math.max(a, b)] = Math.min(a, b);
      edges.push(edge);
    }
  }
  return edges.sort((x, y) => x.length - y.length || x.a - y.a || x.b - y.b);
}

/** The component that a place is of, its path made short. */
export function rootOf(parent: Int32Array, at: number): number {
  let root = at;
  while (parent[root] !== root) root = parent[root];
  for (let next = parent[at]; next !== root; next = parent[at]) {
    parent[at] = root;
    at = next;
  }
  return root;
}

/** One value a node, from those of its places. */
function nodeValues(
  tree: KdTree,
  values: Float64Array,
  join: (a: number, b: number) => number,
): Float64Array {
  const out = new Float64Array(tree.nodes.length);
  // halves come after the node that they are halves of
  for (let position = out.length - 1; position >= 0; position--) {
    const { low, high, from, to } = tree.nodes[position];
    out[position] = low >= 0 ? join(out[low], out[high]) : values.subarray(from, to).reduce(join);
  }
  return out;
}

function wholeNodes(tree: KdTree, component: Int32Array): Int32Array {
  const out = new Int32Array(tree.nodes.length);
  for (let position = out.length - 1; position >= 0; position--) {
    const { low, high, from, to } = tree.nodes[position];
    const isOne =
      low >= 0
        ? out[low] >= 0 && out[low] === out[high]
        : component.subarray(from, to).every(each => each === component[from]);
    out[position] = isOne ? component[from] : -1;
  }
  return out;
}

/** For each component the shortest edge that leaves it; of edges as long, the one of the lowest places. */
async function shortestEdges(round: Round, signal: AbortSignal | undefined): Promise<Edge[]> {
  const best = new Map<number, Edge>();
  for (let at = 0; at < round.component.length; at++) {
    if (at % 1024 === 0) {
      await breath();
      throwIfStopped(signal);
    }
    const own = round.component[at];
    const limit = best.get(own)?.length ?? Infinity;
    if (round.cores[at] > limit) continue;
    const found = { a: at, b: -1, length: limit };
    leave(round, 0, at, pointAt(round.tree, at), found);
    if (found.b < 0) continue;
    const edge = found.a < found.b ? found : { a: found.b, b: found.a, length: found.length };
    const before = best.get(own);
    if (before === undefined || isBefore(edge, before)) best.set(own, edge);
  }
  return [...best.values()];
}

/** An order in which no two edges are the same, so that no circle of equal edges can close. */
function isBefore(x: Edge, y: Edge): boolean {
  return (x.length - y.length || x.a - y.a || x.b - y.b) < 0;
}

/** Looks below a node for the nearest place of another component. */
function leave(round: Round, position: number, at: number, place: Float64Array, found: Edge): void {
  const { tree, cores, leastCore, component, whole } = round;
  const node = tree.nodes[position];
  if (whole[position] === component[at]) return;
  if (boundOf(node, leastCore[position], cores[at], place) > found.length) return;
  if (node.low < 0) {
    lookAt(round, node, at, place, found);
    return;
  }
  const [low, high] = [tree.nodes[node.low], tree.nodes[node.high]];
  const isLowNearer = squaredFromBox(low.box, place) <= squaredFromBox(high.box, place);
  leave(round, isLowNearer ? node.low : node.high, at, place, found);
  leave(round, isLowNearer ? node.high : node.low, at, place, found);
}

function boundOf(node: KdNode, leastCore: number, core: number, place: Float64Array): number {
  return Math.max(Math.sqrt(squaredFromBox(node.box, place)), leastCore, core);
}

function lookAt(
  { tree, cores, component }: Round,
  node: KdNode,
  at: number,
  place: Float64Array,
  found: Edge,
): void {
  for (let other = node.from; other < node.to; other++) {
    if (component[other] === component[at]) continue;
    const length = Math.max(Math.sqrt(squaredFrom(tree, other, place)), cores[at], cores[other]);
    const isShorter = length < found.length || (length === found.length && (found.b < 0 || other < found.b));
    if (isShorter) [found.b, found.length] = [other, length];
  }
}
