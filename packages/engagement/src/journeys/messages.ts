import type { Message, MessageState } from '@bellwether/contracts';
import type { Engagement } from '../engagement.ts';
import { getJourney } from './journeys.ts';

export interface MessageQuery {
  state?: MessageState | undefined;
  offset: number;
  limit: number;
}

/**
 * Messages of a journey, newest first, a page at a time.
 *
 * @throws AppError `journey.not_found`
 */
export async function journeyMessages(
  engagement: Engagement,
  journeyId: string,
  { state, offset, limit }: MessageQuery,
): Promise<{ rows: Message[]; total: number }> {
  await getJourney(engagement, journeyId);
  const ofJourney = engagement.stores.records.selectFrom('outbox').where('journey_id', '=', journeyId);
  const wanted = state === undefined ? ofJourney : ofJourney.where('state', '=', state);
  const [rows, count] = await Promise.all([
    wanted.selectAll().orderBy(['created_at desc', 'key']).offset(offset).limit(limit).execute(),
    wanted.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const messages = rows.map(row => ({
    key: row.key,
    journey_id: row.journey_id,
    node: row.node,
    customer_id: row.customer_id,
    channel: row.channel,
    state: row.state,
    reason: row.reason,
    subject: row.subject,
    due_at: row.due_at.toISOString(),
    sent_at: row.sent_at?.toISOString() ?? null,
  }));
  return { rows: messages, total: count.total };
}
