import type { Team } from '../../runtime/team.ts';
import type { SparseRows } from '../../sparse.ts';

/** Rows to learn from, sound. */
export interface SparseData {
  x: SparseRows;
  y: Float32Array;
  weights: Float32Array | undefined;
}

/** Entries that are brought into linear memory at a time; they stay in the processor's second cache. */
const ENTRIES = 1 << 16;
const ROWS = 4096;

/**
 * A window onto rows, in linear memory: kernels go over it while the rows themselves stay where the caller has them,
 * however many there are.
 */
export class Stage {
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array | 0;
  readonly targets: Float32Array;
  readonly weights: Float32Array | 0;
  /** Entries of the longest row. */
  readonly longest: number;
  readonly #data: SparseData;

  constructor(team: Team, data: SparseData) {
    const { x, weights } = data;
    this.#data = data;
    this.longest = longestRow(x);
    const entries = Math.max(this.longest, Math.min(ENTRIES, x.indices.length));
    const rows = Math.min(ROWS, x.rows);
    this.offsets = team.u32(rows + 1);
    this.indices = team.u32(entries);
    this.values = x.values ? team.f32(entries) : 0;
    this.targets = team.f32(rows);
    this.weights = weights ? team.f32(rows) : 0;
  }

  /**
   * Brings in as many rows as there is room for.
   *
   * @param from how many rows came before
   * @param order which row comes when; as they lie where absent
   * @returns how many it brought
   */
  fill(from: number, order?: Uint32Array): number {
    return order ? this.#gather(from, order) : this.#copy(from);
  }

  #copy(from: number): number {
    const { x, y, weights } = this.#data;
    const start = x.offsets[from];
    let to = from;
    while (this.#hasRoom(to - from, x.offsets[to + 1] - start) && to < x.rows) to++;
    for (let row = from; row <= to; row++) this.offsets[row - from] = x.offsets[row] - start;
    this.indices.set(x.indices.subarray(start, x.offsets[to]));
    if (this.values && x.values) this.values.set(x.values.subarray(start, x.offsets[to]));
    this.targets.set(y.subarray(from, to));
    if (this.weights && weights) this.weights.set(weights.subarray(from, to));
    return to - from;
  }

  #gather(from: number, order: Uint32Array): number {
    const { x, y, weights } = this.#data;
    let [rows, entries] = [0, 0];
    for (; from + rows < order.length; rows++) {
      const row = order[from + rows];
      const [start, end] = [x.offsets[row], x.offsets[row + 1]];
      if (!this.#hasRoom(rows, entries + end - start)) break;
      for (let at = start; at < end; at++) this.#put(entries++, at);
      this.offsets[rows + 1] = entries;
      this.targets[rows] = y[row];
      if (this.weights && weights) this.weights[rows] = weights[row];
    }
    return rows;
  }

  #put(to: number, at: number): void {
    const { indices, values } = this.#data.x;
    this.indices[to] = indices[at];
    if (this.values && values) this.values[to] = values[at];
  }

  #hasRoom(rows: number, entries: number): boolean {
    return rows < this.targets.length && entries <= this.indices.length;
  }
}

function longestRow({ rows, offsets }: SparseRows): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  return longest;
}
