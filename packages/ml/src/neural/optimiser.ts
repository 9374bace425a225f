import { required } from '../errors.ts';
import type { Team } from '../runtime/team.ts';
import type { LoadedNetwork } from './loaded.ts';

/** How gradients move parameters. */
export type Optimiser =
  | { kind: 'adam'; beta1?: number; beta2?: number; epsilon?: number }
  /** With a share of each weight, `decay` times the learning rate, taken away beside the step. */
  | { kind: 'adamw'; beta1?: number; beta2?: number; epsilon?: number; decay?: number }
  | { kind: 'sgd'; momentum?: number; nesterov?: boolean };

/** Every number of an optimiser, those left out at their usual values. */
export type OptimiserSettings =
  | { kind: 'adam' | 'adamw'; beta1: number; beta2: number; epsilon: number; decay: number }
  | { kind: 'sgd'; momentum: number; nesterov: boolean };

/** What weights cost beside the loss, and whether those of exactly 0 stay it. */
export interface Penalties {
  l1: number;
  l2: number;
  keepZeros: boolean;
}

/** What an optimiser remembers from step to step, so that learning can go on later. */
export interface OptimiserState {
  steps: number;
  first: Float32Array;
  second: Float32Array;
}

/** Parameters move together in blocks of so many. */
const GRAIN = 16_384;
/** How fast statistics of batch normalisation follow the batches. */
const TRACKING = 0.1;

const within = (value: number): boolean => value >= 0 && value < 1;

/** @throws MlError `ml.bad_parameter` */
export function optimiserSettings(optimiser: Optimiser): OptimiserSettings {
  if (optimiser.kind === 'sgd') {
    const { momentum = 0, nesterov = false } = optimiser;
    required(within(momentum), 'momentum', 'from 0 to below 1', momentum);
    return { kind: 'sgd', momentum, nesterov };
  }
  const { kind, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimiser;
  const decay = optimiser.kind === 'adamw' ? (optimiser.decay ?? 0.01) : 0;
  required(kind === 'adam' || kind === 'adamw', 'optimiser', 'of the kind sgd, adam or adamw', kind);
  required(within(beta1), 'beta1', 'from 0 to below 1', beta1);
  required(within(beta2), 'beta2', 'from 0 to below 1', beta2);
  required(epsilon > 0 && epsilon < Infinity, 'epsilon', 'above 0', epsilon);
  required(decay >= 0 && decay < Infinity, 'decay', 'from 0 up', decay);
  return { kind, beta1, beta2, epsilon, decay };
}

export function freshState(size: number): OptimiserState {
  return { steps: 0, first: new Float32Array(size), second: new Float32Array(size) };
}

/** Moves a network's parameters by the gradients of its last batch. State to own, hence a class. */
export class Stepper {
  readonly #team: Team;
  readonly #loaded: LoadedNetwork;
  readonly #settings: OptimiserSettings;
  readonly #penalties: Penalties;
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  #steps: number;

  constructor(
    team: Team,
    loaded: LoadedNetwork,
    settings: OptimiserSettings,
    penalties: Penalties,
    { steps, first, second }: OptimiserState,
  ) {
    this.#team = team;
    this.#loaded = loaded;
    this.#settings = settings;
    this.#penalties = penalties;
    this.#first = team.copied(first);
    this.#second = team.copied(second);
    this.#steps = steps;
  }

  /** @param total weight of the batch */
  step(rate: number, total: number): void {
    this.#steps++;
    const { weightsEnd, learnedEnd, size } = this.#loaded.network;
    const { l1, l2, keepZeros } = this.#penalties;
    this.#move(0, weightsEnd, rate, l1, l2, keepZeros);
    this.#move(weightsEnd, learnedEnd, rate, 0, 0, false);
    if (size > learnedEnd) this.#run('track', learnedEnd, size, TRACKING, 1 / total);
  }

  state(): OptimiserState {
    return { steps: this.#steps, first: this.#first.slice(), second: this.#second.slice() };
  }

  #move(from: number, to: number, rate: number, l1: number, l2: number, keepZeros: boolean): void {
    const settings = this.#settings;
    const [first, second] = [this.#first, this.#second].map(each => each.byteOffset + 4 * from);
    if (settings.kind === 'sgd') {
      const { momentum, nesterov } = settings;
      const rest = [first, rate, momentum, Number(nesterov), l1, l2, Number(keepZeros)];
      return this.#run('descend', from, to, ...rest);
    }
    const { beta1, beta2, epsilon, decay } = settings;
    // both means start from 0: what they lack at first is made up for in the rate
    const corrected = (rate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    const penalties = [l1, l2, from === 0 ? rate * decay : 0, Number(keepZeros)];
    this.#run('adam', from, to, first, second, corrected, beta1, beta2, epsilon, ...penalties);
  }

  #run(kernel: string, from: number, to: number, ...rest: number[]): void {
    const { parameters, gradients, slices, network } = this.#loaded;
    const [own, slopes] = [parameters, gradients].map(each => each.byteOffset + 4 * from);
    this.#team.run(kernel, to - from, GRAIN, own, slopes, slices, network.size, ...rest);
  }
}
