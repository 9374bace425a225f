import { HttpException } from './exception.ts';

/** At most `size` at once, in order of arrival; a limited number may wait. */
export class Slots {
  readonly #waiting = new Set<() => void>();
  readonly #size: number;
  readonly #mayWait: number;
  #taken = 0;

  constructor(size: number, mayWait: number) {
    this.#size = size;
    this.#mayWait = mayWait;
  }

  get taken(): number {
    return this.#taken;
  }

  /**
   * Waits for a slot; the caller gives it back by what is returned, once.
   *
   * @throws HttpException 202 when too many wait already, 394 when `signal` aborts the wait
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.#taken >= this.#size) await this.#wait(signal);
    else this.#taken++;
    return () => this.#give();
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#mayWait)
      throw new HttpException(
        503,
        202,
        `${this.#taken} queries run and ${this.#waiting.size} wait; ask again later`,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
      );
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.delete(turn);
        reject(cancelled());
      };
      if (signal.aborted) return reject(cancelled());
      this.#waiting.add(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the slot to who has waited longest. */
  #give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

export function cancelled(): HttpException {
  return new HttpException(499, 394, 'Query was cancelled', 'QUERY_WAS_CANCELLED');
}
