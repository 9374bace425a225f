import { MlError } from '../errors.ts';
import type { FitOptions } from '../estimator.ts';
import type { Rng } from '../random/rng.ts';
import type { Team } from '../runtime/team.ts';
import type { LabelledRows, LoadedNetwork } from './loaded.ts';
import type { Stepper } from './optimiser.ts';
import type { Settings } from './parameters.ts';
import { LearningRate } from './schedule.ts';

/** What training told, epoch by epoch. */
export interface TrainingHistory {
  /** Mean loss of the rows that were learned from, as they were met, without penalties. */
  loss: Float64Array;
  /** Mean loss of the rows that were set aside, after the epoch; empty where none were. */
  validation: Float64Array;
  /** The epoch, counted from 0, whose parameters were taken. */
  taken: number;
}

/** What one training is made of. */
export interface Training {
  team: Team;
  loaded: LoadedNetwork;
  stepper: Stepper;
  rows: LabelledRows;
  settings: Settings;
  rng: Rng;
  onProgress: FitOptions['onProgress'];
}

/** Trains epoch after epoch; afterwards the loaded network has the parameters that were taken. */
export async function train(training: Training): Promise<TrainingHistory> {
  const { team, loaded, settings, onProgress } = training;
  const { epochs, patience } = settings;
  const { learned, aside } = split(training);
  loaded.batchesOf(batchOf(settings, learned.length));
  const rate = new LearningRate(settings.learningRate, settings.schedule, settings.warmUp, epochs);
  const best = new Best(loaded.parameters, patience);
  const [losses, validation]: [number[], number[]] = [[], []];
  for (let epoch = 0; epoch < epochs && !best.isLongAgo(); epoch++) {
    losses.push(await epochLoss(training, learned, epoch, rate));
    if (aside.length > 0) validation.push(meanLoss(loaded, training.rows, aside));
    const judged = validation[epoch] ?? losses[epoch];
    refuseDivergence(judged, epoch);
    rate.heard(judged);
    best.heard(judged, epoch);
    onProgress?.({ done: epoch + 1, total: epochs, unit: 'epochs' });
    await team.pause();
  }
  const taken = best.take();
  return { loss: Float64Array.from(losses), validation: Float64Array.from(validation), taken };
}

/** One pass over the rows at these positions, in another order each time. Returns their mean loss as they were met. */
export async function epochLoss(
  { team, loaded, stepper, rows, settings, rng }: Training,
  positions: Uint32Array,
  epoch: number,
  rate: LearningRate,
): Promise<number> {
  const batch = batchOf(settings, positions.length);
  if (batch < positions.length) shuffle(positions, rng);
  let [loss, weight] = [0, 0];
  for (let from = 0; from < positions.length; from += batch) {
    const own = positions.subarray(from, from + batch);
    const total = weightOf(rows.weights, own);
    loss += total * loaded.learnFrom(rows, own, total, rng.bits());
    weight += total;
    stepper.step(rate.at(epoch + from / positions.length, own.length / positions.length), total);
    await team.pause();
  }
  return loss / weight;
}

/** Operations of one step: it is these that threads share. */
export function workOf(settings: Settings, rows: number, parameters: number): number {
  return 6 * batchOf(settings, rows) * parameters;
}

export function batchOf({ batch }: Settings, rows: number): number {
  return batch === 'all' ? rows : Math.min(batch, rows);
}

/** Positions of rows to learn from and of rows set aside; rows without weight are in neither. */
function split({ team, rows, settings, rng }: Training): { learned: Uint32Array; aside: Uint32Array } {
  const { weights, count } = rows;
  const all = Uint32Array.from({ length: count }, (_, i) => i).filter(
    i => weights === undefined || weights[i] > 0,
  );
  const apart = Math.min(all.length - 1, Math.round(all.length * settings.validationShare));
  if (apart > 0) shuffle(all, rng);
  return { learned: team.copied(all.slice(apart)), aside: team.copied(all.slice(0, apart).sort()) };
}

function meanLoss(loaded: LoadedNetwork, rows: LabelledRows, positions: Uint32Array): number {
  return loaded.loss(rows, positions) / weightOf(rows.weights, positions);
}

function weightOf(weights: Float32Array | undefined, positions: Uint32Array): number {
  if (weights === undefined) return positions.length;
  let sum = 0;
  for (const position of positions) sum += weights[position];
  return sum;
}

/**
 * Fisher and Yates's, with numbers of its own that are quick to draw (Marsaglia 2003's xorshift, from a seed of `rng`):
 * it is done for every row in every epoch.
 */
function shuffle(positions: Uint32Array, rng: Rng): void {
  let state = rng.bits() | 1;
  for (let i = positions.length - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = Math.floor(((state >>> 0) / 4_294_967_296) * (i + 1));
    const kept = positions[i];
    positions[i] = positions[j];
    positions[j] = kept;
  }
}

function refuseDivergence(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new MlError(
    'ml.bad_parameter',
    `the loss of epoch ${epoch + 1} is ${loss}: learningRate must be smaller, or columns of like scale (standardise)`,
  );
}

/** Remembers the parameters of the epoch with the least loss, where patience asks for it. */
class Best {
  readonly #parameters: Float32Array;
  readonly #patience: number;
  #kept: Float32Array | undefined;
  #loss = Infinity;
  #epoch = 0;
  #last = 0;

  constructor(parameters: Float32Array, patience: number) {
    this.#parameters = parameters;
    this.#patience = patience;
  }

  heard(loss: number, epoch: number): void {
    this.#last = epoch;
    if (this.#patience === 0 || loss >= this.#loss) return;
    this.#loss = loss;
    this.#epoch = epoch;
    this.#kept = this.#parameters.slice();
  }

  isLongAgo(): boolean {
    return this.#patience > 0 && this.#last - this.#epoch >= this.#patience;
  }

  /** Puts the best parameters back and tells their epoch; without patience, the last ones stay. */
  take(): number {
    if (this.#kept === undefined) return this.#last;
    this.#parameters.set(this.#kept);
    return this.#epoch;
  }
}
