import type { Team } from '../../runtime/team.ts';
import type { BinnedTable, ColumnBins } from '../binning.ts';
import { unscaledGain, writeNode, writeRules, type NodeSums, type Split } from './node.ts';
import type { GrowthRules, Scale } from './rules.ts';

/** A stretch of the order of rows. */
export interface Rows {
  start: number;
  count: number;
}

/** Histograms of the stretches of one node: `parts` of them from the pointer `at` on. */
export interface Counted {
  /** The node's place in the pool. */
  slot: number;
  at: number;
  parts: number;
}

const CELLS = 256;
const COLUMN_BYTES = CELLS * 8;
const FOUND_BYTES = 64;
const PARTITION_GRAIN = 32_768;
const SUM_GRAIN = 32_768;
/** A histogram of fewer rows is not worth a block of its own. */
const LEAST_STRETCH = 2_048;
const MOST_STRETCH = 65_536;
/** Bytes of scratch: 256 rows of 32 bins with their pairs. */
export const SCRATCH_BYTES = 256 * (32 + 8);

/**
 * The memory that trees are grown in, and the kernels' calls on it: rows in an order in which those of a node lie
 * together, and a pool of histograms, one for each node that may still be split.
 */
export class Workspace {
  /** Rows of the table: those of each node a stretch of it. */
  readonly order: Uint32Array;
  /** Curvature and slope by row, packed. */
  readonly pairs: Float32Array;
  readonly #team: Team;
  readonly #binned: BinnedTable;
  readonly #rules: GrowthRules;
  readonly #weights: Float32Array | undefined;
  readonly #spare: { left: Uint32Array; right: Uint32Array };
  readonly #slots: number;
  readonly #pool: Float64Array;
  readonly #partials: Float64Array;
  readonly #columns: Int32Array;
  readonly #nodes: Float64Array;
  readonly #rulesAt: Float64Array;
  readonly #found: Uint8Array;
  readonly #view: DataView;
  readonly #goesLeft: Uint8Array;
  readonly #counts: Int32Array;
  readonly #before: Int32Array;
  readonly #sums: Float64Array;

  /** @param weights in the team's memory */
  constructor(
    team: Team,
    binned: BinnedTable,
    bins: readonly ColumnBins[],
    rules: GrowthRules,
    weights: Float32Array | undefined,
  ) {
    const { rows, groups, width } = binned;
    this.#team = team;
    this.#binned = binned;
    this.#rules = rules;
    this.#weights = weights;
    team.scratch(SCRATCH_BYTES);
    this.order = team.u32(rows);
    this.pairs = team.f32((rows + 3) * 2);
    this.#spare = { left: team.u32(rows), right: team.u32(rows) };
    this.#slots = groups * width;
    this.#pool = team.f64(rules.leaves * this.#slots * CELLS);
    this.#partials = team.f64(stretchesOf(rows, team.threads).parts * this.#slots * CELLS);
    this.#columns = team.i32(this.#slots * 4);
    bins.forEach((column, j) =>
      this.#columns.set([column.bins, column.codes ? 1 : 0, rules.monotone[j], 1], j * 4),
    );
    this.#nodes = team.f64(16);
    this.#rulesAt = team.f64(8);
    this.#found = team.u8(2 * this.#slots * FOUND_BYTES);
    this.#view = new DataView(this.#found.buffer, this.#found.byteOffset, this.#found.length);
    this.#goesLeft = team.u8(CELLS);
    const blocks = Math.ceil(rows / PARTITION_GRAIN);
    this.#counts = team.i32(blocks);
    this.#before = team.i32(blocks);
    this.#sums = team.f64(Math.ceil(rows / SUM_GRAIN));
  }

  /** Begins a tree: which columns it may ask, and in what units its sums are. */
  begin(allowed: Uint8Array, scale: Scale): void {
    allowed.forEach((may, j) => (this.#columns[j * 4 + 3] = may));
    writeRules(this.#rulesAt, this.#rules, scale);
  }

  /**
   * Counts the histogram of a node in stretches; where there is but one, straight to the node's place in the pool.
   *
   * @param whole whether the node has all rows of the table in their order
   */
  histogram({ start, count }: Rows, slot: number, whole: boolean): Counted {
    const { byRow, rows, stride, width, groups } = this.#binned;
    const { stretch, parts } = stretchesOf(count, this.#team.threads);
    const at = parts === 1 ? this.#slotAt(slot) : this.#partials.byteOffset;
    const bins = [byRow, rows, stride, width, groups] as const;
    const node = [this.pairs, this.order, start, count, stretch, whole ? 1 : 0] as const;
    this.#team.run('histogram', parts * groups, 1, ...bins, ...node, at);
    return { slot, at, parts };
  }

  /** Sums over all cells of the first column: over all rows of the node. */
  totals({ at, parts }: Counted): { slope: number; curvature: number } {
    const { buffer } = parts === 1 ? this.#pool : this.#partials;
    let [slope, curvature] = [0, 0];
    for (let part = 0; part < parts; part++) {
      const from = at + part * this.#slots * COLUMN_BYTES;
      const cells = new Int32Array(buffer, from, 2 * CELLS);
      for (let i = 0; i < cells.length; i += 2) {
        curvature += cells[i];
        slope += cells[i + 1];
      }
    }
    return { slope, curvature };
  }

  /**
   * The best splits of a node that was counted and of its sibling, whose histogram is what is left of their parent's.
   *
   * @param sibling its place in the pool is still its parent's
   */
  splits(
    { slot, at, parts }: Counted,
    own: NodeSums,
    sibling: { slot: number; sums: NodeSums } | undefined,
    scale: Scale,
  ): [own: Split | undefined, sibling: Split | undefined] {
    writeNode(this.#nodes, 0, own, this.#rules, scale);
    if (sibling) writeNode(this.#nodes, 8, sibling.sums, this.#rules, scale);
    const { columns } = this.#binned;
    const grain = Math.max(8, Math.ceil(columns / (4 * this.#team.threads)));
    const places = [this.#slotAt(slot), sibling ? this.#slotAt(sibling.slot) : 0] as const;
    const told = [this.#columns, this.#nodes, this.#rulesAt, this.#found, columns] as const;
    this.#team.run('splits', columns, grain, at, parts, this.#slots * COLUMN_BYTES, ...places, ...told);
    return [this.#best(0, scale), sibling && this.#best(columns, scale)];
  }

  /** Parts the rows of a node, left before right. How many go left. */
  partition({ start, count }: Rows, bins: number, goesLeft: Uint8Array): number {
    this.#goesLeft.set(goesLeft);
    const [order, right] = [this.order.byteOffset + start * 4, this.#spare.right];
    // one block alone may leave its left rows where they belong
    const left = count <= PARTITION_GRAIN ? order : this.#spare.left.byteOffset;
    const told = [order, bins, this.#goesLeft, left, right, this.#counts] as const;
    this.#team.run('partition', count, PARTITION_GRAIN, ...told);
    let lefts = 0;
    for (let block = 0; block * PARTITION_GRAIN < count; block++) {
      this.#before[block] = lefts;
      lefts += this.#counts[block];
    }
    const places = [order, left, right, this.#counts, this.#before, lefts] as const;
    this.#team.run('place', count, PARTITION_GRAIN, ...places);
    return lefts;
  }

  /** Weight of the rows of a stretch. */
  weightOf({ start, count }: Rows): number {
    if (!this.#weights) return count;
    this.#team.run('sumAt', count, SUM_GRAIN, this.order.byteOffset + start * 4, this.#weights, this.#sums);
    let sum = 0;
    for (let block = 0; block * SUM_GRAIN < count; block++) sum += this.#sums[block];
    return sum;
  }

  #slotAt(slot: number): number {
    return this.#pool.byteOffset + slot * this.#slots * COLUMN_BYTES;
  }

  /** The split of the largest gain; of equal ones, that of the first column. */
  #best(from: number, scale: Scale): Split | undefined {
    let [column, most] = [-1, 0];
    for (let j = 0; j < this.#binned.columns; j++) {
      const gain = this.#view.getFloat64((from + j) * FOUND_BYTES, true);
      if (gain > most) [column, most] = [j, gain];
    }
    return column < 0
      ? undefined
      : this.#read((from + column) * FOUND_BYTES, column, unscaledGain(most, scale));
  }

  #read(at: number, column: number, gain: number): Split {
    const missing = this.#view.getInt32(at + 20, true);
    const isSet = this.#columns[column * 4 + 1] === 1;
    return {
      column,
      gain,
      curvature: this.#view.getUint32(at + 8, true),
      slope: this.#view.getInt32(at + 12, true),
      lastBin: this.#view.getInt32(at + 16, true),
      missingLeft: missing < 0 ? undefined : missing === 1,
      set: isSet ? this.#found.slice(at + 32, at + 64) : undefined,
      isRun: isSet && this.#view.getInt32(at + 24, true) === 1,
    };
  }
}

/** How the rows of a node are shared out: a few stretches for each thread, so that none waits for long. */
function stretchesOf(count: number, threads: number): { stretch: number; parts: number } {
  const wanted = threads === 1 ? count : Math.ceil(count / (3 * threads));
  const stretch = Math.min(MOST_STRETCH, Math.max(LEAST_STRETCH, wanted));
  return { stretch, parts: Math.max(1, Math.ceil(count / stretch)) };
}
