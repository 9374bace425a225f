import { AppError, type Clock, type Milliseconds, type Refusal, type Status } from '@bellwether/contracts';
import type { Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { drop, type Arrival } from './draft.ts';
import type { CreateFile } from './journal/disk.ts';
import type { Entry } from './journal/frames.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { judge, refuseRequest, type Call, type Judgement, type Receipt } from './judge.ts';
import { Loader } from './loader/loader.ts';
import { openProgress } from './loader/progress.ts';
import { replayRefused, type Replay, type Replayed } from './replay.ts';

export interface CollectionOptions {
  /** A folder of this collection's own. One process at a time may have it: whoever owns the data folder sees to that. */
  folder: string;
  warehouse: Pick<Warehouse, 'insertBytes' | 'query' | 'bytes'>;
  clock: Clock;
  log?: (sentence: string) => void;
  /** Bytes that may wait for the warehouse before requests are turned away. */
  backlogBytes?: number;
  segmentBytes?: number;
  /** Ids for events without one, and for rows of quarantine. */
  newId?: () => string;
  /** How the journal's files are made. */
  createFile?: CreateFile;
  /** Hears of accepted events once they are durable: lines of JSON, as the warehouse gets them. It must not throw. */
  onAccepted?: (lines: Buffer) => void;
}

/** Events since the start of the process. */
export interface Counts {
  accepted: number;
  refused: Partial<Record<Refusal, number>>;
  /** Accepted, and left out at loading because their messageId was in already. */
  duplicates: number;
}

export interface Collection {
  /**
   * One request of the tracking API. Returns when what it brought is durable: the accepted events in the journal, the
   * refused ones with their reason on their way to quarantine.
   *
   * @param body the request's body as sent, decompressed
   * @param source what the key that was used is called
   * @throws AppError any code of `COLLECTION_ERRORS`
   * @example
   * const receipt = await collection.receive('track', Buffer.from('{"userId":"u1","event":"Signed Up"}'), 'website');
   * // { accepted: 1, refused: [] }
   */
  receive(call: Call, body: Buffer, source: string): Promise<Receipt>;
  /** Puts a request that may not come in, such as one with an unknown write key, into quarantine. */
  refuse(reason: Refusal, detail: string, body: Buffer, source: string): Promise<void>;
  state(): Status['journal'];
  counts(): Counts;
  /** Returns when everything acknowledged so far is in the warehouse; waits as long as the warehouse is away. */
  drained(): Promise<void>;
  /** Tries refused events again; they keep the moment at which they first arrived. */
  replay(which: Replay): Promise<Replayed>;
  /** Finishes what is under way and stops; what is not loaded is loaded after the next start. */
  close(): Promise<void>;
}

const BACKLOG_BYTES = 1024 * 1024 * 1024;
/** Bytes that may wait in memory for a slow disk. */
const QUEUE_BYTES = 64 * 1024 * 1024;

/**
 * Opens the collection kept in a folder, and goes on loading what an earlier process left there.
 *
 * @throws AppError `collection.journal_newer`, `collection.journal_damaged`
 */
export async function openCollection(options: CollectionOptions): Promise<Collection> {
  const progress = await openProgress(options.folder);
  const journal = await openJournal({
    ...options,
    folder: join(options.folder, 'journal'),
    from: progress.state().loaded,
  });
  const loader = new Loader({ ...options, journal, progress });
  return new JournalledCollection(options, journal, loader);
}

class JournalledCollection implements Collection {
  readonly #options: CollectionOptions;
  readonly #journal: Journal;
  readonly #loader: Loader;
  readonly #counts = { accepted: 0, refused: new Map<Refusal, number>() };
  #replaying: Promise<unknown> = Promise.resolve();

  constructor(options: CollectionOptions, journal: Journal, loader: Loader) {
    this.#options = options;
    this.#journal = journal;
    this.#loader = loader;
  }

  async receive(call: Call, body: Buffer, source: string): Promise<Receipt> {
    this.#refuseBacklog();
    return this.#keep(judge(call, body, this.#arrival(source)));
  }

  async refuse(reason: Refusal, detail: string, body: Buffer, source: string): Promise<void> {
    this.#refuseBacklog();
    const { entry } = refuseRequest(body, this.#arrival(source), drop(reason, detail));
    await this.#journal.append(entry);
    this.#count(reason);
  }

  async #keep({ entry, accepted, refused, fault }: Judgement): Promise<Receipt> {
    if (accepted + refused.length > 0) await this.#journal.append(entry);
    this.#counts.accepted += accepted;
    if (accepted > 0) this.#options.onAccepted?.(entry.events.lines);
    for (const { reason } of refused) this.#count(reason);
    if (fault !== undefined) throw fault;
    return { accepted, refused };
  }

  #arrival(source: string): Arrival {
    const newId = this.#options.newId ?? randomUUID;
    return { source, receivedAt: this.#options.clock.now(), newId };
  }

  #count(reason: Refusal): void {
    this.#counts.refused.set(reason, (this.#counts.refused.get(reason) ?? 0) + 1);
  }

  #refuseBacklog(): void {
    const { bytes, events } = this.#journal.waiting();
    const isFull = bytes >= (this.#options.backlogBytes ?? BACKLOG_BYTES);
    if (!isFull && this.#journal.queuedBytes() < QUEUE_BYTES) return;
    const what = isFull
      ? `${events} events wait for the warehouse, which is as many as may be kept here`
      : 'the disk cannot keep up';
    throw new AppError('collection.backlogged', `${what}; send this again later`);
  }

  state(): Status['journal'] {
    const { bytes, events } = this.#journal.waiting();
    const { lastLoadedAt, lastError } = this.#loader.state();
    return {
      waiting_events: events,
      waiting_bytes: bytes,
      last_loaded_at: lastLoadedAt === undefined ? null : isoMoment(lastLoadedAt),
      last_error: lastError ?? null,
    };
  }

  counts(): Counts {
    const { duplicates, refusedByWarehouse } = this.#loader.state();
    const refused: Counts['refused'] = Object.fromEntries(this.#counts.refused);
    if (refusedByWarehouse > 0) refused.invalid_field = (refused.invalid_field ?? 0) + refusedByWarehouse;
    return { accepted: this.#counts.accepted, refused, duplicates };
  }

  drained(): Promise<void> {
    return this.#loader.drained();
  }

  /** One at a time: the next sees what the one before brought back. */
  replay(which: Replay): Promise<Replayed> {
    const turn = this.#replaying.then(() => this.#replayNow(which));
    this.#replaying = turn.catch(() => undefined);
    return turn;
  }

  async #replayNow(which: Replay): Promise<Replayed> {
    await this.drained();
    const keep = (entry: Entry): Promise<void> => this.#journal.append(entry);
    const { warehouse, clock } = this.#options;
    return replayRefused({ warehouse, clock, keep, drained: () => this.drained() }, which);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#loader.close();
  }
}

const isoMoment = (moment: Milliseconds): string => new Date(moment).toISOString();
