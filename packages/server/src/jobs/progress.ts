import type { Milliseconds, Progress } from '@bellwether/contracts';

/** Progress is written at most this often. */
const EVERY: Milliseconds = 250;

/**
 * Writes the newest progress of one job, never more than a few times a second and one write at a time. A write that
 * fails is followed by the next; the work itself goes on.
 */
export class ProgressWriter {
  readonly #write: (progress: Progress) => Promise<void>;
  #newest: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #last = -EVERY;

  constructor(write: (progress: Progress) => Promise<void>) {
    this.#write = write;
  }

  told(progress: Progress): void {
    this.#newest = progress;
    this.#timer ??= setTimeout(() => void this.flush(), Math.max(0, this.#last + EVERY - performance.now()));
  }

  /** Writes what is not yet written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    const progress = this.#newest;
    this.#newest = undefined;
    if (progress !== undefined)
      this.#writing = this.#writing.then(() => this.#write(progress)).catch(() => undefined);
    await this.#writing;
  }
}
