import { EMAIL_SURFACE, RECOMMENDATION_EVENTS, type TrackingEvent } from '@bellwether/contracts';
import { sql, type Database, type Kysely } from '@bellwether/records';
import { clickhouseTime } from '@bellwether/warehouse';
import { createHash } from 'node:crypto';
import type { Engagement } from '../engagement.ts';
import type { Settled } from './settlement.ts';

/** Something that happened to a message, as `deliveries` in the warehouse keeps it. */
export interface MessageFact {
  key: string;
  journey_id: string;
  node: string;
  customer_id: string;
  channel: string;
  what: string;
  reason: string;
  at: Date;
}

const BLOCK = 20_000;

/** Writes facts down for the warehouse, in the transaction that decides them: none is lost, some may be told twice. */
export async function feedMessages(records: Kysely<Database>, facts: readonly MessageFact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(({ key, journey_id, node, customer_id, channel, what, reason, at }) =>
    JSON.stringify({
      ...{ message_key: key, journey_id, node, customer_id, channel, what, reason },
      at: clickhouseTime(at),
    }),
  );
  await sql`
    INSERT INTO warehouse_feed (target, content)
    SELECT 'deliveries', content FROM unnest(${rows}::jsonb[]) AS told (content)`.execute(records);
}

/** Writes down which products stood in messages that were sent, as events for the collection. */
export async function feedLists(
  records: Kysely<Database>,
  settled: readonly Pick<Settled, 'message' | 'state' | 'list'>[],
  at: Date,
): Promise<void> {
  const rows = settled.flatMap(({ message: { customer_id }, state, list }) => {
    if (state !== 'sent' || list === undefined) return [];
    const { request_id, arm, propensity, version, items } = list;
    const products = items.map(({ product_id }, place) => ({ product_id, position: place + 1 }));
    return [
      JSON.stringify({ request_id, customer_id, arm, propensity, version, products, at: clickhouseTime(at) }),
    ];
  });
  if (rows.length === 0) return;
  await sql`
    INSERT INTO warehouse_feed (target, content)
    SELECT 'lists', content FROM unnest(${rows}::jsonb[]) AS told (content)`.execute(records);
}

interface FedRow {
  id: number;
  /** A table of the warehouse; lists are told as events only. */
  target: 'decisions' | 'deliveries' | 'lists';
  content: Record<string, unknown>;
}

/**
 * Brings to the warehouse what waits for it. Rows are deleted when they are there: a crash between the two tells them
 * again, under the same keys, which the warehouse folds into one.
 *
 * @returns how many rows went over
 */
export async function exportFeed(engagement: Engagement): Promise<number> {
  let total = 0;
  for (let size = BLOCK; size === BLOCK; total += size) size = await exportBlock(engagement);
  return total;
}

async function exportBlock(engagement: Engagement): Promise<number> {
  return engagement.stores.records.transaction().execute(async transaction => {
    const rows = await transaction
      .selectFrom('warehouse_feed')
      .select(['id', 'target', 'content'])
      .orderBy('id')
      .limit(BLOCK)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return 0;
    for (const target of ['decisions', 'deliveries'] as const) await tell(engagement, target, rows);
    await engagement.emit(rows.flatMap(eventOf));
    await sql`DELETE FROM warehouse_feed WHERE id = ANY(${rows.map(row => row.id)}::bigint[])`.execute(
      transaction,
    );
    return rows.length;
  });
}

async function tell(
  { stores }: Engagement,
  target: FedRow['target'],
  rows: readonly FedRow[],
): Promise<void> {
  const mine = rows.filter(row => row.target === target);
  const ids = mine.map(row => row.id).join(',');
  const token = `${target} ${createHash('sha256').update(ids).digest('hex')}`;
  await stores.warehouse.insert(
    target,
    mine.map(row => row.content),
    { token },
  );
}

/** The names of Segment's specification for e-mail. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  sent: 'Email Sent',
  opened: 'Email Opened',
  clicked: 'Email Link Clicked',
  unsubscribed: 'Unsubscribed',
};

function eventOf({ target, content }: FedRow): TrackingEvent[] {
  if (target === 'lists') return [servedEvent(content)];
  const name = target === 'deliveries' ? EVENT_NAMES[String(content['what'])] : undefined;
  if (name === undefined) return [];
  const { message_key, journey_id, node, customer_id, what, at, reason } = content;
  const often = what === 'opened' || what === 'clicked' ? `:${String(at)}` : '';
  return [
    {
      type: 'track',
      event: name,
      messageId: `message:${String(message_key)}:${String(what)}${often}`,
      userId: String(customer_id),
      timestamp: `${String(at).replace(' ', 'T')}Z`,
      properties: {
        message_id: message_key,
        journey_id,
        node,
        ...(reason === '' ? {} : { link_url: reason }),
      },
    },
  ];
}

/** A list in a message counts as shown when it is sent; that the message was opened is told apart. */
function servedEvent({ customer_id, at, ...list }: FedRow['content']): TrackingEvent {
  return {
    type: 'track',
    event: RECOMMENDATION_EVENTS.served,
    messageId: `served:${String(list['request_id'])}`,
    userId: String(customer_id),
    timestamp: `${String(at).replace(' ', 'T')}Z`,
    properties: { ...list, surface: EMAIL_SURFACE, kind: 'person', shown: true },
  };
}
