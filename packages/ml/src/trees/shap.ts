import { legendre } from '../numeric/legendre.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import type { Forest } from './forest.ts';
import { inPieces, packed, type PackedForest } from './packed.ts';

export interface ForestShap {
  /** What the forest predicts of a row of which nothing is known, one value an output. */
  base: Float64Array;
  /** rows x outputs x columns. A row's values of one output and its base sum to its prediction. */
  values: Float64Array;
}

/** Bytes of the tables that are in memory at a time. */
const MOST_TABLES = 32 << 20;
const MOST_ROWS = 16_384;
const GRAIN = 64;

/**
 * Shapley values of a forest, exact, of the path-dependent kind (Lundberg, Erion and Lee 2018): a column that is not
 * known sends a row down both sides of a node, by the shares of cover.
 *
 * They are not found by TreeSHAP's sums over sizes of subsets but by an integral. To a leaf a game is a product of one
 * factor per column on its path: 1 or 0 where the column is known (the row passes its nodes, or does not), the product of
 * its shares of cover where it is not. The Shapley value of a game is the integral over t, from 0 to 1, of its slope when
 * each column is known with probability t (Owen 1972); here that is a polynomial of degree d - 1 for d columns, and
 * Gauss-Legendre quadrature with d / 2 points has it exactly. Products at each point go down the tree and sums of them come
 * up (as in Linear TreeSHAP, Yu et al. 2022), so that a row takes time proportional to nodes x d / 2; all terms are
 * positive, so nothing cancels.
 *
 * @param table its columns at the positions, and its categories in the codes, that the forest was grown with
 */
export function treeShap(
  forest: Forest,
  table: Table,
  { threads }: { threads?: number | undefined } = {},
): ForestShap {
  const columns = forest.setWords.length;
  const values = new Float64Array(table.rows * forest.outputs * columns);
  const shares = sharesOf(forest);
  const base = baseOf(forest, shares);
  if (table.rows === 0 || columns === 0) return { base, values };
  const work = table.rows * forest.feature.length * forest.width * 20;
  withTeam('forest', { threads, work }, team => addShap(team, forest, shares, table, values));
  return { base, values };
}

/** Of each node, the share of its parent's cover: the chance to get there from the parent when its column is not known. */
export function sharesOf({ feature, left, right, cover }: Forest): Float64Array {
  const shares = new Float64Array(feature.length).fill(1);
  for (let node = 0; node < feature.length; node++) {
    if (feature[node] < 0) continue;
    const [l, r] = [left[node], right[node]];
    const both = cover[l] + cover[r];
    // where no row went by, either side is as likely
    shares[l] = both > 0 ? cover[l] / both : 0.5;
    shares[r] = 1 - shares[l];
  }
  return shares;
}

/** What the forest predicts when no column is known, one value an output. */
export function baseOf(forest: Forest, shares = sharesOf(forest)): Float64Array {
  const { feature, left, right, width, value } = forest;
  const base = new Float64Array(forest.outputs);
  const chance = new Float64Array(feature.length).fill(1);
  for (let node = 0; node < feature.length; node++) {
    if (feature[node] < 0) continue;
    chance[left[node]] = chance[node] * shares[left[node]];
    chance[right[node]] = chance[node] * shares[right[node]];
  }
  forest.roots.forEach((root, tree) => {
    for (let node = root; node < endOf(forest, tree); node++)
      if (feature[node] < 0)
        for (let k = 0; k < width; k++)
          base[forest.output[tree] + k] += chance[node] * value[node * width + k];
  });
  return base;
}

function endOf(forest: Forest, tree: number): number {
  return forest.roots[tree + 1] ?? forest.feature.length;
}

/** One tree as the kernel is told of it. */
interface Plan {
  tree: number;
  root: number;
  nodes: number;
  /** Points of the quadrature. */
  points: number;
}

function addShap(team: Team, forest: Forest, shares: Float64Array, table: Table, values: Float64Array): void {
  const pack = packed(team, forest);
  const { previous, columnsOnPath } = pathsOf(forest);
  const plans = Array.from(forest.roots, (root, tree) => {
    const nodes = endOf(forest, tree) - root;
    return { tree, root, nodes, points: pointsFor(columnsOnPath[tree]) };
  });
  const atMost = Math.max(...plans.map(({ nodes }) => (nodes + 15) & ~15));
  const vectors = Math.max(...plans.map(({ nodes, points }) => nodes * points));
  team.scratch(64 * (pack.used.length + 3) * 4 + atMost + 2 * vectors * 8);
  const before = team.copied(previous);
  for (const batch of batchesOf(plans))
    team.scoped(() => {
      const { trees, tables } = tablesOf(team, forest, shares, previous, batch);
      const told = [trees, batch.length, tables, before, pack.values, forest.width, forest.outputs] as const;
      inPieces(team, table, pack.used, MOST_ROWS, (columns, from, rows) => {
        const out = team.f64(rows * forest.outputs * pack.used.length);
        const { used, nodes, sets, setWords } = pack;
        const given = [columns, used.length, nodes, sets, setWords, ...told, atMost, vectors, out] as const;
        team.run('shap', rows, GRAIN, ...given);
        spread(out, pack, forest, values.subarray(from * forest.outputs * forest.setWords.length));
      });
    });
}

/** Adds the values of the used columns to those of all columns. */
function spread(out: Float64Array, { used }: PackedForest, forest: Forest, values: Float64Array): void {
  const columns = forest.setWords.length;
  for (let row = 0; row * used.length < out.length; row++)
    for (let j = 0; j < used.length; j++) values[row * columns + used[j]] += out[row * used.length + j];
}

/** An even number of points, so that they go two by two; n points have polynomials up to degree 2n - 1 exactly. */
function pointsFor(columns: number): number {
  return Math.max(2, 2 * Math.ceil(columns / 4));
}

function batchesOf(plans: readonly Plan[]): Plan[][] {
  const batches: Plan[][] = [];
  let room = 0;
  for (const plan of plans) {
    const bytes = plan.nodes * plan.points * 48;
    if (bytes > room) {
      batches.push([]);
      room = MOST_TABLES;
    }
    batches.at(-1)?.push(plan);
    room -= bytes;
  }
  return batches;
}

/** For each node, the child on the nearest edge above it whose node asked for the same column, counted from the root. */
function pathsOf(forest: Forest): { previous: Int32Array; columnsOnPath: number[] } {
  const previous = new Int32Array(forest.feature.length).fill(-1);
  const parent = new Int32Array(forest.feature.length).fill(-1);
  const distinct = new Uint16Array(forest.feature.length);
  const columnsOnPath = Array.from(forest.roots, (root, tree) => {
    let most = 0;
    for (let node = root; node < endOf(forest, tree); node++) {
      most = Math.max(most, distinct[node]);
      if (forest.feature[node] < 0) continue;
      const before = askedBefore(forest, parent, node);
      previous[node] = before < 0 ? -1 : before - root;
      for (const child of [forest.left[node], forest.right[node]]) {
        parent[child] = node;
        distinct[child] = distinct[node] + (before < 0 ? 1 : 0);
      }
    }
    return most;
  });
  return { previous, columnsOnPath };
}

function askedBefore({ feature }: Forest, parent: Int32Array, node: number): number {
  for (let child = node; parent[child] >= 0; child = parent[child])
    if (feature[parent[child]] === feature[node]) return child;
  return -1;
}

function tablesOf(
  team: Team,
  forest: Forest,
  shares: Float64Array,
  previous: Int32Array,
  batch: readonly Plan[],
): { trees: Uint32Array; tables: Float64Array } {
  const trees = team.u32(batch.length * 8);
  const tables = team.f64(batch.reduce((sum, { nodes, points }) => sum + nodes * points * 6, 0));
  let at = 0;
  batch.forEach(({ tree, root, nodes, points }, i) => {
    trees.set([root, nodes, points, forest.output[tree], at / 2], i * 8);
    const own = tables.subarray(at, at + nodes * points * 6);
    writeTables(forest, shares, previous, { tree, root, nodes, points }, own);
    at += own.length;
  });
  return { trees, tables };
}

/** The three states that an edge can be in for a row: see `descend` in kernels/forest.ts. */
const STATES = [
  { known: 1, before: 1 },
  { known: 0, before: 1 },
  { known: 0, before: 0 },
] as const;

/**
 * For each edge, by the node that it leads to, and each of its three states: by what the product changes at each point
 * when its column's factor is replaced by this edge's, and the share of the sums below that is its column's value, less what
 * the edge before it took for these leaves.
 */
function writeTables(
  forest: Forest,
  shares: Float64Array,
  previous: Int32Array,
  { root, nodes, points }: Plan,
  tables: Float64Array,
): void {
  const { at, weight } = legendre(points);
  const onPath = new Float64Array(nodes).fill(1);
  const write = (child: number, edge: EdgeShares): void =>
    STATES.forEach(({ known, before }, state) => {
      for (let k = 0; k < points; k++) {
        const q = edge.own + (known - edge.own) * at[k];
        const p = edge.before + (before - edge.before) * at[k];
        const place = (child * 6 + state) * points + k;
        tables[place] = p > 0 ? q / p : 0;
        const slope = (q > 0 ? (known - edge.own) / q : 0) - (p > 0 ? (before - edge.before) / p : 0);
        tables[place + 3 * points] = weight[k] * slope;
      }
    });
  for (let node = root; node < root + nodes; node++) {
    if (forest.feature[node] < 0) continue;
    const before = previous[node] < 0 ? 1 : onPath[previous[node]];
    for (const child of [forest.left[node], forest.right[node]]) {
      onPath[child - root] = before * shares[child];
      write(child - root, { own: onPath[child - root], before });
    }
  }
}

/** Products of the shares of cover over the edges of one column: to this edge, and to the one before it. */
interface EdgeShares {
  own: number;
  before: number;
}
