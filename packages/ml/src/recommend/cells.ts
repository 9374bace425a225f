import type { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { padded } from './exact.ts';

/** How the cells were drawn. */
export interface Centres {
  /** Unit vectors of rank + 1 coordinates, padded. */
  augmented: Float32Array;
  /** The length of the longest vector: the others' last coordinate makes up for what they lack. */
  longest: number;
}

/** Vectors by cell. */
export interface Cells extends Centres {
  rank: number;
  /** The first `rank` coordinates of each centre: queries have 0 in the last. */
  centres: Float32Array;
  /** Cell c holds the places offsets[c] up to offsets[c + 1]. */
  offsets: Uint32Array;
  /** What the vector at each place is called. */
  ids: Uint32Array;
  vectors: Float32Array;
}

const ROUNDS = 8;
/** Vectors to a cell that centres are drawn from: more cost time and change little. */
const SAMPLE = 64;

/** Centres by spherical k-means on a sample. */
export function centresOf(
  vectors: Float32Array,
  rank: number,
  count: number,
  rng: Rng,
  threads?: number,
): Centres {
  const longest = Math.max(1e-30, longestOf(vectors, rank));
  const wide = padded(rank + 1);
  const order = rng.permutation(vectors.length / rank).subarray(0, count * SAMPLE);
  const points = augmentedOf(vectors, rank, longest, order);
  const augmented = points.slice(0, count * wide);
  withTeam('topk', { threads }, team => {
    const [x, centres] = [team.copied(points), team.copied(augmented)];
    const cells = team.u32(order.length);
    for (let round = 0; round < ROUNDS; round++) {
      team.run('assign', order.length, 64, x, centres, count, wide, cells);
      centres.set(means(points, wide, cells, centres));
    }
    augmented.set(centres);
  });
  return { augmented, longest };
}

/** Means of the points of each cell, at length 1; a cell without points keeps its centre. */
function means(points: Float32Array, wide: number, cells: Uint32Array, centres: Float32Array): Float32Array {
  const sums = new Float64Array(centres.length);
  cells.forEach((cell, i) => {
    for (let j = 0; j < wide; j++) sums[cell * wide + j] += points[i * wide + j];
  });
  const next = centres.slice();
  for (let from = 0; from < sums.length; from += wide) {
    const sum = sums.subarray(from, from + wide);
    const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    if (length > 0)
      next.set(
        sum.map(value => value / length),
        from,
      );
  }
  return next;
}

/** The vectors at these positions over the longest length, with the coordinate that makes their length 1. */
function augmentedOf(
  vectors: Float32Array,
  rank: number,
  longest: number,
  positions: Uint32Array,
): Float32Array {
  const wide = padded(rank + 1);
  const out = new Float32Array(positions.length * wide);
  positions.forEach((position, i) => {
    let square = 0;
    for (let j = 0; j < rank; j++) {
      const value = vectors[position * rank + j] / longest;
      out[i * wide + j] = value;
      square += value * value;
    }
    // one that was added later may be longer
    out[i * wide + rank] = Math.sqrt(Math.max(0, 1 - square));
  });
  return out;
}

function longestOf(vectors: Float32Array, rank: number): number {
  let most = 0;
  for (let from = 0; from < vectors.length; from += rank) {
    let square = 0;
    for (let j = from; j < from + rank; j++) square += vectors[j] * vectors[j];
    most = Math.max(most, square);
  }
  return Math.sqrt(most);
}

/** Vectors, each in the cell of its nearest centre; they may be others than those that the centres were made of. */
export function cellsOf(
  vectors: Float32Array,
  rank: number,
  { augmented, longest }: Centres,
  threads?: number,
): Cells {
  const wide = padded(rank + 1);
  const [size, count] = [vectors.length / rank, augmented.length / wide];
  const cells = withTeam('topk', { threads, work: size * count * wide }, team => {
    const all = Uint32Array.from({ length: size }, (_, i) => i);
    const cells = team.u32(size);
    const points = team.copied(augmentedOf(vectors, rank, longest, all));
    team.run('assign', size, 64, points, team.copied(augmented), count, wide, cells);
    return cells.slice();
  });
  const offsets = new Uint32Array(count + 1);
  for (const cell of cells) offsets[cell + 1]++;
  for (let cell = 0; cell < count; cell++) offsets[cell + 1] += offsets[cell];
  const next = offsets.slice();
  const [ids, sorted] = [new Uint32Array(size), new Float32Array(vectors.length)];
  cells.forEach((cell, id) => {
    const place = next[cell]++;
    ids[place] = id;
    sorted.set(vectors.subarray(id * rank, (id + 1) * rank), place * rank);
  });
  const centres = new Float32Array(count * rank);
  for (let cell = 0; cell < count; cell++)
    centres.set(augmented.subarray(cell * wide, cell * wide + rank), cell * rank);
  return { rank, augmented, longest, centres, offsets, ids, vectors: sorted };
}
