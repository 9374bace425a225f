/** Time as an argument: nothing below the server reads the wall clock by itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): Milliseconds;
}

export type Milliseconds = number;

export const SECOND: Milliseconds = 1_000;
export const MINUTE: Milliseconds = 60 * SECOND;
export const HOUR: Milliseconds = 60 * MINUTE;
export const DAY: Milliseconds = 24 * HOUR;

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands until it is moved: the demo market's and the tests'. It never goes back. */
export class SteppedClock implements Clock {
  #now: Milliseconds;

  constructor(start: Milliseconds) {
    this.#now = start;
  }

  now(): Milliseconds {
    return this.#now;
  }

  advanceTo(moment: Milliseconds): void {
    if (moment < this.#now) throw new RangeError(`a clock cannot go back from ${this.#now} to ${moment}`);
    this.#now = moment;
  }

  advance(by: Milliseconds): void {
    this.advanceTo(this.#now + by);
  }
}
