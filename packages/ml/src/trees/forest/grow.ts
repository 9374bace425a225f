import type { FitOptions } from '../../estimator.ts';
import { Rng } from '../../random/rng.ts';
import { withTeam, type Team } from '../../runtime/team.ts';
import type { Table } from '../../table.ts';
import { binnedTable, learnBins, type BinnedTable, type ColumnBins } from '../binning.ts';
import type { Forest } from '../forest.ts';
import { boundsOf, treeOf, treesJoined, type GrownTree } from './assemble.ts';

/** What makes a node pure. As kernels/grow.ts counts them. */
export const CRITERIA = { squared: 0, gini: 1, entropy: 2 } as const;
export type Criterion = keyof typeof CRITERIA;

/** What trees are grown by, whatever they are for. */
export interface Growth {
  readonly criterion: Criterion;
  readonly trees: number;
  /** Columns that are drawn for each node; all of them, in their order, where it is not below their number. */
  readonly perNode: number;
  readonly maxDepth: number;
  /** Leaves of a tree at most; as many as there are where it is infinite. */
  readonly leaves: number;
  /** Weight that a leaf holds at least. */
  readonly minLeaf: number;
  /** Decrease of impurity that a question brings at least, weighted by the share of the rows that it is asked of. */
  readonly minGain: number;
  readonly bins: number;
  /** Whether a tree sees rows drawn with replacement; as they are otherwise. */
  readonly bootstrap: boolean;
  /** Whether each row's trees that did not see it tell what they say of it. */
  readonly outOfBag: boolean;
}

/** Rows to grow on. */
export interface GrowthData {
  readonly table: Table;
  /** Numbers, or classes from 0 up. */
  readonly target: Float32Array;
  readonly weights?: Float32Array | undefined;
  /** Whether the target is a class; a number otherwise. */
  readonly classes: boolean;
  /** How much a row of each class counts when impurity and leaf values are taken; two of 1 where the target is a number. */
  readonly scales: Float64Array;
  /** Values to a leaf. */
  readonly width: number;
  /** The values of a node as a leaf, of its sums: the weight of each class, or the weight and the weighted sum of numbers. */
  readonly valueOf: (sums: Float64Array) => number[];
}

export interface Grown {
  readonly forest: Forest;
  /** By node: by how much its question decreases the mean impurity of its tree's rows; 0 at a leaf. */
  readonly gain: Float64Array;
  /** rows x width: the mean of what the trees that did not see a row say of it; NaN where all of them did. */
  readonly outOfBag?: Float64Array | undefined;
}

const NODE_BYTES = 48;
const SETS_BYTES = 64;
const CATEGORICAL = 0x100;
/** Bytes that the trees of one call to the kernels may take. */
const MOST_BYTES = 256 << 20;
/** About so many visits of a row are made between two looks at the signal. */
const VISITS = 8_000_000;

/** Grows the trees one to a thread; each draws from a generator of its own, so that threads do not matter. */
export function grow(data: GrowthData, growth: Growth, options: FitOptions): Promise<Grown> {
  const { rng = new Rng(0), threads, signal } = options;
  const work = data.table.rows * Math.min(growth.perNode, data.table.columns.length) * growth.trees * 10;
  return withTeam('grow', { threads, work: growth.trees > 1 ? work : 0, signal }, async team => {
    const bins = learnBins(data.table, { bins: growth.bins, weights: data.weights, rng });
    const binned = binnedTable(team, data.table, bins);
    const plan = planOf(team, data, growth, bins, binned);
    const states = Array.from({ length: growth.trees }, () => Rng.seedWords(rng.bits()));
    const finish = finisherOf(data, growth, bins, binned);
    for (let tree = 0; tree < growth.trees; tree += plan.batch) {
      await team.pause();
      growBatch(team, plan, states.slice(tree, tree + plan.batch), finish.take);
      options.onProgress?.({
        done: Math.min(growth.trees, tree + plan.batch),
        total: growth.trees,
        unit: 'trees',
      });
    }
    return finish.grown();
  });
}

/** What the kernel is told, and the room that it has. */
interface Plan {
  words: Float64Array;
  rows: number;
  cells: number;
  /** Nodes that a tree may have. */
  capacity: number;
  /** Trees to a call. */
  batch: number;
  hasSets: boolean;
  outOfBag: boolean;
  nodes: Uint8Array;
  sets: Uint8Array;
  sums: Float64Array;
  made: Uint32Array;
  leaves: Int32Array;
}

function planOf(
  team: Team,
  data: GrowthData,
  growth: Growth,
  bins: readonly ColumnBins[],
  binned: BinnedTable,
): Plan {
  const { rows, columns } = binned;
  const cells = data.scales.length;
  const total = data.weights?.reduce((sum, weight) => sum + weight, 0) ?? rows;
  const capacity = 2 * mostLeaves(growth, rows, total) - 1;
  const hasSets = bins.some(({ codes }) => codes !== undefined);
  const outOfBag = growth.bootstrap && growth.outOfBag;
  const bytes = capacity * (NODE_BYTES + cells * 8 + (hasSets ? SETS_BYTES : 0)) + (outOfBag ? rows * 4 : 0);
  const batch = Math.min(
    growth.trees,
    batchOf(team.threads, bytes, rows * Math.min(growth.perNode, columns)),
  );
  team.scratch(scratchBytes(rows, columns, capacity, cells));
  return {
    words: wordsOf(team, data, growth, bins, binned, total),
    ...{ rows, cells, capacity, batch, hasSets, outOfBag },
    nodes: team.u8(batch * capacity * NODE_BYTES),
    sets: team.u8(hasSets ? batch * capacity * SETS_BYTES : 0),
    sums: team.f64(batch * capacity * cells),
    made: team.u32(batch),
    leaves: team.i32(outOfBag ? batch * rows : 0),
  };
}

function mostLeaves({ leaves, maxDepth, minLeaf }: Growth, rows: number, total: number): number {
  // rounded up, as the number of rows drawn may be
  const byWeight = Math.floor(Math.ceil(total) / minLeaf + 1e-9);
  return Math.max(1, Math.min(rows, leaves, 2 ** maxDepth, byWeight));
}

/** As many trees as fit into memory and into the time between two looks at the signal; one to each thread at least. */
function batchOf(threads: number, bytes: number, cells: number): number {
  const each = Math.floor(VISITS / (cells * Math.log2(cells + 2)));
  return threads * Math.max(1, Math.min(each, Math.floor(MOST_BYTES / bytes / threads)));
}

/** As `layOut` of kernels/grow.ts shares it out. */
function scratchBytes(rows: number, columns: number, capacity: number, cells: number): number {
  return rows * 36 + (capacity + columns) * 4 + 16 + 4 * 256 * cells * 8 + 32 + 11 * 256 + 2 * cells * 8;
}

/** As `read` of kernels/grow.ts reads them. */
function wordsOf(
  team: Team,
  data: GrowthData,
  growth: Growth,
  bins: readonly ColumnBins[],
  binned: BinnedTable,
  total: number,
): Float64Array {
  const { target, weights, scales } = data;
  const { bootstrap, leaves } = growth;
  const kinds = team.copied(Uint32Array.from(bins, each => each.bins | (each.codes ? CATEGORICAL : 0)));
  const own = bootstrap || !weights ? 0 : team.copied(weights).byteOffset;
  const summed = bootstrap && weights ? team.copied(runningSums(weights)).byteOffset : 0;
  return team.copied(
    Float64Array.of(
      ...[binned.rows, binned.columns, binned.byRow.byteOffset, binned.width, binned.stride],
      ...[binned.byColumn.byteOffset, kinds.byteOffset, team.copied(target).byteOffset, own, summed],
      ...[bootstrap ? Math.max(1, Math.round(total)) : 0, scales.length, CRITERIA[growth.criterion]],
      ...[team.copied(scales).byteOffset, growth.perNode, Math.min(growth.maxDepth, 2 ** 30)],
      ...[Number.isFinite(leaves) ? leaves : 0, growth.minLeaf, growth.minGain],
    ),
  );
}

function runningSums(weights: Float32Array): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, weight => (sum += weight));
}

/** One tree as the kernel leaves it. */
export interface RawTree {
  nodes: DataView;
  sets: Uint32Array;
  sums: Float64Array;
  count: number;
  /** The leaf of each row that the tree did not see, -1 of those that it saw; empty where nobody asked. */
  leaves: Int32Array;
}

function growBatch(
  team: Team,
  plan: Plan,
  states: readonly Uint32Array[],
  take: (tree: RawTree) => void,
): void {
  const { capacity, cells, rows, nodes, sets, sums, made, leaves } = plan;
  team.scoped(() => {
    const own = team.u32(states.length * 4);
    states.forEach((state, tree) => own.set(state, tree * 4));
    const out = [nodes, plan.hasSets ? sets : 0, sums, made, plan.outOfBag ? leaves : 0] as const;
    team.run('grow', states.length, 1, plan.words, own, capacity, ...out);
  });
  for (let tree = 0; tree < states.length; tree++) {
    const at = tree * capacity;
    take({
      nodes: new DataView(nodes.buffer, nodes.byteOffset + at * NODE_BYTES, made[tree] * NODE_BYTES),
      sets: plan.hasSets
        ? new Uint32Array(sets.buffer, sets.byteOffset + at * SETS_BYTES, (made[tree] * SETS_BYTES) / 4)
        : new Uint32Array(),
      sums: sums.subarray(at * cells, (at + made[tree]) * cells),
      count: made[tree],
      leaves: leaves.subarray(tree * rows, (tree + 1) * rows),
    });
  }
}

/** Takes trees as they come and joins them in the end. */
function finisherOf(
  data: GrowthData,
  growth: Growth,
  bins: readonly ColumnBins[],
  binned: BinnedTable,
): { take: (tree: RawTree) => void; grown: () => Grown } {
  const bounds = boundsOf(data, bins, binned);
  const trees: GrownTree[] = [];
  const unseen = growth.bootstrap && growth.outOfBag ? unseenSums(data) : undefined;
  return {
    take: raw => {
      const tree = treeOf(raw, data, bins, bounds);
      trees.push(tree);
      unseen?.add(raw.leaves, tree.value);
    },
    grown: () => ({ ...treesJoined(trees, data), outOfBag: unseen?.means() }),
  };
}

function unseenSums({ table, width }: GrowthData): {
  add: (leaves: Int32Array, value: Float64Array) => void;
  means: () => Float64Array;
} {
  const sums = new Float64Array(table.rows * width);
  const counts = new Uint32Array(table.rows);
  return {
    add: (leaves, value) => {
      for (let row = 0; row < leaves.length; row++) {
        if (leaves[row] < 0) continue;
        counts[row] += 1;
        for (let k = 0; k < width; k++) sums[row * width + k] += value[leaves[row] * width + k];
      }
    },
    means: () => sums.map((sum, at) => sum / counts[Math.floor(at / width)]),
  };
}
