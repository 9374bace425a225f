import type { Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';

/** Rows of a tile: what kernels/lib/tiles.ts lays side by side. */
const TILE = 32;
/** Values that a block of a pass covers: some hundred microseconds of work. */
const BLOCK = 524_288;
/** Values copied at a time on their way into tiles. */
const COPIED = 4_194_304;
/** A spread below this share of the mean is what rounding to 32 bits leaves of a column of one value. */
const LEAST_SPREAD = 1e-7;

/** Rows in linear memory, as the kernels pass over them. */
export interface Rows {
  readonly team: Team;
  readonly columns: number;
  /** Tiles of 32 rows by column; rows beyond the last are zero and have weight 0. */
  readonly tiles: Float32Array;
  /** Number of tiles. */
  readonly count: number;
  readonly weights: Float32Array;
  /** Weighted mean of each column. */
  readonly means: Float64Array;
}

/** Rows with what they are to be fitted to. */
export interface Design extends Rows {
  readonly rows: number;
  readonly target: Float32Array;
  /** Sum of the weights. */
  readonly total: number;
  /** Weighted standard deviation of each column; 1 for a column of one value. */
  readonly deviations: Float64Array;
}

/** A table whose rows were found sound, and its target, in the memory of a team. */
export function designOf(
  team: Team,
  table: Table,
  target: Float32Array,
  weights: Float32Array | undefined,
): Design {
  const count = tilesOf(table.rows);
  const [targets, counts] = [team.f32(count * TILE), team.f32(count * TILE)];
  targets.set(target);
  if (weights) counts.set(weights);
  else counts.fill(1, 0, table.rows);
  const tiles = tiled(team, table);
  const total = counts.reduce((sum, weight) => sum + weight, 0);
  const { rows, columns } = { rows: table.rows, columns: table.columns.length };
  const shape = { team, rows, columns, tiles, count, target: targets, weights: counts, total };
  return { ...shape, ...momentsOf(shape) };
}

export function tilesOf(rows: number): number {
  return Math.ceil(rows / TILE);
}

/** Tiles that one block covers, where each value is met `times` times. */
export function grainOf(columns: number, times = 1): number {
  return Math.max(1, Math.min(256, Math.floor(BLOCK / (TILE * Math.max(1, columns) * times))));
}

/** The table in tiles. */
export function tiled(team: Team, table: Table): Float32Array {
  const { rows, columns } = table;
  const out = team.f32(tilesOf(rows) * TILE * columns.length);
  const step = Math.max(TILE, Math.floor(COPIED / Math.max(1, columns.length) / TILE) * TILE);
  team.scoped(() => {
    const parts = columns.map(() => team.f32(Math.min(step, tilesOf(rows) * TILE)));
    const pointers = team.copied(Uint32Array.from(parts, part => part.byteOffset));
    for (let from = 0; from < rows; from += step) {
      const size = Math.min(step, rows - from);
      columns.forEach((column, j) => {
        parts[j].set(column.subarray(from, from + size));
        parts[j].fill(0, size);
      });
      const to = out.byteOffset + from * columns.length * 4;
      team.run('toTiles', tilesOf(size), 32, pointers, columns.length, to);
    }
  });
  return out;
}

type Shape = Omit<Design, 'means' | 'deviations'>;

function momentsOf(shape: Shape): Pick<Design, 'means' | 'deviations'> {
  const { team, columns, tiles, count, weights, total } = shape;
  const width = 2 * columns;
  const origins = Float64Array.from({ length: columns }, (_, j) => tiles[j * TILE]);
  const sums = team.scoped(() => {
    const grain = grainOf(columns);
    const out = team.f64(Math.ceil(count / grain) * width);
    team.run('moments', count, grain, tiles, columns, weights, team.copied(origins), out);
    return summed(out, width);
  });
  const means = origins.map((origin, j) => origin + sums[2 * j] / total);
  const deviations = means.map((mean, j) => {
    const shift = sums[2 * j] / total;
    const deviation = Math.sqrt(Math.max(0, sums[2 * j + 1] / total - shift * shift));
    return deviation > Math.abs(mean) * LEAST_SPREAD ? deviation : 1;
  });
  return { means, deviations };
}

/** Sums of what the blocks left, block after block: so they do not depend on who worked on which. */
export function summed(parts: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let from = 0; from < parts.length; from += width)
    for (let j = 0; j < width; j++) sums[j] = sums[j] + parts[from + j];
  return sums;
}

/** Blocks of a matrix of cross products: few, for each leaves a whole matrix. */
const GRAM_VALUES = 8_388_608;
const GRAM_BLOCKS = 64;

/**
 * The lower half of sum w u u', where u = (1, x - means), in double precision: (columns + 1) x (columns + 1) by row.
 *
 * @param weights one for each row of the tiles; those of the design where absent
 */
export function gram(design: Rows, weights: Float32Array = design.weights): Float64Array {
  const { team, columns, tiles, count, means } = design;
  const n = columns + 1;
  const width = (n + 3) & ~3;
  const blocks = Math.max(2, Math.min(GRAM_BLOCKS, Math.floor(GRAM_VALUES / (width * width))));
  const grain = Math.ceil(count / blocks / 4) * 4;
  team.scratch(width * 1088);
  const whole = team.scoped(() => {
    const out = team.f64(Math.ceil(count / grain) * width * width);
    team.run('gram', count, grain, tiles, columns, width, weights, team.copied(means), out);
    return summed(out, width * width);
  });
  const tight = new Float64Array(n * n);
  for (let i = 0; i < n; i++) tight.set(whole.subarray(i * width, i * width + i + 1), i * n);
  return tight;
}

/** So many tiles of the design, or all where it has fewer, from all along it. */
export function sampleOf(design: Design, most: number): Rows {
  const { team, columns, count, tiles, weights } = design;
  const chosen = Math.min(most, count);
  const size = columns * TILE;
  const [own, counts] = [team.f32(chosen * size), team.f32(chosen * TILE)];
  for (let tile = 0; tile < chosen; tile++) {
    const from = Math.floor((tile * count) / chosen);
    own.set(tiles.subarray(from * size, (from + 1) * size), tile * size);
    counts.set(weights.subarray(from * TILE, (from + 1) * TILE), tile * TILE);
  }
  return { team, columns, tiles: own, count: chosen, weights: counts, means: design.means };
}
