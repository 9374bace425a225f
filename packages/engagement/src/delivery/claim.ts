import { sql, type Database, type Transaction } from '@bellwether/records';
import { nowOf, type Engagement } from '../engagement.ts';
import { feedMessages } from './feed.ts';
import type { OutboxRow } from './settlement.ts';

/**
 * Takes messages that are due. Claims follow each other (one lock), and a person with a message on its way is passed
 * over until it has arrived, so that a frequency cap holds however many workers there are.
 */
export async function claimMessages(
  engagement: Engagement,
  journeyId: string,
  limit: number,
): Promise<OutboxRow[]> {
  const { name } = engagement.identity;
  const now = nowOf(engagement);
  const claimed = await engagement.stores.records.transaction().execute(async transaction => {
    // a claim lost with the server only gives the messages back; the hand-over, which counts, waits for the disk
    await sql`SET LOCAL synchronous_commit = off`.execute(transaction);
    await sql`SELECT pg_advisory_xact_lock(hashtext('outbox.claim'))`.execute(transaction);
    const { rows } = await sql<OutboxRow>`
      WITH due AS (
        SELECT key, customer_id FROM outbox
        WHERE journey_id = ${journeyId} AND state = 'pending' AND due_at <= ${now}
          AND NOT EXISTS (SELECT FROM outbox AS other WHERE other.customer_id = outbox.customer_id AND other.state = 'sending')
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), one_each AS (
        SELECT DISTINCT ON (customer_id) key FROM due ORDER BY customer_id, key
      )
      UPDATE outbox SET state = 'sending', claimed_by = ${name}, claimed_at = ${now}, attempts = attempts + 1
      FROM one_each WHERE outbox.key = one_each.key
      RETURNING outbox.*`.execute(transaction);
    return rows;
  });
  engagement.settlement.claim(claimed);
  return claimed;
}

/**
 * Marks what is about to leave, in one statement, before it does: from here on a crash makes it unknown.
 *
 * @returns the keys that may go; a claim that was taken away meanwhile is not among them
 */
export async function handOver(
  engagement: Engagement,
  outgoing: readonly { message: OutboxRow; address: string; subject: string }[],
): Promise<Set<string>> {
  if (outgoing.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    UPDATE outbox SET handed_at = ${nowOf(engagement)}::timestamptz, address = going.address, subject = going.subject
    FROM unnest(
      ${outgoing.map(({ message }) => message.key)}::text[], ${outgoing.map(({ address }) => address)}::text[],
      ${outgoing.map(({ subject }) => subject)}::text[]
    ) AS going (key, address, subject)
    WHERE outbox.key = going.key AND state = 'sending' AND claimed_by = ${engagement.identity.name}
    RETURNING outbox.key`.execute(engagement.stores.records);
  return new Set(rows.map(row => row.key));
}

/**
 * Tidies up after workers that are gone, this one's earlier failures included: what had not been handed over goes back
 * to the queue; what had been may have arrived, is unknown, and is not sent again.
 *
 * @returns how many became unknown
 */
export async function recover(engagement: Engagement): Promise<number> {
  return engagement.stores.records.transaction().execute(async transaction => {
    const gone = await workersGone(engagement, transaction);
    const { identity, settlement } = engagement;
    // of its own claims, those that it does not know of: made, but the answer was lost on the way
    const orphaned = sql`state = 'sending' AND (claimed_by = ANY(${gone}::text[])
      OR claimed_by = ${identity.name} AND NOT key = ANY(${settlement.held()}::text[]))`;
    await sql`
      UPDATE outbox SET state = 'pending', claimed_by = NULL WHERE ${orphaned} AND handed_at IS NULL`.execute(
      transaction,
    );
    const { rows } = await sql<OutboxRow>`
      UPDATE outbox SET state = 'unknown', reason = 'worker_gone' WHERE ${orphaned} RETURNING *`.execute(
      transaction,
    );
    const at = nowOf(engagement);
    await feedMessages(
      transaction,
      rows.map(message => ({ ...message, what: 'unknown', at })),
    );
    return rows.length;
  });
}

/** Workers with claims whose lock is free: nobody holds it, so they are no more. */
async function workersGone(engagement: Engagement, transaction: Transaction<Database>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM (
      SELECT DISTINCT claimed_by AS name FROM outbox WHERE state = 'sending' AND claimed_by <> ${engagement.identity.name}
    ) AS holders
    WHERE pg_try_advisory_xact_lock(hashtextextended(name, 0))`.execute(transaction);
  return rows.map(row => row.name);
}
