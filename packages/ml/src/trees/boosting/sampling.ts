import type { Rng } from '../../random/rng.ts';
import type { Team } from '../../runtime/team.ts';
import type { Rows, Workspace } from './workspace.ts';

/** Rows that learn, and rows that only tell how well it went. */
export interface HeldOut {
  learning: Uint32Array;
  held: Uint32Array;
}

/**
 * Keeps a share of the rows out, at random; whole groups where there are some. Rows of weight 0 are on neither side.
 *
 * @param starts where each group begins, and the number of rows
 */
export function holdOut(
  rows: number,
  share: number,
  weights: Float32Array | undefined,
  starts: Uint32Array | undefined,
  rng: Rng,
): HeldOut {
  const isHeld = new Uint8Array(rows);
  const units = starts ? starts.length - 1 : rows;
  // one unit at least on either side, where there are two
  const count = share > 0 ? Math.min(units - 1, Math.max(1, Math.round(share * units))) : 0;
  if (count > 0)
    for (const unit of rng.permutation(units).subarray(0, count))
      if (starts) isHeld.fill(1, starts[unit], starts[unit + 1]);
      else isHeld[unit] = 1;
  const where = (held: number): Uint32Array => {
    const found = new Uint32Array(rows);
    let n = 0;
    for (let row = 0; row < rows; row++)
      if (isHeld[row] === held && (weights === undefined || weights[row] > 0)) found[n++] = row;
    return found.slice(0, n);
  };
  return { learning: where(0), held: where(1) };
}

const GRAIN = 32_768;

/** Draws the rows that each tree learns from, and lays them first in the order of the workspace. */
export class RowSampling {
  readonly #team: Team;
  readonly #space: Workspace;
  readonly #learning: Uint32Array;
  readonly #flags: Uint8Array;
  readonly #share: number;

  constructor(team: Team, space: Workspace, learning: Uint32Array, rows: number, share: number) {
    this.#team = team;
    this.#space = space;
    this.#learning = learning;
    this.#share = share;
    this.#flags = team.u8(share < 1 ? rows : 0);
  }

  /** How many rows learn in all. */
  get count(): number {
    return this.#learning.length;
  }

  /** The rows that the next tree learns from; those after them, up to all that learn, it does not see. */
  next(rng: Rng): Rows {
    this.#space.order.set(this.#learning);
    const all = { start: 0, count: this.#learning.length };
    if (this.#share === 1) return all;
    const below = Math.floor(this.#share * 2 ** 32);
    this.#team.run('draw', this.#flags.length, GRAIN, rng.bits(), below, this.#flags);
    const count = this.#space.partition(all, this.#flags.byteOffset, Uint8Array.of(0, 1));
    return count > 0 ? { start: 0, count } : all;
  }
}

/** 1 for each column that the next tree may ask. */
export function sampledColumns(columns: number, share: number, rng: Rng): Uint8Array {
  if (share === 1) return new Uint8Array(columns).fill(1);
  const allowed = new Uint8Array(columns);
  const count = Math.max(1, Math.round(share * columns));
  for (const column of rng.permutation(columns).subarray(0, count)) allowed[column] = 1;
  return allowed;
}
