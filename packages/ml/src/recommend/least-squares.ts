import { MlError } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import { transposed, type SparseRows } from '../sparse.ts';
import type { AlsFitOptions } from './als.ts';
import { balanced, longestRow } from './balance.ts';
import { padded } from './exact.ts';
import type { Factors } from './factors.ts';
import { filledValues } from './recommender.ts';

/** The parameters of `als`, all given. */
export interface LeastSquares {
  factors: number;
  iterations: number;
  alpha: number;
  l2: number;
  scaling: number;
  steps: number;
}

/** From zero a vector is at its optimum, as far as 32 bits tell, after so many steps of conjugate gradients. */
const STEPS_FROM_ZERO = 24;
/** Entries x factors of a block of rows: about a third of a millisecond. */
const BLOCK_WORK = 150_000;
/** Blocks between two looks at the signal. */
const BLOCKS_A_TURN = 256;
const START_DEVIATION = 0.01;

/** One side of the interactions in linear memory: users with their items, or items with their users. */
interface Side {
  bounds: Uint32Array;
  offsets: Uint32Array;
  indices: Uint32Array;
  strengths: Float32Array;
  penalties: Float32Array;
  longest: number;
}

/** Vectors of all users and items after the iterations that the method has. */
export async function fitFactors(
  data: SparseRows,
  method: LeastSquares,
  { rng = new Rng(0), from, signal, threads, onProgress }: AlsFitOptions,
): Promise<Factors> {
  const { factors, iterations, steps } = method;
  const rank = padded(factors);
  const work = 4 * data.indices.length * rank * (steps + 1) * iterations;
  return withTeam('recommend', { threads, work, signal }, async team => {
    const [users, items] = [sideOf(team, data, method, rank), sideOf(team, transposed(data), method, rank)];
    const x = team.copied(start(data.rows, factors, rng, from?.userFactors, from?.factors));
    const y = team.copied(start(data.width, factors, rng, from?.itemFactors, from?.factors));
    const gramian = team.f32(rank * rank);
    for (let done = 1; done <= iterations; done++) {
      await move(team, users, x, y, gramian, rank, steps);
      await move(team, items, y, x, gramian, rank, steps);
      onProgress?.({ done, total: iterations, unit: 'iterations' });
    }
    return { factors, users: x.slice(), items: y.slice() };
  });
}

function sideOf(team: Team, data: SparseRows, method: LeastSquares, rank: number): Side {
  const { alpha, l2, scaling } = method;
  return {
    // the product with the Gram matrix costs as much as that with a quarter of so many entries
    bounds: team.copied(balanced(data, rank / 4, BLOCK_WORK / rank)),
    offsets: team.copied(data.offsets),
    indices: team.copied(data.indices),
    strengths: team.copied(filledValues(data).map(value => alpha * value)),
    penalties: team.copied(
      Float32Array.from({ length: data.rows }, (_, row) => {
        return l2 * (data.offsets[row + 1] - data.offsets[row] + 1) ** scaling;
      }),
    ),
    longest: longestRow(data),
  };
}

/** What is known from before, in its place, and small random vectors elsewhere. */
function start(
  count: number,
  factors: number,
  rng: Rng,
  known: Float32Array = new Float32Array(),
  knownFactors = factors,
): Float32Array {
  if (knownFactors !== factors)
    throw new MlError(
      'ml.bad_parameter',
      `from must be a model of ${factors} factors; it has ${knownFactors}`,
    );
  const rank = padded(factors);
  const vectors = new Float32Array(count * rank);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < factors; j++) vectors[i * rank + j] = START_DEVIATION * rng.normal();
  for (let i = 0; i < Math.min(count, known.length / factors); i++)
    vectors.set(known.subarray(i * factors, (i + 1) * factors), i * rank);
  return vectors;
}

/** Moves every vector of one side towards its optimum while the other side stands still. */
async function move(
  team: Team,
  side: Side,
  x: Float32Array,
  y: Float32Array,
  gramian: Float32Array,
  rank: number,
  steps: number,
): Promise<void> {
  gramInto(team, gramian, y, rank);
  const blocks = side.bounds.length - 1;
  for (let from = 0; from < blocks; from += BLOCKS_A_TURN) {
    await team.pause();
    solveBlocks(team, side, [from, Math.min(blocks, from + BLOCKS_A_TURN)], x, y, gramian, rank, steps);
  }
}

function solveBlocks(
  team: Team,
  { bounds, offsets, indices, strengths, penalties, longest }: Side,
  [from, to]: readonly [number, number],
  x: Float32Array,
  y: Float32Array,
  gramian: Float32Array,
  rank: number,
  steps: number,
): void {
  team.scratch(scratchBytes(longest, rank));
  const at = bounds.byteOffset + from * 4;
  const data = [at, offsets, indices, strengths, x, y, gramian, penalties];
  team.run('solve', to - from, 1, ...data, rank, steps, longest);
}

/** As `solve` in kernels/lib/least-squares.ts lays it out: three vectors, two numbers an entry, the gathered rows. */
function scratchBytes(longest: number, rank: number): number {
  return 4 * (3 * rank + 2 * (longest + 8) + (Math.min(512, longest) + 4) * rank);
}

/** Y'Y in memory of the team, summed over blocks in their order. */
function gramInto(team: Team, sum: Float32Array, y: Float32Array, rank: number): Float32Array {
  const count = y.length / rank;
  const grain = Math.max(256, Math.ceil(count / 64));
  const blocks = Math.ceil(count / grain);
  team.scoped(() => {
    const partials = team.f32(blocks * rank * rank + 8);
    team.run('gram', count, grain, y, rank, partials);
    for (let at = 0; at < sum.length; at++) {
      let total = 0;
      for (let block = 0; block < blocks; block++) total += partials[block * sum.length + at];
      sum[at] = total;
    }
  });
  return sum;
}

/** The vectors of users that were not learned from, from their histories alone: rows x rank. */
export function foldedIn(
  histories: SparseRows,
  { items, factors }: Factors,
  method: LeastSquares,
  threads: number | undefined,
): Float32Array {
  const rank = padded(factors);
  const work = 2 * histories.indices.length * rank * STEPS_FROM_ZERO;
  return withTeam('recommend', { threads, work }, team => {
    const side = sideOf(team, histories, method, rank);
    const [x, y] = [team.f32(histories.rows * rank), team.copied(items)];
    const gramian = gramInto(team, team.f32(rank * rank), y, rank);
    const blocks = side.bounds.length - 1;
    if (blocks > 0) solveBlocks(team, side, [0, blocks], x, y, gramian, rank, STEPS_FROM_ZERO);
    return x.slice();
  });
}

/**
 * What the method makes small: sum of c (p - x'y)^2 over all users and items, and the penalties.
 *
 * @param histories those that were learned from
 */
export function alsLoss(
  interactions: SparseRows,
  { users, items, factors }: Factors,
  method: LeastSquares,
): number {
  const rank = padded(factors);
  return withTeam('recommend', {}, team => {
    const [own, others] = [sideOf(team, interactions, method, rank), transposed(interactions)];
    const [x, y] = [team.copied(users), team.copied(items)];
    const grain = Math.max(64, Math.ceil(interactions.rows / 256));
    const losses = team.f64(Math.ceil(interactions.rows / grain));
    team.run(
      'entryLoss',
      interactions.rows,
      grain,
      own.offsets,
      own.indices,
      own.strengths,
      x,
      y,
      rank,
      losses,
    );
    const [gx, gy] = [
      gramInto(team, team.f32(rank * rank), x, rank),
      gramInto(team, team.f32(rank * rank), y, rank),
    ];
    const everywhere = gx.reduce((sum, value, at) => sum + value * gy[at], 0);
    const penalty =
      penaltyOf(x, own.penalties, rank) + penaltyOf(y, sideOf(team, others, method, rank).penalties, rank);
    return losses.reduce((sum, loss) => sum + loss, everywhere + penalty);
  });
}

function penaltyOf(vectors: Float32Array, penalties: Float32Array, rank: number): number {
  return vectors.reduce((sum, value, at) => sum + penalties[Math.floor(at / rank)] * value * value, 0);
}
