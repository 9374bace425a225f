import { AppError, sentenceOf } from '@bellwether/contracts';
import { rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { createFile, readRange, type Appendable, type CreateFile } from './disk.ts';
import { encodeFrame, frameLength, lengthOf, readFrame, type Entry, type Frame } from './frames.ts';
import {
  MAGIC,
  recoverSegments,
  segmentPath,
  type Position,
  type Segment,
  type Waiting,
} from './segments.ts';

export interface JournalOptions {
  folder: string;
  /** Where loading has to go on. */
  from: Position;
  /** Bytes at which a segment is closed and the next one begun. */
  segmentBytes?: number;
  log?: (sentence: string) => void;
  createFile?: CreateFile;
}

interface Waiter {
  entry: Entry;
  done: () => void;
  failed: (error: AppError) => void;
}

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Characters that one fdatasync takes at most: a frame must fit into a block of the loader. */
const GROUP_LENGTH = 4 * 1024 * 1024;

/** A read has at least the length of its first frame. */
const LENGTH_BYTES = 4;

/** Opens a journal with what an earlier process left in it. One process at a time may have it. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const log = options.log ?? (() => undefined);
  const { segments, waiting } = await recoverSegments(options.folder, options.from, log);
  return new Journal(options, segments, waiting);
}

/**
 * Events that are acknowledged and not yet in the warehouse: files that only grow. `append` returns after the
 * fdatasync of its bytes. While one runs, all that arrives waits together for the next: one caller alone waits for one
 * fdatasync, a hundred share it, and no timer is set.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #create: CreateFile;
  readonly #segments: Segment[];
  readonly #waiting: Waiting;
  #queue: Waiter[] = [];
  #queuedLength = 0;
  #flushing: Promise<void> | undefined;
  #file: Appendable | undefined;
  #next: number;
  #closed = false;
  #onDurable: () => void = () => undefined;

  constructor(options: JournalOptions, segments: Segment[], waiting: Waiting) {
    this.#options = options;
    this.#create = options.createFile ?? createFile;
    this.#segments = segments;
    this.#waiting = waiting;
    this.#next = Math.max(options.from.segment, segments.at(-1)?.number ?? 0) + 1;
  }

  /** What waits to be loaded, and what is not durable yet. */
  waiting(): Waiting {
    return { events: this.#waiting.events, bytes: this.#waiting.bytes + this.#queuedLength };
  }

  /** Bytes in memory that wait for the disk. */
  queuedBytes(): number {
    return this.#queuedLength;
  }

  /** Calls back whenever there is more to load. */
  onDurable(call: () => void): void {
    this.#onDurable = call;
  }

  /**
   * Returns when the entry would survive a loss of power.
   *
   * @throws AppError `collection.journal_failed`: it is not kept; `collection.closed`
   */
  append(entry: Entry): Promise<void> {
    if (this.#closed) return Promise.reject(new AppError('collection.closed', 'collection has been closed'));
    return new Promise((done, failed) => {
      this.#queue.push({ entry, done, failed });
      this.#queuedLength += lengthOf(entry);
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // requests that came in with the same packet of the network join the first group
    await setImmediate();
    while (this.#queue.length > 0) await this.#commit(this.#takeGroup());
    this.#flushing = undefined;
  }

  #takeGroup(): Waiter[] {
    let length = 0;
    let count = 0;
    for (const { entry } of this.#queue) {
      if (count > 0 && length + lengthOf(entry) > GROUP_LENGTH) break;
      length += lengthOf(entry);
      count += 1;
    }
    this.#queuedLength -= length;
    return this.#queue.splice(0, count);
  }

  async #commit(group: Waiter[]): Promise<void> {
    try {
      const frame = encodeFrame(group.map(waiter => waiter.entry));
      await this.#write(frame);
      this.#waiting.bytes += frame.length;
      for (const { entry } of group) this.#waiting.events += entry.events.rows;
    } catch (error) {
      await this.#abandon();
      const sentence = `the journal cannot be written, so nothing of this was kept: ${sentenceOf(error)}`;
      for (const { failed } of group)
        failed(new AppError('collection.journal_failed', sentence, { cause: error }));
      return;
    }
    for (const { done } of group) done();
    this.#onDurable();
  }

  async #write(frame: Buffer): Promise<void> {
    const file = (this.#file ??= await this.#begin());
    const segment = this.#segments.at(-1);
    if (segment === undefined) throw new Error('a segment that was begun is not listed');
    await file.append(frame);
    await file.sync();
    segment.end += frame.length;
    if (segment.end >= (this.#options.segmentBytes ?? SEGMENT_BYTES)) await this.#closeFile();
  }

  async #begin(): Promise<Appendable> {
    const number = this.#next++;
    const file = await this.#create(segmentPath(this.#options.folder, number));
    this.#file = file;
    this.#segments.push({ number, end: MAGIC.length });
    await file.append(MAGIC);
    return file;
  }

  /**
   * After a failed write or fdatasync nobody knows what the disk holds: the segment ends where it was last known to be
   * durable, and the next write begins another.
   */
  async #abandon(): Promise<void> {
    const end = this.#segments.at(-1)?.end ?? MAGIC.length;
    await this.#file?.truncate(end).catch(() => undefined);
    await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  /** Where the durable part ends; everything acknowledged so far lies before it. */
  end(): Position {
    const last = this.#segments.at(-1);
    return last === undefined
      ? { segment: this.#next, offset: MAGIC.length }
      : { segment: last.number, offset: last.end };
  }

  /** The first place at or behind `position` where a frame waits; undefined where nothing does. */
  waitingAt(position: Position): Position | undefined {
    for (const { number, end } of this.#segments) {
      const offset = number === position.segment ? position.offset : MAGIC.length;
      if (number >= position.segment && end > offset) return { segment: number, offset };
    }
    return undefined;
  }

  /**
   * Whole frames of one segment from `from` on: up to about `bytes`, or up to `to`; always one at least.
   *
   * @throws AppError `collection.journal_damaged` when they are not what was written
   */
  async read(from: Position, limit: { bytes: number } | { to: number }): Promise<Frame[]> {
    const path = segmentPath(this.#options.folder, from.segment);
    const end = this.#segments.find(({ number }) => number === from.segment)?.end ?? from.offset;
    const to = 'to' in limit ? limit.to : Math.min(end, from.offset + Math.max(limit.bytes, LENGTH_BYTES));
    const buffer = await readRange(path, from.offset, to);
    const first = frameLength(buffer, 0);
    if (first !== undefined && first > buffer.length && from.offset + first <= end)
      return this.read(from, { to: from.offset + first });
    const frames = framesOf(buffer);
    if (frames.length > 0) return frames;
    throw new AppError('collection.journal_damaged', `${path} has no whole frame at byte ${from.offset}`);
  }

  /** Forgets what is loaded: all before `position`. Segments that have nothing else are deleted. */
  async release(position: Position, loaded: Waiting): Promise<void> {
    this.#waiting.events -= loaded.events;
    this.#waiting.bytes -= loaded.bytes;
    for (;;) {
      const [oldest] = this.#segments;
      const growing = this.#segments.length === 1 && this.#file !== undefined;
      if (oldest === undefined || growing || !isBehind(position, oldest)) return;
      this.#segments.shift();
      await rm(segmentPath(this.#options.folder, oldest.number), { force: true });
    }
  }

  /** Finishes what was appended and closes the files; what is not loaded stays for the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
    await this.#closeFile();
  }
}

function framesOf(buffer: Buffer): Frame[] {
  const frames: Frame[] = [];
  let offset = 0;
  for (;;) {
    const frame = readFrame(buffer, offset);
    if (frame === undefined) return frames;
    frames.push(frame);
    offset += frame.bytes;
  }
}

function isBehind(position: Position, segment: Segment): boolean {
  return (
    position.segment > segment.number ||
    (position.segment === segment.number && position.offset >= segment.end)
  );
}
