import type { FitProgress } from '../estimator.ts';
import type { Team } from '../runtime/team.ts';
import { centresIn, grainFor, place, type Centres, type Shape } from './centres.ts';
import type { Rows } from './seeding.ts';

export interface LloydOptions {
  maxIterations: number;
  /** Stops once the squared moves of all centres sum to no more. */
  tolerance: number;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

export interface Partition {
  /** Centres x columns, by row. */
  centres: Float64Array;
  labels: Int32Array;
  /** Weighted sum of squared distances from the own centre. */
  inertia: number;
  /** Weight of the rows of each cluster. */
  sizes: Float64Array;
  iterations: number;
  converged: boolean;
}

/** What is known of each row and each centre between rounds, in a team's memory. */
interface State {
  centres: Centres;
  /** As `improve` of kernels/cluster.ts takes them. */
  moves: Float32Array;
  gaps: Float32Array;
  labels: Int32Array;
  upper: Float32Array;
  lower: Float32Array;
  changes: Float64Array;
  /** Of each centre: the sum of each column (`stride` of them), then the weight, then the number of rows. */
  sums: Float64Array;
}

/**
 * k-means from these first centres: Lloyd's method (1982) with Hamerly's bounds (2010), which change nothing but the time.
 * A centre that lost its last row starts again at the row that is farthest from its own.
 */
export async function lloyd(
  team: Team,
  rows: Rows,
  shape: Shape,
  start: Float64Array,
  options: LloydOptions,
): Promise<Partition> {
  const state = stateIn(team, shape);
  const grain = grainFor(shape);
  team.scratch(shape.places * 16 + grain * 4 + 64);
  let [centres, iterations, converged] = [start, 0, false];
  place(state.centres, centres, shape);
  while (!converged && iterations < options.maxIterations) {
    measureGaps(team, state, shape);
    const moved = improve(team, state, rows, shape, grain);
    reseed(team, state, rows, shape);
    const next = means(state.sums, centres, shape);
    converged = move(state, centres, next, shape) <= options.tolerance || moved === 0;
    centres = next;
    place(state.centres, centres, shape);
    iterations++;
    options.onProgress?.({ done: iterations, total: options.maxIterations, unit: 'iterations' });
    await team.pause();
  }
  return { centres, ...judged(team, state, rows, shape), iterations, converged };
}

function stateIn(team: Team, shape: Shape): State {
  const { rows, count, stride } = shape;
  const size = count * (stride + 2);
  return {
    centres: centresIn(team, shape),
    moves: team.f32(count + 3),
    gaps: team.f32(count),
    labels: team.i32(rows).fill(-1),
    upper: team.f32(rows),
    lower: team.f32(rows),
    changes: team.f64(size * Math.ceil(rows / grainFor(shape))),
    sums: new Float64Array(size),
  };
}

/** Half the distance of each centre from the nearest other. */
function measureGaps(team: Team, { centres, gaps }: State, { columns, stride, count, places }: Shape): void {
  team.scoped(() => {
    const [labels, own, other] = [team.i32(count), team.f32(count), team.f32(count)];
    const { byRow, turned } = centres;
    team.run('assign', count, 64, byRow, stride, columns, turned, places, labels, own, other);
    gaps.set(other.map(distance => distance / 2));
  });
}

/** Brings labels and sums up to date with the centres; returns how many rows changed hands. */
function improve(team: Team, state: State, { values, weights }: Rows, shape: Shape, grain: number): number {
  const { moves, gaps, labels, upper, lower, changes, sums } = state;
  const { rows, stride, columns, count } = shape;
  const { byRow, turned } = state.centres;
  const given = [values, stride, columns, byRow, turned, count, moves, gaps] as const;
  team.run('improve', rows, grain, ...given, labels, upper, lower, weights, changes);
  let moved = 0;
  for (let at = 0; at < changes.length; at++) {
    const place = at % sums.length;
    sums[place] += changes[at];
    if (place % (stride + 2) === stride + 1) moved += Math.abs(changes[at]);
  }
  return moved;
}

function means(sums: Float64Array, before: Float64Array, { columns, stride, count }: Shape): Float64Array {
  const next = before.slice();
  for (let c = 0; c < count; c++) {
    const at = c * (stride + 2);
    const weight = sums[at + stride];
    if (sums[at + stride + 1] < 0.5 || !(weight > 0)) continue;
    for (let j = 0; j < columns; j++) next[c * columns + j] = sums[at + j] / weight;
  }
  return next;
}

/** Notes how far each centre moves, as the kernel wants it; returns the sum of the squares. */
function move({ moves }: State, from: Float64Array, to: Float64Array, { columns, count }: Shape): number {
  let [total, largest, next, farthest] = [0, 0, 0, 0];
  for (let c = 0; c < count; c++) {
    let squares = 0;
    for (let at = c * columns; at < (c + 1) * columns; at++)
      squares += (Math.fround(to[at]) - Math.fround(from[at])) ** 2;
    total += squares;
    // a little more than the truth, so that rounding never makes a bound too tight
    const distance = Math.sqrt(squares) * (1 + 1e-6);
    moves[c] = distance;
    if (distance > largest) [next, largest, farthest] = [largest, distance, c];
    else next = Math.max(next, distance);
  }
  moves.set([largest, next, farthest], count);
  return total;
}

/** Gives each centre without rows the row that is farthest from its own centre; leaves it where there is no such row. */
function reseed(team: Team, state: State, rows: Rows, shape: Shape): void {
  const { sums, labels, upper, lower } = state;
  const { stride, count } = shape;
  const size = stride + 2;
  const empty = Array.from({ length: count }, (_, c) => c).filter(c => sums[c * size + stride + 1] < 0.5);
  if (empty.length === 0) return;
  const { distances } = ownDistances(team, state, rows, shape);
  for (const c of empty) {
    const row = farthest(distances, rows.weights);
    const old = labels[row];
    if (!(distances[row] > 0) || sums[old * size + stride + 1] < 1.5) continue;
    addRow(sums, old * size, rows, row, stride, -1);
    addRow(sums, c * size, rows, row, stride, 1);
    [labels[row], upper[row], lower[row], distances[row]] = [c, 0, 0, 0];
  }
}

function farthest(distances: Float32Array, weights: Float32Array | 0): number {
  let [best, most] = [0, -1];
  distances.forEach((distance, row) => {
    if (distance <= most || (weights !== 0 && weights[row] === 0)) return;
    [best, most] = [row, distance];
  });
  return best;
}

function addRow(
  sums: Float64Array,
  at: number,
  { values, weights }: Rows,
  row: number,
  stride: number,
  sign: number,
): void {
  const weight = sign * (weights === 0 ? 1 : weights[row]);
  for (let j = 0; j < stride; j++) sums[at + j] += weight * values[row * stride + j];
  sums[at + stride] += weight;
  sums[at + stride + 1] += sign;
}

function ownDistances(
  team: Team,
  { centres, labels }: State,
  { values, weights }: Rows,
  { rows, stride }: Shape,
): { distances: Float32Array; inertia: number } {
  return team.scoped(() => {
    const [distances, sums] = [team.f32(rows), team.f64(Math.ceil(rows / 4096))];
    const given = [values, stride, centres.byRow, labels, weights, distances, sums] as const;
    team.run('ownDistances', rows, 4096, ...given);
    return { distances: distances.slice(), inertia: sums.reduce((sum, part) => sum + part, 0) };
  });
}

/** Every row with the nearest of the last centres. */
function judged(
  team: Team,
  state: State,
  rows: Rows,
  shape: Shape,
): Pick<Partition, 'labels' | 'inertia' | 'sizes'> {
  const { labels, upper, lower, centres } = state;
  const { columns, stride, places, count } = shape;
  const given = [rows.values, stride, columns, centres.turned, places] as const;
  team.run('assign', shape.rows, 4096, ...given, labels, upper, lower);
  const sizes = new Float64Array(count);
  labels.forEach((label, row) => (sizes[label] += rows.weights === 0 ? 1 : rows.weights[row]));
  return { labels: labels.slice(), inertia: ownDistances(team, state, rows, shape).inertia, sizes };
}
