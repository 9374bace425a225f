import { required } from '../errors.ts';

/** How the learning rate changes; `every` and `patience` are in epochs. */
export type Schedule =
  | { kind: 'constant' }
  /** Times `factor` after each `every` epochs. */
  | { kind: 'step'; every: number; factor: number }
  /** Times `factor` to the power of the epochs that are done. */
  | { kind: 'exponential'; factor: number }
  /** Half a wave from the whole rate down to `least` of it at the end (Loshchilov and Hutter 2017). */
  | { kind: 'cosine'; least?: number }
  /** Times `factor` when the loss has not become less for `patience` epochs. */
  | { kind: 'plateau'; factor: number; patience: number };

const share = (value: number): boolean => value > 0 && value <= 1;
const epochs = (value: number): boolean => Number.isInteger(value) && value >= 1;

/** @throws MlError `ml.bad_parameter` */
export function soundSchedule(schedule: Schedule): Schedule {
  const { kind } = schedule;
  const known = ['constant', 'step', 'exponential', 'cosine', 'plateau'];
  required(known.includes(kind), 'schedule', `of the kind ${known.join(', ')}`, kind);
  if ('factor' in schedule) required(share(schedule.factor), 'factor', 'above 0, up to 1', schedule.factor);
  if (kind === 'step') required(epochs(schedule.every), 'every', 'a whole number from 1 up', schedule.every);
  if (kind === 'plateau')
    required(epochs(schedule.patience), 'patience', 'a whole number from 1 up', schedule.patience);
  if (kind === 'cosine') {
    const { least = 0 } = schedule;
    required(least >= 0 && least <= 1, 'least', 'from 0 to 1', least);
  }
  return schedule;
}

/** The learning rate of each step. Remembers losses, for the plateau, hence a class. */
export class LearningRate {
  readonly #start: number;
  readonly #schedule: Schedule;
  readonly #warmUp: number;
  readonly #epochs: number;
  #lowered = 1;
  #best = Infinity;
  #waited = 0;

  /**
   * @param warmUp epochs over which the rate rises from 0
   * @param epochs that are planned
   */
  constructor(start: number, schedule: Schedule, warmUp: number, epochs: number) {
    this.#start = start;
    this.#schedule = schedule;
    this.#warmUp = warmUp;
    this.#epochs = epochs;
  }

  /**
   * @param done epochs that are done before the step, the part of the present one included
   * @param step part of an epoch that the step is
   */
  at(done: number, step: number): number {
    const rising = this.#warmUp > 0 ? Math.min(1, (done + step) / this.#warmUp) : 1;
    return this.#start * rising * this.#factor(done);
  }

  /** Hears the loss of an epoch that is done. */
  heard(loss: number): void {
    const schedule = this.#schedule;
    if (schedule.kind !== 'plateau') return;
    this.#waited = loss < this.#best ? 0 : this.#waited + 1;
    this.#best = Math.min(this.#best, loss);
    if (this.#waited < schedule.patience) return;
    this.#lowered *= schedule.factor;
    this.#waited = 0;
  }

  #factor(done: number): number {
    const schedule = this.#schedule;
    const whole = Math.floor(done);
    switch (schedule.kind) {
      case 'constant':
        return 1;
      case 'step':
        return schedule.factor ** Math.floor(whole / schedule.every);
      case 'exponential':
        return schedule.factor ** whole;
      case 'cosine': {
        const { least = 0 } = schedule;
        return (
          least + ((1 - least) * (1 + Math.cos((Math.PI * Math.min(done, this.#epochs)) / this.#epochs))) / 2
        );
      }
      case 'plateau':
        return this.#lowered;
    }
  }
}
