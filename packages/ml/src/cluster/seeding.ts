import type { Rng } from '../random/rng.ts';
import type { Team } from '../runtime/team.ts';
import { centresIn, place, shapeOf, type Shape } from './centres.ts';

/** Rows where kernels read them. */
export interface Rows {
  readonly values: Float32Array;
  /** 0 where every row counts once. */
  readonly weights: Float32Array | 0;
}

const GRAIN = 4096;
/** Candidates that one call of the kernel weighs. */
const LANES = 4;

/**
 * First centres by greedy k-means++ (Arthur and Vassilvitskii 2007): each next one is drawn from the rows by their squared
 * distance from the centres so far, the best of 2 + ln k draws.
 *
 * @returns centres x columns, by row
 */
export async function seeded(team: Team, rows: Rows, shape: Shape, rng: Rng): Promise<Float64Array> {
  const { count, columns } = shape;
  const nearby = team.f32(shape.rows).fill(Infinity);
  const sums = team.f64(Math.ceil(shape.rows / GRAIN));
  const trials = 2 + Math.floor(Math.log(count));
  const chosen = new Float64Array(count * columns);
  let next = firstRow(rows, shape, rng);
  for (let c = 0; c < count; c++) {
    if (c > 0) next = bestOf(team, rows, shape, nearby, draws(rows, shape, nearby, sums, trials, rng));
    const values = rows.values.subarray(next * shape.stride, next * shape.stride + columns);
    chosen.set(values, c * columns);
    approach(team, rows, shape, next, nearby, sums);
    await team.pause();
  }
  return chosen;
}

/** Any row, as likely as it counts. */
function firstRow({ weights }: Rows, shape: Shape, rng: Rng): number {
  if (weights === 0) return rng.integer(shape.rows);
  const point = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  return reached(point, weights, 0, shape.rows, row => weights[row]);
}

/** The first row at which the sum of what the rows weigh is above `point`; the last that weighs anything at worst. */
function reached(
  point: number,
  rows: Float32Array,
  from: number,
  to: number,
  weightOf: (row: number) => number,
): number {
  let [sum, last] = [0, from];
  for (let row = from; row < Math.min(to, rows.length); row++) {
    const weight = weightOf(row);
    if (!(weight > 0)) continue;
    sum += weight;
    last = row;
    if (sum > point) break;
  }
  return last;
}

/** Rows drawn by squared distance times weight; any rows once there is no distance left. */
function draws(
  { weights }: Rows,
  { rows }: Shape,
  nearby: Float32Array,
  sums: Float64Array,
  trials: number,
  rng: Rng,
): number[] {
  const total = sums.reduce((sum, part) => sum + part, 0);
  return Array.from({ length: trials }, () => {
    if (!(total > 0)) return rng.integer(rows);
    let point = rng.uniform() * total;
    let block = 0;
    while (block < sums.length - 1 && point >= sums[block]) point -= sums[block++];
    const weightOf = (row: number): number => nearby[row] * (weights === 0 ? 1 : weights[row]);
    return reached(point, nearby, block * GRAIN, (block + 1) * GRAIN, weightOf);
  });
}

/** The candidate that leaves the least distance. */
function bestOf(team: Team, rows: Rows, shape: Shape, nearby: Float32Array, candidates: number[]): number {
  let [best, least] = [candidates[0], Infinity];
  for (let at = 0; at < candidates.length; at += LANES) {
    const some = candidates.slice(at, at + LANES);
    potentials(team, rows, shape, nearby, some).forEach((left, i) => {
      if (!(left < least)) return;
      [best, least] = [some[i], left];
    });
  }
  return best;
}

function potentials(
  team: Team,
  rows: Rows,
  shape: Shape,
  nearby: Float32Array,
  candidates: number[],
): number[] {
  return team.scoped(() => {
    const { stride, columns } = shape;
    const values = candidates.flatMap(row => [...rows.values.subarray(row * stride, row * stride + columns)]);
    const four = shapeOf(shape.rows, columns, candidates.length);
    const centres = centresIn(team, four);
    place(centres, Float64Array.from(values), four);
    const sums = team.f64(Math.ceil(shape.rows / GRAIN) * LANES);
    const [x, { turned }, { weights }] = [rows.values, centres, rows];
    team.run('potentials', shape.rows, GRAIN, x, stride, columns, turned, nearby, weights, sums);
    return candidates.map((_, lane) =>
      sums.reduce((sum, part, i) => (i % LANES === lane ? sum + part : sum), 0),
    );
  });
}

function approach(
  team: Team,
  { values, weights }: Rows,
  { rows, stride }: Shape,
  row: number,
  nearby: Float32Array,
  sums: Float64Array,
): void {
  const centre = values.byteOffset + row * stride * 4;
  team.run('approach', rows, GRAIN, values, stride, centre, nearby, weights, sums);
}
