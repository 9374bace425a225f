import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import type { Team } from '../runtime/team.ts';
import { dictionaryOf, type Table } from '../table.ts';

/** How the values of one column are told apart by trees. Bin 0 holds what is missing, bins 1 to `bins` hold values. */
export interface ColumnBins {
  readonly bins: number;
  /**
   * Of a column of numbers: ascending, `bins` - 1 of them, each halfway between two values that occur. The value v is in
   * bin 1 + (how many edges lie below v), so "bin <= b" and "v <= edges[b - 1]" part the rows alike.
   */
  readonly edges: Float32Array;
  /** Of a column of categories: the bin of each code, in order of the codes; 0 for a category that no row has. */
  readonly codes?: Uint8Array | undefined;
}

export interface BinningOptions {
  /** Bins at most, from 2 to 255, besides that of missing values. 255 where absent. */
  bins?: number | undefined;
  /** How many times each row counts. */
  weights?: Float32Array | undefined;
  /** Draws the rows that edges are made from, where the table has more than `SAMPLE` of them. */
  rng?: Rng | undefined;
}

/** A bin is a byte, and one value of it says "missing". */
export const MOST_BINS = 255;
/** Edges are quantiles of at most so many rows: a bin of 255 then holds 257 of them, give or take 6 %. */
export const SAMPLE = 65_536;

/**
 * Bins of each column: quantiles of numbers (each value a bin of its own where there are few), categories as they are,
 * the rarest sharing one bin where there are too many.
 *
 * @param table of finite or missing numbers, as `soundTable` leaves them
 * @example
 * learnBins(tableOf({ x: Float32Array.of(1, 2, 4, NaN) }))[0].edges // Float32Array [1.5, 3]
 */
export function learnBins(table: Table, options: BinningOptions = {}): ColumnBins[] {
  const { bins = MOST_BINS, weights, rng = new Rng(0) } = options;
  required(
    Number.isInteger(bins) && bins >= 2 && bins <= MOST_BINS,
    'bins',
    'a whole number from 2 to 255',
    bins,
  );
  const sample = sampleOf(table.rows, weights, rng);
  return table.columns.map((column, j) => {
    const categories = dictionaryOf(table, table.names[j])?.length;
    if (categories !== undefined) return categoryBins(column, categories, bins, weights);
    const edges = edgesOf(massesOf(column, sample, weights), bins);
    return { bins: edges.length + 1, edges };
  });
}

/** The bin of one value: the plain twin of the kernels that bin whole columns. */
export function binOf({ edges, codes }: ColumnBins, value: number): number {
  if (Number.isNaN(value)) return 0;
  if (codes) return codes[value] ?? 0;
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Rows that count, spread over the table: one from each of `SAMPLE` stretches where there are more. */
function sampleOf(rows: number, weights: Float32Array | undefined, rng: Rng): Uint32Array {
  const size = Math.min(rows, SAMPLE);
  const stretch = rows / size;
  const drawn = new Uint32Array(size);
  for (let i = 0; i < size; i++) drawn[i] = rows > size ? Math.floor((i + rng.uniform()) * stretch) : i;
  return weights ? drawn.filter(row => weights[row] > 0) : drawn;
}

/** Distinct values in ascending order, and how often each occurs. */
interface Masses {
  values: Float32Array;
  masses: Float64Array;
}

function massesOf(column: Float32Array, sample: Uint32Array, weights: Float32Array | undefined): Masses {
  let [n, last] = [0, NaN];
  const values = new Float32Array(sample.length);
  const masses = new Float64Array(sample.length);
  const order = ordered(column, sample, weights);
  for (let i = 0; i < order.values.length; i++) {
    const value = order.values[i];
    if (value !== last) values[n++] = last = value;
    masses[n - 1] += order.weights?.[i] ?? 1;
  }
  return { values: values.subarray(0, n), masses: masses.subarray(0, n) };
}

/** The sampled values that are not missing in ascending order, each with its weight. */
function ordered(
  column: Float32Array,
  sample: Uint32Array,
  weights: Float32Array | undefined,
): { values: Float32Array; weights?: Float32Array } {
  // plain loops: calls for each of so many values would take longer than the sorting
  const present = new Uint32Array(sample.length);
  let n = 0;
  for (let i = 0; i < sample.length; i++) if (!Number.isNaN(column[sample[i]])) present[n++] = sample[i];
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = column[present[i]];
  if (!weights) return { values: values.sort() };
  const order = ascending(values);
  const masses = new Float32Array(n);
  for (let i = 0; i < n; i++) masses[i] = weights[present[order[i]]];
  return { values: values.sort(), weights: masses };
}

/**
 * Positions of the values in ascending order. Value and position go into one whole number below 2^53, because arrays
 * of numbers are sorted many times faster than by a comparison of ours.
 */
function ascending(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Float64Array(values.length);
  for (let i = 0; i < keys.length; i++) {
    const word = values[i] === 0 ? 0 : bits[i]; // there is but one zero
    const rank = word & 0x8000_0000 ? ~word >>> 0 : (word | 0x8000_0000) >>> 0;
    keys[i] = rank * SAMPLE_PLACES + i;
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i++) order[i] = keys[i] % SAMPLE_PLACES;
  return order;
}

/** A power of two above `SAMPLE`. */
const SAMPLE_PLACES = 131_072;

/** Where to part the values so that the bins hold about equal shares; a value that fills a bin has it for itself. */
function edgesOf({ values, masses }: Masses, bins: number): Float32Array {
  const edges: number[] = [];
  const everyValue = values.length <= bins;
  const full = masses.reduce((sum, mass) => sum + mass, 0) / bins;
  const light = masses.filter(mass => mass < full);
  let rest = light.reduce((sum, mass) => sum + mass, 0);
  let left = bins - (masses.length - light.length);
  let current = 0;
  for (let i = 0; i + 1 < values.length && edges.length + 1 < bins; i++) {
    const fills = masses[i] >= full;
    if (!fills) current += masses[i];
    const enough = current >= rest / Math.max(1, left);
    if (!everyValue && !fills && !enough && masses[i + 1] < full) continue;
    edges.push(between(values[i], values[i + 1]));
    if (fills) continue;
    rest -= current;
    [left, current] = [left - 1, 0];
  }
  return Float32Array.from(edges);
}

/** Halfway, and below the upper value even where no number lies between the two. */
export function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle < high ? middle : low;
}

function categoryBins(
  column: Float32Array,
  categories: number,
  bins: number,
  weights: Float32Array | undefined,
): ColumnBins {
  const masses = new Float64Array(categories);
  for (let row = 0; row < column.length; row++)
    if (!Number.isNaN(column[row])) masses[column[row]] += weights?.[row] ?? 1;
  const present = [...masses.keys()].filter(code => masses[code] > 0);
  const codes = new Uint8Array(categories);
  const kept = present.length <= bins ? present : mostFrequent(present, masses, bins - 1);
  kept.forEach((code, at) => (codes[code] = at + 1));
  const own = kept.length;
  for (const code of present) if (codes[code] === 0) codes[code] = own + 1; // the rare ones together
  return { bins: Math.min(present.length, bins), edges: new Float32Array(), codes };
}

/** In order of the codes. */
function mostFrequent(present: number[], masses: Float64Array, count: number): number[] {
  return present
    .toSorted((a, b) => masses[b] - masses[a] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/**
 * The bins of a table in linear memory, twice: by column, where one column is asked of many rows, and by row, where many
 * columns of one row are. By row, columns lie in groups so that what is counted of a group stays in the cache.
 */
export interface BinnedTable {
  readonly rows: number;
  readonly columns: number;
  /** Bin of row i in column j at [j * rows + i]. */
  readonly byColumn: Uint8Array;
  /** Bin of row i in column j at [(g * rows + i) * stride + j - g * width], where g = floor(j / width). */
  readonly byRow: Uint8Array;
  readonly groups: number;
  /** Columns to a group: a multiple of 4, 32 at most. The last group's places beyond the last column are 0. */
  readonly width: number;
  /** Bytes from one row of a group to the next: 16 or 32. */
  readonly stride: number;
}

const MOST_WIDTH = 32;
const CHUNK = 1 << 21;

/** Bins every value. The kernels of the team's family must hold those of kernels/lib/binning.ts. */
export function binnedTable(team: Team, table: Table, bins: readonly ColumnBins[]): BinnedTable {
  const [rows, columns] = [table.rows, table.columns.length];
  const groups = Math.max(1, Math.ceil(columns / MOST_WIDTH));
  const width = Math.ceil(columns / groups / 4) * 4;
  const stride = width <= 16 ? 16 : 32;
  const byColumn = team.u8(rows * columns);
  const byRow = team.u8(rows * groups * stride);
  team.scoped(() => {
    const values = team.f32(Math.min(rows, CHUNK));
    table.columns.forEach((column, j) =>
      binColumn(team, column, bins[j], values, byColumn.byteOffset + j * rows),
    );
  });
  team.run('binsToRows', rows, 16_384, byColumn, rows, columns, width, stride, byRow);
  return { rows, columns, byColumn, byRow, groups, width, stride };
}

/** @param buffer in linear memory, for as many values as are binned at once */
function binColumn(
  team: Team,
  column: Float32Array,
  bins: ColumnBins,
  buffer: Float32Array,
  out: number,
): void {
  const { codes } = bins;
  const key = codes ? team.copied(codes) : team.copied(padded(bins.edges));
  for (let from = 0; from < column.length; from += CHUNK) {
    const part = column.subarray(from, from + CHUNK);
    buffer.set(part);
    if (codes) team.run('binCodes', part.length, 32_768, buffer, key, codes.length, out + from);
    else team.run('binNumbers', part.length, 16_384, buffer, key, out + from);
  }
}

/** Edges as the kernel searches them: 256, of which those that are not there lie above every value. */
function padded(edges: Float32Array): Float32Array {
  const all = new Float32Array(256).fill(Infinity);
  all.set(edges);
  return all;
}
