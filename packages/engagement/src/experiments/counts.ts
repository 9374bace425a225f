import type { Journey, JourneyResults, MessageState } from '@bellwether/contracts';
import { sql } from '@bellwether/records';
import type { Engagement } from '../engagement.ts';

type Counts = Pick<JourneyResults, 'nodes' | 'messages' | 'refusals'>;

const ENGAGED = `
  SELECT what, uniqExact(message_key) AS messages FROM deliveries
  WHERE journey_id = {journey:String} AND what IN ('opened', 'clicked', 'unsubscribed', 'bounced') GROUP BY what`;

/** Where people are in a journey, and what became of its messages. */
export async function journeyCounts(engagement: Engagement, journey: Journey): Promise<Counts> {
  const { warehouse } = engagement.stores;
  const [nodes, outbox, engaged] = await Promise.all([
    nodeCounts(engagement, journey),
    outboxCounts(engagement, journey.id),
    warehouse.query<{ what: string; messages: number }>(ENGAGED, { journey: journey.id }),
  ]);
  const inState = (...states: MessageState[]): number =>
    outbox.filter(row => states.includes(row.state)).reduce((sum, row) => sum + row.count, 0);
  const did = (what: string): number => engaged.find(row => row.what === what)?.messages ?? 0;
  return {
    nodes,
    messages: {
      pending: inState('pending', 'sending'),
      sent: inState('sent'),
      dry_run: inState('dry_run'),
      refused: inState('refused'),
      failed: inState('failed'),
      unknown: inState('unknown'),
      delivered: inState('sent') - did('bounced'),
      opened: did('opened'),
      clicked: did('clicked'),
      unsubscribed: did('unsubscribed'),
    },
    refusals: refusalsOf(outbox),
  };
}

interface OutboxCount {
  state: MessageState;
  reason: string;
  count: number;
}

/** The reasons of failures are the servers' sentences, each its own: only the refusals' are kept apart. */
async function outboxCounts({ stores }: Engagement, journeyId: string): Promise<OutboxCount[]> {
  const { rows } = await sql<OutboxCount>`
    SELECT state, CASE WHEN state IN ('refused', 'dry_run') THEN reason ELSE '' END AS reason, count(*) AS count
    FROM outbox WHERE journey_id = ${journeyId} GROUP BY 1, 2`.execute(stores.records);
  return rows;
}

/** Why messages were refused, or would have been in a dry run; the most frequent first. */
function refusalsOf(outbox: readonly OutboxCount[]): JourneyResults['refusals'] {
  return outbox
    .filter(row => row.reason !== '')
    .map(({ reason, count }) => ({ reason, count }))
    .sort((a, b) => b.count - a.count);
}

/** How many stand on each node now, and how many went through it; in the order of the graph. */
async function nodeCounts({ stores }: Engagement, journey: Journey): Promise<JourneyResults['nodes']> {
  const { rows } = await sql<{ node: string; inside: number; passed: number }>`
    SELECT node, sum(inside)::bigint AS inside, sum(passed)::bigint AS passed FROM (
      SELECT node, count(*) AS inside, 0 AS passed FROM enrolments
      WHERE journey_id = ${journey.id} AND state = 'active' GROUP BY node
      UNION ALL
      SELECT node, 0, sum(passed) FROM journey_flow WHERE journey_id = ${journey.id} GROUP BY node
    ) AS counted GROUP BY node`.execute(stores.records);
  const counts = new Map(rows.map(row => [row.node, row]));
  return journey.graph.nodes.map(({ id, kind }) => {
    const { inside = 0, passed = 0 } = counts.get(id) ?? {};
    return { node: id, kind, inside, passed };
  });
}
