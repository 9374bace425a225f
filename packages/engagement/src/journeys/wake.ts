import { type JourneyNode, type Milliseconds } from '@bellwether/contracts';
import { sql } from '@bellwether/records';
import { clickhouseTime } from '@bellwether/warehouse';
import { eventDone } from '../audiences/condition-sql.ts';
import { nowOf, type Engagement } from '../engagement.ts';
import type { RunningJourney } from './running.ts';

type WaitEvent = Extract<JourneyNode, { kind: 'wait_event' }>;

/** Events may reach the warehouse this much later than they were received: that far back they are looked at again. */
const OVERLAP: Milliseconds = 10 * 60_000;

/**
 * Makes those due who did what their node waits for. Cost follows the events that are new, not who waits. Looking at an
 * event twice changes nothing.
 *
 * @returns how many were woken
 */
export async function wake(engagement: Engagement, journey: RunningJourney): Promise<number> {
  let woken = 0;
  for (const node of journey.nodes.values())
    if (node.kind === 'wait_event') woken += await wakeNode(engagement, journey.id, node);
  return woken;
}

async function wakeNode(engagement: Engagement, journeyId: string, node: WaitEvent): Promise<number> {
  const { records } = engagement.stores;
  const now = nowOf(engagement);
  const since = await lookedUntil(engagement, journeyId, node.id);
  if (since === undefined) return 0;
  const done = await whoDid(engagement, node, since.getTime() - OVERLAP, now.getTime());
  return records.transaction().execute(async transaction => {
    const { numAffectedRows } = await sql`
      UPDATE enrolments SET woken = true, due_at = ${now}::timestamptz
      FROM unnest(${done.map(each => each.customer_id)}::text[], ${done.map(each => each.last_at)}::timestamptz[]) AS did (customer, at)
      WHERE journey_id = ${journeyId} AND node = ${node.id} AND state = 'active' AND NOT woken
        AND customer_id = did.customer AND did.at >= arrived_at`.execute(transaction);
    await sql`
      INSERT INTO journey_marks (journey_id, node, looked_until) VALUES (${journeyId}, ${node.id}, ${now}::timestamptz)
      ON CONFLICT (journey_id, node) DO UPDATE SET looked_until = greatest(journey_marks.looked_until, excluded.looked_until)`.execute(
      transaction,
    );
    return Number(numAffectedRows ?? 0);
  });
}

/** Where to begin to look; nothing where nobody waits. The first time, since the first of those who wait arrived. */
async function lookedUntil({ stores }: Engagement, journey: string, node: string): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date | null }>`
    SELECT greatest(
      (SELECT min(arrived_at) FROM enrolments WHERE journey_id = ${journey} AND node = ${node} AND state = 'active' AND NOT woken),
      (SELECT looked_until FROM journey_marks WHERE journey_id = ${journey} AND node = ${node})
    ) AS since
    WHERE EXISTS (SELECT FROM enrolments WHERE journey_id = ${journey} AND node = ${node} AND state = 'active' AND NOT woken)`.execute(
    stores.records,
  );
  return rows[0]?.since ?? undefined;
}

/** Each customer who did it, with the last moment, among the events received in between. */
async function whoDid(
  { stores }: Engagement,
  node: WaitEvent,
  from: Milliseconds,
  to: Milliseconds,
): Promise<{ customer_id: string; last_at: string }[]> {
  const { sql: query, params } = eventDone(node, to);
  return stores.warehouse.query(query, { ...params, from: clickhouseTime(from) });
}
