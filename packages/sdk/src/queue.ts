import { BATCH_BYTES, EVENT_BYTES } from '@bellwether/contracts';
import { safeStorage, type KeyValueStore } from './storage.ts';

export interface QueueOptions {
  /** Where the server is: `https://events.shop.example`. */
  baseUrl: string;
  key: string;
  /** Send when so many wait. */
  flushAt?: number;
  /** Send so many milliseconds after the first that waits. */
  flushEvery?: number;
  /** At most so many are kept while the server is away; the oldest go first. */
  keep?: number;
  fetch?: typeof fetch;
  storage?: KeyValueStore;
  now?: () => number;
  id?: () => string;
  /** Called with what was given up, and why. */
  onDrop?: (events: readonly QueuedEvent[], why: DropReason) => void;
}

export type QueuedEvent = Record<string, unknown> & { messageId: string };
export type DropReason = 'too_large' | 'too_many' | 'refused';

const STORE = 'bellwether.queue';
/** A browser sends at most 64 KB for a page that is going; a little is left for the envelope. */
const LAST_BYTES = 60 * 1024;
/** Room for the envelope of a batch. */
const ROOM = 1_024;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/**
 * Events on their way out. What was added stays in storage until the server has acknowledged it, so a closed tab or a
 * server that is away loses nothing; the server drops repeats by `messageId`.
 */
export class EventQueue {
  readonly #options: QueueOptions;
  readonly #storage: KeyValueStore;
  readonly #send: typeof fetch;
  #waiting: QueuedEvent[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #sending: Promise<void> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#storage = options.storage ?? safeStorage();
    this.#send = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#waiting = restored(this.#storage);
    if (typeof addEventListener === 'function') addEventListener('pagehide', () => this.#leave());
    if (this.#waiting.length > 0) this.#later(0);
  }

  add(event: QueuedEvent): void {
    const { flushAt = 20, flushEvery = 5_000, keep = 1_000, onDrop } = this.#options;
    if (bytesOf(event) > EVENT_BYTES) return onDrop?.([event], 'too_large');
    const all = [...this.#waiting, event];
    const over = all.slice(0, Math.max(0, all.length - keep));
    if (over.length > 0) onDrop?.(over, 'too_many');
    this.#waiting = all.slice(over.length);
    this.#store();
    if (this.#waiting.length >= flushAt && this.#failures === 0) void this.flush();
    else this.#later(flushEvery);
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (!(await this.#settle(firstOf(this.#waiting, BATCH_BYTES - ROOM)))) {
        this.#later(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures));
        this.#failures += 1;
        return;
      }
      this.#failures = 0;
    }
  }

  /** One batch; whether it was settled, for good or ill. */
  async #settle(batch: readonly QueuedEvent[]): Promise<boolean> {
    const answer = await this.#post(batch, false).catch(() => undefined);
    if (answer === undefined || answer.status >= 500 || answer.status === 429 || answer.status === 408)
      return false;
    // any other refusal would be the same the next time
    if (!answer.ok) this.#options.onDrop?.(batch, 'refused');
    this.#forget(batch);
    return true;
  }

  /** The page is going: what fits leaves now, and is forgotten only when the server says so, if it still can. */
  #leave(): void {
    const batch = firstOf(this.#waiting, LAST_BYTES);
    if (batch.length === 0) return;
    void this.#post(batch, true).then(
      answer => answer.ok && this.#forget(batch),
      () => undefined,
    );
  }

  #post(batch: readonly QueuedEvent[], keepalive: boolean): Promise<Response> {
    const { baseUrl, key, now = Date.now } = this.#options;
    return this.#send(`${baseUrl}/v1/batch`, {
      method: 'POST',
      keepalive,
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({ batch, sentAt: new Date(now()).toISOString() }),
    });
  }

  #forget(batch: readonly QueuedEvent[]): void {
    const gone = new Set(batch.map(({ messageId }) => messageId));
    this.#waiting = this.#waiting.filter(({ messageId }) => !gone.has(messageId));
    this.#store();
  }

  #store(): void {
    try {
      this.#storage.setItem(STORE, JSON.stringify(this.#waiting));
    } catch {
      // full: they stay in memory, which is all that can be done
    }
  }

  #later(pause: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), pause);
  }
}

/** As many of the first as fit. */
function firstOf(events: readonly QueuedEvent[], limit: number): QueuedEvent[] {
  let bytes = 0;
  const end = events.findIndex(event => (bytes += bytesOf(event) + 1) > limit);
  return events.slice(0, end === -1 ? events.length : end);
}

const bytesOf = (event: QueuedEvent): number => new TextEncoder().encode(JSON.stringify(event)).length;

function restored(storage: KeyValueStore): QueuedEvent[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(STORE) ?? '[]');
    // only this module writes under this key
    return Array.isArray(value) ? (value as QueuedEvent[]) : [];
  } catch {
    return [];
  }
}
