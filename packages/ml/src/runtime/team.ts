import { availableParallelism } from 'node:os';
import { MlError } from '../errors.ts';
import { breath, throwIfStopped } from '../estimator.ts';
import type { Table } from '../table.ts';
import { Arena, type Numbers } from './arena.ts';
import { giveBackMemory, takeMemory } from './memories.ts';
import { kernelModule } from './modules.ts';
import * as protocol from './protocol.mjs';
import { assign } from './workers.ts';

export interface TeamOptions {
  /** Threads at most, the caller's own among them. As many as the machine has cores where absent. */
  threads?: number | undefined;
  /** About how many elementary operations are to come; little work stays on the caller's thread. */
  work?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Below so many operations a second thread costs more than it brings. */
const WORTH_A_THREAD = 3_000_000;
/** The event loop is given a turn after so long. */
const TURN_MS = 8;
/** Looks so often for the last block before it sleeps. */
const SPINS = 2_000;

/**
 * Lends a team for the time of one piece of work: memory, kernels and threads. What was allocated in it is gone
 * afterwards.
 *
 * @param family a file of `kernels/`
 * @example
 * const sums = withTeam('probe', {}, team => {
 *   const x = team.copied(Float32Array.of(1, 2, 3));
 *   const sums = team.f64(1);
 *   team.run('blockSums', x.length, 4096, x, sums);
 *   return sums.slice(); // Float64Array [6]
 * });
 */
export function withTeam<T>(family: string, options: TeamOptions, use: (team: Team) => T): T {
  const team = new Team(family, options);
  let result: T;
  try {
    result = use(team);
  } catch (error) {
    team.close();
    throw error;
  }
  if (!(result instanceof Promise)) {
    team.close();
    return result;
  }
  // the same type as before: a promise of what it promised
  return result.finally(() => team.close()) as T;
}

/**
 * Kernels, the memory they work in and the threads that share the work. A call is cut into blocks of fixed size, so its
 * result does not depend on how many threads there are or which of them took a block.
 */
export class Team {
  readonly threads: number;
  readonly #arena: Arena;
  readonly #kernels: readonly protocol.Kernel[];
  readonly #names: ReadonlyMap<string, number>;
  readonly #setScratch: (at: number) => void;
  readonly #memory = takeMemory();
  readonly #control = new Int32Array(new SharedArrayBuffer(protocol.CONTROL_WORDS * 4));
  readonly #values = new Float64Array(new SharedArrayBuffer(protocol.MOST_ARGUMENTS * 8));
  readonly #signal: AbortSignal | undefined;
  #generation = 0;
  #turn = performance.now();

  constructor(family: string, { threads, work, signal }: TeamOptions) {
    const module = kernelModule(family);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#kernels = protocol.kernelsOf(instance);
    this.#names = new Map(
      Object.keys(instance.exports)
        .sort()
        .map((name, at) => [name, at]),
    );
    // every family exports it: see kernels/lib/thread.ts
    this.#setScratch = instance.exports['setScratch'] as (at: number) => void;
    this.#signal = signal;
    this.#arena = new Arena(this.#memory);
    this.threads = threadsFor(threads, work);
    for (let thread = 1; thread < this.threads; thread++)
      assign({ module, memory: this.#memory, control: this.#control, values: this.#values, thread });
    this.scratch(4096);
  }

  /** `length` zeros in linear memory. The array's `byteOffset` is the pointer that a kernel takes. */
  f32(length: number): Float32Array {
    return this.#arena.f32(length);
  }
  f64(length: number): Float64Array {
    return this.#arena.f64(length);
  }
  i32(length: number): Int32Array {
    return this.#arena.i32(length);
  }
  u32(length: number): Uint32Array {
    return this.#arena.u32(length);
  }
  u8(length: number): Uint8Array {
    return this.#arena.u8(length);
  }

  /** A copy in linear memory. */
  copied<A extends Numbers>(array: A): A {
    return this.#arena.copied(array);
  }

  /** What `use` allocates is free again afterwards. */
  scoped<T>(use: () => T): T {
    const mark = this.#arena.top;
    try {
      return use();
    } finally {
      this.#arena.top = mark;
    }
  }

  /** Gives every thread at least so many bytes of scratch. What was in scratch before is forgotten. */
  scratch(bytes: number): void {
    const step = Math.ceil(bytes / 64);
    if (step <= this.#control[protocol.SCRATCH_STEP]) return;
    this.#control[protocol.SCRATCH] = this.u8(step * 64 * this.threads).byteOffset / 64;
    this.#control[protocol.SCRATCH_STEP] = step;
  }

  /**
   * The table by rows, value j of row i at [i * stride + j]; places beyond the last column are zero.
   *
   * @param stride a multiple of 4 not below the number of columns; the least such where absent
   */
  rows(table: Table, stride = (table.columns.length + 3) & ~3): Float32Array {
    const out = this.f32(table.rows * stride);
    const columns = table.columns.length;
    const step = Math.max(1, Math.floor(4_194_304 / Math.max(1, columns)) & ~63);
    this.scoped(() => {
      const parts = table.columns.map(() => this.f32(Math.min(step, table.rows)));
      const pointers = this.copied(Uint32Array.from(parts, part => part.byteOffset));
      for (let from = 0; from < table.rows; from += step) {
        const size = Math.min(step, table.rows - from);
        table.columns.forEach((column, j) => parts[j]?.set(column.subarray(from, from + size)));
        this.run('toRows', size, 4096, pointers, columns, out.byteOffset + from * stride * 4, stride);
      }
    });
    return out;
  }

  /**
   * Calls kernel(block, lo, hi, ...values) for each block of `grain` items, on all threads, and waits for the last.
   * Arrays of this team go as pointers.
   *
   * @throws MlError `ml.kernel` when a kernel traps
   */
  run(kernel: string, items: number, grain: number, ...values: (number | Numbers)[]): void {
    const at = this.#names.get(kernel);
    if (at === undefined || values.length > protocol.MOST_ARGUMENTS)
      throw new MlError('ml.kernel', `there is no kernel "${kernel}" that takes ${values.length} values`);
    this.#values.fill(0);
    values.forEach(
      (value, i) => (this.#values[i] = typeof value === 'number' ? value : this.#pointer(value)),
    );
    this.#control[protocol.KERNEL] = at;
    this.#control[protocol.GRAIN] = grain;
    this.#control[protocol.ITEMS] = items;
    const blocks = Math.ceil(items / grain);
    for (let first = 0; first < blocks; first += protocol.MOST_BLOCKS)
      this.#dispatch(first, Math.min(protocol.MOST_BLOCKS, blocks - first));
    if (this.#control[protocol.FAULTS] > 0)
      throw new MlError('ml.kernel', `the kernel "${kernel}" trapped on ${items} items`);
  }

  /** Throws once the signal has fired; lets the event loop go on when it has waited. */
  async pause(): Promise<void> {
    throwIfStopped(this.#signal);
    if (performance.now() - this.#turn < TURN_MS) return;
    await breath();
    this.#turn = performance.now();
    throwIfStopped(this.#signal);
  }

  close(): void {
    Atomics.store(this.#control, protocol.CLOSED, 1);
    this.#publish(0);
    giveBackMemory(this.#memory);
  }

  #pointer(array: Numbers): number {
    if (!this.#arena.holds(array)) throw new MlError('ml.kernel', 'an array outside the memory of its team');
    return array.byteOffset;
  }

  #dispatch(first: number, blocks: number): void {
    const control = this.#control;
    control[protocol.FIRST_BLOCK] = first;
    control[protocol.BLOCKS] = blocks;
    control[protocol.DONE] = 0;
    this.#publish(blocks);
    protocol.work(0, this.#kernels, this.#setScratch, control, this.#values);
    for (let turn = 0; ; turn++) {
      const done = Atomics.load(control, protocol.DONE);
      if (done === blocks) return;
      if (turn > SPINS) Atomics.wait(control, protocol.DONE, done, 1);
    }
  }

  /** Opens the next generation with so many blocks to take. */
  #publish(blocks: number): void {
    this.#generation = (this.#generation + 1) & 0x7fff;
    Atomics.store(this.#control, protocol.TICKET, (this.#generation << 16) | blocks);
    if (Atomics.load(this.#control, protocol.SLEEPERS) > 0) Atomics.notify(this.#control, protocol.TICKET);
  }
}

function threadsFor(wanted: number | undefined, work: number | undefined): number {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= 64))
    throw new MlError('ml.bad_parameter', `threads must be a whole number from 1 to 64; it is ${wanted}`);
  if (work !== undefined && work < WORTH_A_THREAD) return 1;
  return wanted ?? Math.min(8, availableParallelism());
}
