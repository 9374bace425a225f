import type { Chunk, FitOptions, FitProgress, Learner } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import { shapeOf, type Shape } from './centres.ts';
import { readable, soundRows } from './clusterer.ts';
import { kMeansModel, KIND, type KMeansModel } from './k-means-model.ts';
import type { KMeansSettings } from './k-means.ts';
import { nearestOf } from './nearest.reference.ts';
import { seeded, type Rows } from './seeding.ts';

/** A chunk of rows; a target would be passed over. */
export type RowChunk = Pick<Chunk, 'table' | 'weights'>;

export interface KMeansLearner extends Learner<KMeansModel> {
  partialFit(chunk: RowChunk): Promise<void>;
}

interface BatchOptions {
  maxIterations: number;
  batch: number;
  rng: Rng;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** Centres, and how many rows (by weight) each has been moved by. */
interface Known {
  centres: Float64Array;
  counts: Float64Array;
}

/** Ends when the smoothed error has not fallen for so many batches. */
const PATIENCE = 20;
/** A centre with less than this share of the largest's rows starts anew at some row. */
const STARVED = 0.01;

/** Centres moved by batches of rows that are drawn at random (Sculley 2010). @returns centres x columns, by row */
export async function miniBatches(
  team: Team,
  { values, weights }: Rows,
  { rows, columns, stride, count }: Shape,
  start: Float64Array,
  { maxIterations, batch, rng, onProgress }: BatchOptions,
): Promise<Float64Array> {
  const known = { centres: start.slice(), counts: new Float64Array(count) };
  const names = Array.from({ length: columns }, (_, j) => String(j));
  const size = Math.min(batch, rows);
  const most = maxIterations * Math.ceil(rows / size);
  let [smooth, least, since] = [0, Infinity, 0];
  for (let step = 0; step < most && since < PATIENCE; step++) {
    const drawn = Uint32Array.from({ length: size }, () => rng.integer(rows));
    const table = {
      names,
      rows: size,
      columns: names.map((_, j) => Float32Array.from(drawn, row => values[row * stride + j])),
    };
    const own = weights === 0 ? undefined : Float32Array.from(drawn, row => weights[row]);
    const error = learn(known, table, own, rng);
    // how fast it forgets follows from the size of a batch, as in scikit-learn
    smooth = step === 0 ? error : smooth + Math.min(1, (2 * size) / (rows + 1)) * (error - smooth);
    since = smooth < least ? 0 : since + 1;
    least = Math.min(least, smooth);
    onProgress?.({ done: step + 1, total: most, unit: 'batches' });
    await team.pause();
  }
  return known.centres;
}

/** Moves each centre towards the mean of its rows of the batch; returns the mean squared distance before. */
function learn(known: Known, table: Table, weights: Float32Array | undefined, rng: Rng): number {
  const { centres, counts } = known;
  const width = table.columns.length;
  const { labels, distances } = nearestOf(table, centres);
  const [sums, totals] = [new Float64Array(centres.length), new Float64Array(counts.length)];
  let [error, whole] = [0, 0];
  labels.forEach((label, row) => {
    const weight = weights?.[row] ?? 1;
    totals[label] += weight;
    error += weight * distances[row] ** 2;
    whole += weight;
    for (let j = 0; j < width; j++) sums[label * width + j] += weight * table.columns[j][row];
  });
  totals.forEach((total, c) => {
    if (total === 0) return;
    counts[c] += total;
    for (let at = c * width; at < (c + 1) * width; at++)
      centres[at] += (sums[at] - total * centres[at]) / counts[c];
  });
  revive(known, table, rng);
  return whole > 0 ? error / whole : 0;
}

/** Centres that hardly any row is near start anew at rows of the batch. */
function revive({ centres, counts }: Known, table: Table, rng: Rng): void {
  const most = Math.max(...counts);
  const seen = counts.reduce((sum, count) => sum + count, 0);
  // before each has had a fair chance, few rows mean nothing
  if (seen < 100 * counts.length) return;
  const width = table.columns.length;
  counts.forEach((count, c) => {
    if (count >= STARVED * most) return;
    const row = rng.integer(table.rows);
    table.columns.forEach((column, j) => (centres[c * width + j] = column[row]));
    counts[c] = STARVED * most;
  });
}

/** A learner that has seen nothing, or one that goes on from a model. */
export function learnerOf(settings: KMeansSettings, options: FitOptions, from?: KMeansModel): KMeansLearner {
  const rng = options.rng ?? new Rng(0);
  let features = from?.features;
  let known: Known | undefined = from && { centres: from.centres.slice(), counts: from.sizes.slice() };
  let [error, chunks] = [from?.inertia ?? 0, from?.iterations ?? 0];
  return {
    partialFit: async ({ table, weights }: RowChunk) => {
      const sound = soundRows(table, { ...options, weights }, KIND);
      features ??= table.names;
      const own = readable(sound, features, KIND);
      known ??= {
        centres: await firstCentres(own, weights, settings, options, rng),
        counts: new Float64Array(settings.k),
      };
      error = learn(known, own, weights, rng);
      chunks++;
    },
    model: () => {
      if (!known || !features) throw new MlError('ml.no_rows', 'the learner has not seen a row');
      const { centres, counts } = known;
      const total = counts.reduce((sum, count) => sum + count, 0);
      return kMeansModel({
        features,
        centres: centres.slice(),
        sizes: counts.slice(),
        inertia: error * total,
        iterations: chunks,
        converged: false,
      });
    },
  };
}

async function firstCentres(
  table: Table,
  weights: Float32Array | undefined,
  { k, init }: KMeansSettings,
  { threads, signal }: FitOptions,
  rng: Rng,
): Promise<Float64Array> {
  if (init !== 'k-means++') return Float64Array.from(init.flat());
  if (k > table.rows)
    throw new MlError(
      'ml.bad_parameter',
      `k must be at most the rows of the first chunk, ${table.rows}; it is ${k}`,
    );
  const work = table.rows * table.columns.length * k * 4;
  return withTeam('cluster', { threads, work, signal }, team => {
    const rows = { values: team.rows(table), weights: weights ? team.copied(weights) : 0 } as const;
    return seeded(team, rows, shapeOf(table.rows, table.columns.length, k), rng);
  });
}
