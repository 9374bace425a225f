import { AppError, sentenceOf, type Clock, type Milliseconds } from '@bellwether/contracts';
import { setTimeout } from 'node:timers/promises';
import type { Journal } from '../journal/journal.ts';
import type { Position } from '../journal/segments.ts';
import { blockOf, idsOf, meetIds, type Block, type Suspect } from './block.ts';
import { loadPlan, type LoadTarget } from './load.ts';
import type { Plan, Progress } from './progress.ts';
import { DEDUPLICATION_WINDOW, knownIds, rememberIds, type SeenIds } from './seen.ts';

export interface LoaderOptions {
  journal: Journal;
  progress: Progress;
  warehouse: LoadTarget;
  clock: Clock;
  log?: (sentence: string) => void;
}

export interface LoaderState {
  lastLoadedAt: Milliseconds | undefined;
  lastError: string | undefined;
  duplicates: number;
  refusedByWarehouse: number;
}

/**
 * Bytes of the journal that make a block: 30,000 events of ordinary size. Half as large, an event costs the warehouse
 * half as much again.
 */
const BLOCK_BYTES = 16 * 1024 * 1024;
/** Where less than a block waits, this long is waited for more: each insert costs the warehouse a part. */
const LINGER: Milliseconds = 500;
/** Nothing wakes an idle loader but an event; this only bounds its timer. */
const IDLE: Milliseconds = 3_600_000;
const FIRST_PAUSE: Milliseconds = 200;
const LONGEST_PAUSE: Milliseconds = 10_000;
/** An insert under way when the process is told to stop may take this long; it is repeated at the next start. */
const GRACE: Milliseconds = 5_000;

/**
 * Brings the journal into the warehouse, block after block, each exactly once: plan, insert, note. While the warehouse
 * is away it waits, longer each time, and says so in its state.
 */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  readonly #running: Promise<void>;
  readonly #state: LoaderState = {
    lastLoadedAt: undefined,
    lastError: undefined,
    duplicates: 0,
    refusedByWarehouse: 0,
  };
  #wake = new AbortController();
  #lingering = false;
  #drains: { until: Position; done: () => void; failed: (error: Error) => void }[] = [];

  constructor(options: LoaderOptions) {
    this.#options = options;
    options.journal.onDurable(() => this.#onDurable());
    this.#running = this.#run();
  }

  state(): Readonly<LoaderState> {
    return this.#state;
  }

  /** Returns when all that is durable now is in the warehouse. */
  drained(): Promise<void> {
    return new Promise((done, failed) => {
      this.#drains.push({ until: this.#options.journal.end(), done, failed });
      this.#settleDrains();
      this.#wake.abort();
    });
  }

  /** Stops after the insert under way; what is not loaded stays in the journal. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    const grace = new AbortController();
    void setTimeout(GRACE, undefined, { signal: grace.signal }).then(
      () => this.#aborting.abort(),
      () => undefined,
    );
    await this.#running;
    grace.abort();
    const closed = new AppError('collection.closed', 'collection was closed before everything was loaded');
    for (const drain of this.#drains) drain.failed(closed);
  }

  async #run(): Promise<void> {
    const { warehouse, clock } = this.#options;
    const seen = await this.#persist(() => rememberIds(warehouse, clock, this.#aborting.signal));
    while (seen !== undefined && !this.#stopping.signal.aborted) {
      const next = this.#options.journal.waitingAt(this.#options.progress.state().loaded);
      if (next === undefined) await this.#sleep(IDLE);
      else await this.#loadFrom(next, seen);
    }
  }

  async #loadFrom(next: Position, seen: SeenIds): Promise<void> {
    const planned = this.#options.progress.state().plan;
    if (planned === undefined) await this.#gather();
    if (this.#stopping.signal.aborted) return;
    const block = await this.#persist(() => this.#read(next, planned));
    if (block === undefined) return;
    if (planned !== undefined && !isPlanOf(planned, next, block)) {
      // the disk lost what was planned: what is left is planned anew, and known ids are found
      await this.#persist(() => this.#options.progress.save({ plan: undefined }));
      return;
    }
    const suspects = meetIds(block, seen);
    if (planned === undefined) await this.#persist(() => this.#plan(next, block, suspects));
    if (this.#options.progress.state().plan === undefined) return;
    await this.#persist(() => this.#load(block));
  }

  async #read(next: Position, planned: Plan | undefined): Promise<Block> {
    const limit = planned === undefined ? { bytes: BLOCK_BYTES } : { to: planned.to };
    return blockOf(await this.#options.journal.read(next, limit));
  }

  async #plan(at: Position, block: Block, suspects: readonly Suspect[]): Promise<void> {
    const duplicates = await this.#duplicates(block, suspects);
    const plan: Plan = {
      segment: at.segment,
      from: at.offset,
      to: at.offset + block.bytes,
      duplicates,
      pieces: block.rows.events === 0 ? [] : [[0, block.rows.events]],
      refused: [],
    };
    await this.#options.progress.save({ plan });
  }

  /** Rows whose id is in the warehouse, or earlier in the block; the first of a block stays. */
  async #duplicates(block: Block, suspects: readonly Suspect[]): Promise<number[]> {
    if (suspects.length === 0) return [];
    const since = this.#options.clock.now() - DEDUPLICATION_WINDOW;
    const hashes = suspects.map(suspect => suspect.hash);
    const known = await knownIds(this.#options.warehouse, hashes, since, this.#aborting.signal);
    const suspected = new Set(suspects.map(suspect => suspect.row));
    const duplicates: number[] = [];
    for (const [row, id] of idsOf(block).entries()) {
      if (suspected.has(row) && known.has(id)) duplicates.push(row);
      else known.add(id);
    }
    return duplicates;
  }

  async #load(block: Block): Promise<void> {
    const { journal, progress, warehouse, clock } = this.#options;
    await loadPlan(warehouse, progress, block, this.#aborting.signal);
    const { plan } = progress.state();
    if (plan === undefined) return;
    const loaded = { segment: plan.segment, offset: plan.to };
    await progress.save({ loaded, plan: undefined });
    this.#state.duplicates += plan.duplicates.length;
    this.#state.refusedByWarehouse += plan.refused.length;
    this.#state.lastLoadedAt = clock.now();
    await journal.release(loaded, { events: block.rows.events, bytes: block.bytes });
    this.#settleDrains();
  }

  /** Repeats work until it succeeds or the loader is told to stop; undefined in that case. */
  async #persist<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (
      let pause = FIRST_PAUSE;
      !this.#stopping.signal.aborted;
      pause = Math.min(2 * pause, LONGEST_PAUSE)
    ) {
      try {
        const result = await work();
        this.#state.lastError = undefined;
        return result;
      } catch (error) {
        this.#fail(error);
        await pauseFor(pause, this.#stopping.signal);
      }
    }
    return undefined;
  }

  #fail(error: unknown): void {
    const sentence = sentenceOf(error);
    if (sentence !== this.#state.lastError) this.#options.log?.(`loading waits: ${sentence}`);
    this.#state.lastError = sentence;
  }

  /** Where little waits, waits for more, unless somebody waits for that little. */
  async #gather(): Promise<void> {
    if (this.#isBlockWaiting() || this.#drains.length > 0) return;
    this.#lingering = true;
    await this.#sleep(LINGER);
    this.#lingering = false;
  }

  #isBlockWaiting(): boolean {
    return this.#options.journal.waiting().bytes >= BLOCK_BYTES;
  }

  #onDurable(): void {
    if (!this.#lingering || this.#isBlockWaiting()) this.#wake.abort();
  }

  async #sleep(length: Milliseconds): Promise<void> {
    this.#wake = new AbortController();
    await pauseFor(length, this.#wake.signal);
  }

  #settleDrains(): void {
    const next = this.#options.journal.waitingAt(this.#options.progress.state().loaded);
    const isDone = (until: Position): boolean => next === undefined || !isBefore(next, until);
    for (const drain of this.#drains) if (isDone(drain.until)) drain.done();
    this.#drains = this.#drains.filter(drain => !isDone(drain.until));
  }
}

async function pauseFor(length: Milliseconds, signal: AbortSignal): Promise<void> {
  await setTimeout(length, undefined, { signal }).catch(() => undefined);
}

function isPlanOf(plan: Plan, at: Position, block: Block): boolean {
  return plan.segment === at.segment && plan.from === at.offset && plan.to === at.offset + block.bytes;
}

function isBefore(a: Position, b: Position): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
