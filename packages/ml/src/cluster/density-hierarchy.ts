import type { Edge } from './spanning-tree.ts';
import { rootOf } from './spanning-tree.ts';

/** A cluster that lived between two densities: what hangs together when links longer than 1 / density are cut. */
interface Group {
  parent: number;
  /** Density at which it parted from its parent. */
  birth: number;
  /** Places that fell out of it or went into its children, and the density at which each did. */
  members: { place: number; density: number }[];
  children: number[];
  stability: number;
}

/** Labels of the places, -1 for noise; and for each cluster the longest link with which it hangs together. */
export interface Selection {
  labels: Int32Array;
  reach: Float64Array;
}

/** Links joined by length: node n + i joins two below it, by the i-th shortest edge. */
interface Dendrogram {
  count: number;
  left: Int32Array;
  right: Int32Array;
  length: Float64Array;
  size: Int32Array;
}

/** A density beyond which rows lie upon each other. */
const MOST_DENSE = 1e12;

/**
 * Clusters of a spanning tree: the hierarchy of what hangs together is pruned of parts smaller than `least`, and of what is
 * left the clusters are taken that last longest (excess of mass; Campello, Moulavi and Sander 2013). The whole is no cluster.
 *
 * @param edges shortest first
 */
export function selectClusters(edges: readonly Edge[], count: number, least: number): Selection {
  const groups = condensed(dendrogramOf(edges, count), least);
  const chosen = mostStable(groups);
  const labels = new Int32Array(count).fill(-1);
  const reach = Float64Array.from(chosen, group => 1 / groups[group].birth);
  chosen.forEach((group, label) => {
    for (const place of placesIn(groups, group)) labels[place] = label;
  });
  return { labels, reach };
}

function dendrogramOf(edges: readonly Edge[], count: number): Dendrogram {
  const parent = Int32Array.from({ length: 2 * count - 1 }, (_, at) => at);
  const size = new Int32Array(2 * count - 1).fill(1);
  const [left, right] = [new Int32Array(edges.length), new Int32Array(edges.length)];
  edges.forEach(({ a, b }, i) => {
    [left[i], right[i]] = [rootOf(parent, a), rootOf(parent, b)];
    parent[left[i]] = parent[right[i]] = count + i;
    size[count + i] = size[left[i]] + size[right[i]];
  });
  return { count, left, right, size, length: Float64Array.from(edges, edge => edge.length) };
}

/** From the whole downwards: a cut that leaves two parts of enough rows makes two groups; smaller parts fall out. */
function condensed(tree: Dendrogram, least: number): Group[] {
  const groups: Group[] = [{ parent: -1, birth: 0, members: [], children: [], stability: 0 }];
  const open = [{ node: 2 * tree.count - 2, group: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, group } = next;
    if (node < tree.count) {
      groups[group].members.push({ place: node, density: MOST_DENSE });
      continue;
    }
    const at = node - tree.count;
    const density = Math.min(MOST_DENSE, 1 / tree.length[at]);
    const halves = [tree.left[at], tree.right[at]];
    const large = halves.filter(half => tree.size[half] >= least);
    for (const half of halves) {
      if (large.length === 2) open.push({ node: half, group: born(groups, group, density, tree.size[half]) });
      else if (large.includes(half)) open.push({ node: half, group });
      else for (const place of below(tree, half)) groups[group].members.push({ place, density });
    }
  }
  for (const group of groups)
    for (const { density } of group.members) group.stability += density - group.birth;
  return groups;
}

/** A new group; its rows leave the parent's at this density. Its position. */
function born(groups: Group[], parent: number, density: number, size: number): number {
  const position = groups.push({ parent, birth: density, members: [], children: [], stability: 0 }) - 1;
  groups[parent].children.push(position);
  groups[parent].stability += size * (density - groups[parent].birth);
  return position;
}

function below(tree: Dendrogram, node: number): number[] {
  const places: number[] = [];
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (next < tree.count) places.push(next);
    else open.push(tree.left[next - tree.count], tree.right[next - tree.count]);
  return places;
}

/** Groups, none within another, whose stabilities sum to most. */
function mostStable(groups: readonly Group[]): number[] {
  const best = groups.map(group => group.stability);
  const isOwn = groups.map(() => true);
  // children come after their parents
  for (let at = groups.length - 1; at > 0; at--) {
    const inner = groups[at].children.reduce((sum, child) => sum + best[child], 0);
    if (groups[at].children.length === 0 || best[at] >= inner) continue;
    [best[at], isOwn[at]] = [inner, false];
  }
  const chosen: number[] = [];
  const open = [...groups[0].children].reverse();
  for (let at = open.pop(); at !== undefined; at = open.pop())
    if (isOwn[at]) chosen.push(at);
    else open.push(...groups[at].children);
  return chosen.sort((a, b) => a - b);
}

function placesIn(groups: readonly Group[], group: number): number[] {
  const places: number[] = [];
  const open = [group];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { place } of groups[at].members) places.push(place);
    open.push(...groups[at].children);
  }
  return places;
}
