import { AppError, sentenceOf, type Status } from '@bellwether/contracts';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

export type EngineState = Status['engines'][number];
export type Log = (message: string) => void;

/** What is particular to one engine; `Supervised` does the rest. */
export interface Program {
  name: EngineState['name'];
  launch(): Promise<ChildProcess>;
  /** Settles once a launched process serves; called again after each restart. */
  ready(child: ChildProcess): Promise<void>;
  /** Asks a running engine whether it serves. */
  check(): Promise<void>;
  /** What asks the process to leave in good order. */
  stopSignal: NodeJS.Signals;
  /** What it says of itself while it is up. */
  describe(): string;
}

export interface Patience {
  /** Milliseconds that a start may take: recovery after a crash reads the log again. */
  start: number;
  /** Milliseconds between two checks, and that one may take. */
  check: number;
  /** Checks that fail in a row before the process is taken for dead. */
  failures: number;
  /** Milliseconds before the first restart; doubled for each that follows, up to `longest`. */
  first: number;
  longest: number;
  /** Milliseconds that a process has to leave before it is killed. */
  stop: number;
}

export const PATIENCE: Patience = {
  start: 120_000,
  check: 5_000,
  failures: 3,
  first: 200,
  longest: 30_000,
  stop: 10_000,
};
const LINES_KEPT = 30;
/** Restarts that fail in a row before the engine is called down; it is tried on. */
const DOWN_AFTER = 5;

/** Keeps one engine's process running until it is stopped. */
export class Supervised {
  readonly #program: Program;
  readonly #log: Log;
  readonly #patience: Patience;
  readonly #stopping = new AbortController();
  readonly #lines: string[] = [];
  #child: ChildProcess | undefined;
  #state: EngineState['state'] = 'starting';
  #trouble = '';
  #restarts = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(program: Program, log: Log, patience: Patience = PATIENCE) {
    this.#program = program;
    this.#log = log;
    this.#patience = patience;
  }

  state(): EngineState {
    const detail = this.#state === 'up' ? this.#program.describe() : this.#trouble;
    return {
      name: this.#program.name,
      state: this.#state,
      detail,
      restarts: this.#restarts,
      embedded: true,
    };
  }

  /** @throws AppError `engines.start_failed` with the last lines that the engine wrote */
  async start(): Promise<void> {
    try {
      await this.#launch();
    } catch (error) {
      await this.#end();
      throw error;
    }
    this.#watching = this.#watch();
  }

  /** Ends the engine in good order, or after a time in any. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end();
    await this.#watching;
    // one that was being launched when the stop came
    await this.#end();
    this.#state = 'down';
    this.#trouble = 'stopped';
  }

  async #launch(): Promise<void> {
    this.#lines.length = 0;
    const child = await this.#program.launch();
    this.#child = child;
    this.#capture(child);
    const exited = once(child, 'exit');
    const giveUp = new AbortController();
    try {
      await Promise.race([
        this.#program.ready(child),
        exited.then(([code, signal]) => {
          throw this.#failed(`ended with ${signal ?? `code ${code}`} while it started`);
        }),
        wait(this.#patience.start, undefined, { signal: giveUp.signal }).then(() => {
          throw this.#failed(`did not serve within ${this.#patience.start / 1_000} s`);
        }),
        aborted(this.#stopping.signal),
      ]);
    } finally {
      giveUp.abort();
    }
    this.#state = 'up';
  }

  #failed(what: string): AppError {
    const words = this.#lines.length === 0 ? '' : `; its last words: ${this.#lines.slice(-8).join(' | ')}`;
    return new AppError('engines.start_failed', `the ${this.#program.name} ${what}${words}`);
  }

  #capture(child: ChildProcess): void {
    for (const stream of [child.stderr, child.stdout]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', line => {
        this.#lines.push(line);
        if (this.#lines.length > LINES_KEPT) this.#lines.shift();
        this.#log(`${this.#program.name}: ${line}`);
      });
    }
  }

  /** Waits for each end of the process and starts it again, until it is stopped. */
  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const why = await this.#untilTrouble();
      if (signal.aborted) return;
      this.#state = 'restarting';
      this.#trouble = [why, ...this.#lines.slice(-3)].join(' | ');
      this.#log(`${this.#program.name}: ${why}; starting it again`);
      await this.#restart();
    }
  }

  async #untilTrouble(): Promise<string> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return 'the process ended';
    const ended = new AbortController();
    const exit = once(child, 'exit').then(
      ([code, signal]) => `the process ended with ${signal ?? `code ${code}`}`,
    );
    try {
      return await Promise.race([exit, this.#untilUnhealthy(ended.signal)]);
    } finally {
      ended.abort();
    }
  }

  /** Settles when enough checks in a row have failed. */
  async #untilUnhealthy(ended: AbortSignal): Promise<string> {
    for (let failures = 0; failures < this.#patience.failures;) {
      await wait(this.#patience.check, undefined, { signal: ended }).catch(() => undefined);
      if (ended.aborted || this.#stopping.signal.aborted) return 'stopped';
      failures = (await this.#isHealthy()) ? 0 : failures + 1;
    }
    return `it did not answer ${this.#patience.failures} checks in a row`;
  }

  async #isHealthy(): Promise<boolean> {
    const giveUp = new AbortController();
    const late = wait(this.#patience.check, false, { signal: giveUp.signal }).catch(() => false);
    const answered = this.#program.check().then(
      () => true,
      () => false,
    );
    const healthy = await Promise.race([answered, late]);
    giveUp.abort();
    return healthy;
  }

  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const pause = Math.min(this.#patience.longest, this.#patience.first * 2 ** attempt);
      await this.#end();
      await wait(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#restarts++;
      try {
        return await this.#launch();
      } catch (error) {
        this.#trouble = sentenceOf(error);
        if (attempt + 1 >= DOWN_AFTER) this.#state = 'down';
        this.#log(`${this.#program.name}: ${this.#trouble}`);
      }
    }
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(this.#program.stopSignal);
    const kill = setTimeout(() => child.kill('SIGKILL'), this.#patience.stop);
    await exited;
    clearTimeout(kill);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void =>
      reject(new AppError('engines.stopped', 'the engines were stopped while they started'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
