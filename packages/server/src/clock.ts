import { SteppedClock, systemClock, type Milliseconds } from '@bellwether/contracts';

/**
 * The demo market's clock: it stands where the played history puts it, and after `goLive` runs with the system's.
 *
 * @example
 * const clock = new DemoClock(Date.now() - 200 * DAY);
 * clock.advance(DAY);
 * clock.goLive();
 */
export class DemoClock extends SteppedClock {
  #live = false;

  override now(): Milliseconds {
    return this.#live ? Math.max(super.now(), systemClock.now()) : super.now();
  }

  /** Whether the history was played and the clock runs with the system's. */
  get isLive(): boolean {
    return this.#live;
  }

  goLive(): void {
    this.#live = true;
  }
}
