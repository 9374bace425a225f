import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { throwIfStopped, type Estimator } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { estimatorOf } from '../registry.ts';
import type { Table } from '../table.ts';
import { fittedAndPredicted, type Data, type Split } from './data.ts';
import type { Answer, Order } from './fit-worker.ts';

export interface PoolOptions {
  /** Threads at most; as many as there are cores where absent. */
  threads?: number | undefined;
  /** About how many fits are to come: few fits of few rows stay on the caller's thread. */
  fits: number;
  signal?: AbortSignal | undefined;
}

/** Below so many values to be learned from in all, starting threads costs more than they bring. */
const WORTH_THREADS = 5_000_000;

/**
 * Fits to splits of the same rows, several at once. What a fit gives does not depend on which thread did it: each is
 * told its own seed.
 */
export interface FitPool {
  /** How many fits run at once. */
  readonly width: number;
  run(estimator: Estimator, split: Split, seed: number): Promise<Float64Array>;
  close(): Promise<void>;
}

/** A pool for these rows: threads where they are worth it and the estimators can be named, this thread otherwise. */
export function openPool(data: Data, estimators: readonly Estimator[], options: PoolOptions): FitPool {
  const values = data.table.rows * data.table.columns.length * options.fits;
  const threads = Math.min(options.threads ?? availableParallelism(), options.fits);
  if (threads < 2 || values < WORTH_THREADS || !estimators.every(isKnown))
    return inPlace(data, options.signal);
  return new ThreadPool(data, threads, options.signal);
}

/** Whether another thread could make the same estimator of its name and parameters. */
function isKnown({ name, parameters }: Estimator): boolean {
  try {
    estimatorOf(name, parameters);
    return true;
  } catch {
    return false;
  }
}

function inPlace(data: Data, signal: AbortSignal | undefined): FitPool {
  return {
    width: 1,
    run: (estimator, split, seed) => fittedAndPredicted(estimator, data, split, seed, { signal }),
    close: async () => undefined,
  };
}

/** Threads that each hold the same rows, and the orders that wait for one of them. */
class ThreadPool implements FitPool {
  readonly width: number;
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: (() => void)[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(data: Data, threads: number, signal: AbortSignal | undefined) {
    const workerData = shared(data);
    this.width = threads;
    this.#signal = signal;
    this.#workers = Array.from(
      { length: threads },
      () => new Worker(new URL('./fit-worker.mjs', import.meta.url), { workerData, execArgv: [] }),
    );
    this.#idle = [...this.#workers];
  }

  async run({ name, parameters }: Estimator, split: Split, seed: number): Promise<Float64Array> {
    const worker = await this.#free();
    try {
      throwIfStopped(this.#signal);
      return await answered(worker, { name, parameters, split, seed }, this.#signal);
    } finally {
      this.#idle.push(worker);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }

  async #free(): Promise<Worker> {
    for (;;) {
      const worker = this.#idle.pop();
      if (worker) return worker;
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }
}

function answered(worker: Worker, order: Order, signal: AbortSignal | undefined): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const settle = (work: () => void): void => {
      settled.abort();
      worker.off('message', take);
      worker.off('error', fail);
      work();
    };
    const take = (answer: Answer): void =>
      settle(() =>
        'predicted' in answer ? resolve(answer.predicted) : reject(new MlError(answer.code, answer.message)),
      );
    const fail = (error: Error): void => settle(() => reject(error));
    const stop = (): void => fail(new MlError('ml.stopped', 'fitting was stopped by its caller'));
    worker.on('message', take);
    worker.on('error', fail);
    signal?.addEventListener('abort', stop, { signal: settled.signal });
    worker.postMessage(order);
  });
}

/** The rows where every thread can read them, copied once. */
function shared({ table, target, weights, groups }: Data): Data {
  const copy = (values: Float32Array): Float32Array => {
    const place = new Float32Array(new SharedArrayBuffer(values.byteLength));
    place.set(values);
    return place;
  };
  const columns: Table = { ...table, columns: table.columns.map(copy) };
  return { table: columns, target: copy(target), weights: weights && copy(weights), groups };
}
