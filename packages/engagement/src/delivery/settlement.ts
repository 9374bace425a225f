import type { MessageState } from '@bellwether/contracts';
import { suppress } from '@bellwether/privacy';
import { sql, type Database, type Selectable, type Transaction } from '@bellwether/records';
import type { EngagementStores } from '../engagement.ts';
import type { MessageList } from '../templates/recommendations.ts';
import { feedLists, feedMessages } from './feed.ts';

export type OutboxRow = Selectable<Database['outbox']>;

/** How a claimed message ends this attempt; `pending` gives it back, due at `dueAt`. */
export interface Settled {
  message: OutboxRow;
  state: Exclude<MessageState, 'sending'>;
  reason?: string;
  subject?: string;
  dueAt?: Date;
  badAddress?: boolean;
  /** Products that stood in it: told once it is sent. */
  list?: MessageList | undefined;
}

/**
 * Writes down what became of messages. What cannot be written (the records are away) is kept and written first the next
 * time: a message that left is never forgotten while the process lives.
 */
export class Settlement {
  readonly #stores: EngagementStores;
  readonly #waiting = new Map<string, Settled>();
  readonly #claimed = new Set<string>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(stores: EngagementStores) {
    this.#stores = stores;
  }

  /** Keys that this process holds: neither given back nor settled yet. */
  held(): string[] {
    return [...this.#claimed];
  }

  holds(key: string): boolean {
    return this.#claimed.has(key);
  }

  claim(messages: readonly OutboxRow[]): void {
    for (const message of messages) this.#claimed.add(message.key);
  }

  /** A message that somebody else has now. */
  forget(key: string): void {
    this.#claimed.delete(key);
  }

  async settle(outcomes: readonly Settled[]): Promise<void> {
    for (const outcome of outcomes) this.#waiting.set(outcome.message.key, outcome);
    await this.flush();
  }

  /** Writes everything that waits. One after the other: two at once would write the same rows. */
  flush(): Promise<void> {
    const turn = this.#writing.then(() => this.#flushNow());
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #flushNow(): Promise<void> {
    const waiting = [...this.#waiting.values()];
    if (waiting.length === 0) return;
    const now = new Date(this.#stores.clock.now());
    await this.#stores.records.transaction().execute(transaction => write(transaction, waiting, now));
    for (const { message } of waiting) {
      this.#waiting.delete(message.key);
      this.#claimed.delete(message.key);
    }
  }
}

async function write(
  transaction: Transaction<Database>,
  settled: readonly Settled[],
  now: Date,
): Promise<void> {
  await writeStates(transaction, settled, now);
  const facts = settled.filter(({ state }) => state !== 'pending');
  await feedMessages(
    transaction,
    facts.map(({ message, state, reason }) => ({ ...message, what: state, reason: reason ?? '', at: now })),
  );
  await feedLists(transaction, settled, now);
  const bad = settled.filter(({ badAddress }) => badAddress === true).map(({ message }) => message);
  // in one order for all workers: two that met the same addresses would else wait for each other
  for (const { channel, address } of bad.sort((a, b) => (a.address < b.address ? -1 : 1))) {
    await suppress(transaction, { channel, address, reason: 'bounced', at: now });
  }
}

/** Only the holder writes; one that was thought gone and marked unknown knows better. */
async function writeStates(
  transaction: Transaction<Database>,
  settled: readonly Settled[],
  now: Date,
): Promise<void> {
  const column = <T>(pick: (outcome: Settled) => T): T[] => settled.map(pick);
  await sql`
    UPDATE outbox SET state = end_.state, reason = end_.reason, subject = coalesce(end_.subject, outbox.subject),
      due_at = coalesce(end_.due, outbox.due_at),
      sent_at = CASE end_.state WHEN 'sent' THEN ${now}::timestamptz END,
      claimed_by = CASE end_.state WHEN 'pending' THEN NULL ELSE claimed_by END,
      handed_at = CASE end_.state WHEN 'pending' THEN NULL ELSE handed_at END
    FROM unnest(
      ${column(({ message }) => message.key)}::text[], ${column(({ message }) => message.claimed_by)}::text[],
      ${column(({ state }) => state)}::text[], ${column(({ reason }) => reason ?? '')}::text[],
      ${column(({ subject }) => subject ?? null)}::text[], ${column(({ dueAt }) => dueAt ?? null)}::timestamptz[]
    ) AS end_ (key, holder, state, reason, subject, due)
    WHERE outbox.key = end_.key AND outbox.claimed_by = end_.holder AND outbox.state IN ('sending', 'unknown')`.execute(
    transaction,
  );
}
