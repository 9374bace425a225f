import type { Work } from '@bellwether/contracts';
import { sql, type Database, type Transaction } from '@bellwether/records';
import { clickhouseTime } from '@bellwether/warehouse';
import { nowOf, type Engagement } from '../engagement.ts';
import { knowledgeOf } from './knowledge.ts';
import type { RunningJourney } from './running.ts';
import { walk, type Knowledge, type Traveller, type Walk } from './walk.ts';

const BATCH = 2_000;

/**
 * Moves everybody in the journey whose moment has come. Each batch is one transaction: who is claimed, where they go,
 * what they are to be sent. A crash leaves it undone as a whole; two workers never claim the same rows.
 *
 * @returns how many enrolments moved
 */
export async function advance(
  engagement: Engagement,
  journey: RunningJourney,
  work: Work = {},
): Promise<number> {
  const knowledge = knowledgeOf(engagement);
  let total = 0;
  for (let moved = BATCH; moved === BATCH && work.signal?.aborted !== true; total += moved) {
    moved = await engagement.stores.records
      .transaction()
      .execute(transaction => advanceBatch(transaction, journey, nowOf(engagement), knowledge));
  }
  return total;
}

async function advanceBatch(
  transaction: Transaction<Database>,
  journey: RunningJourney,
  now: Date,
  knowledge: Knowledge,
): Promise<number> {
  const batch = await claimDue(transaction, journey.id, now);
  if (batch.length === 0) return 0;
  const result = await walk(journey, batch, now.getTime(), knowledge);
  await keepMoved(transaction, result, now);
  await keepMessages(transaction, journey, result, now);
  await keepDrawn(transaction, journey.id, result, now);
  await keepFlow(transaction, journey.id, result, now);
  return batch.length;
}

function claimDue(transaction: Transaction<Database>, journeyId: string, now: Date): Promise<Traveller[]> {
  return transaction
    .selectFrom('enrolments')
    .select(['id', 'customer_id', 'node', 'visit', 'woken'])
    .where('journey_id', '=', journeyId)
    .where('state', '=', 'active')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
    .execute();
}

async function keepMoved(transaction: Transaction<Database>, { moved }: Walk, now: Date): Promise<void> {
  await sql`
    UPDATE enrolments SET node = went.node, visit = went.visit, state = went.state, due_at = went.due,
      arrived_at = ${now}::timestamptz, woken = false, left_because = went.because,
      left_at = CASE went.state WHEN 'active' THEN NULL ELSE ${now}::timestamptz END
    FROM unnest(
      ${moved.map(to => to.id)}::bigint[], ${moved.map(to => to.node)}::text[], ${moved.map(to => to.visit)}::integer[],
      ${moved.map(to => to.state)}::text[], ${moved.map(to => to.because)}::text[],
      ${moved.map(to => new Date(to.due))}::timestamptz[]
    ) AS went (id, node, visit, state, because, due)
    WHERE enrolments.id = went.id`.execute(transaction);
}

async function keepMessages(
  transaction: Transaction<Database>,
  journey: RunningJourney,
  { messages }: Walk,
  now: Date,
): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    INSERT INTO outbox (key, enrolment_id, journey_id, node, channel, customer_id, template_id, dry_run, state, due_at,
      created_at)
    SELECT key, enrolment, ${journey.id}, node, 'email', customer, template, ${journey.graph.dry_run}::boolean, 'pending',
      ${now}::timestamptz, ${now}::timestamptz
    FROM unnest(
      ${messages.map(message => message.key)}::text[], ${messages.map(message => message.enrolment)}::bigint[],
      ${messages.map(message => message.node.id)}::text[], ${messages.map(message => message.customer_id)}::text[],
      ${messages.map(message => message.node.template)}::text[]
    ) AS asked (key, enrolment, node, customer, template)
    ON CONFLICT (key) DO NOTHING`.execute(transaction);
}

/** What was drawn by chance, for whoever measures it. */
async function keepDrawn(
  transaction: Transaction<Database>,
  journey: string,
  { drawn }: Walk,
  now: Date,
): Promise<void> {
  if (drawn.length === 0) return;
  const rows = drawn.map(({ traveller, node, way, propensity }) => ({
    target: 'decisions' as const,
    content: JSON.stringify({
      ...{ decision_id: `${traveller.id}:${node}:${traveller.visit}`, customer_id: traveller.customer_id },
      ...{ subject: `journey:${journey}:${node}`, arm: way, propensity, at: clickhouseTime(now.getTime()) },
    }),
  }));
  await transaction.insertInto('warehouse_feed').values(rows).execute();
}

async function keepFlow(
  transaction: Transaction<Database>,
  journey_id: string,
  { passed }: Walk,
  at: Date,
): Promise<void> {
  await transaction
    .insertInto('journey_flow')
    .values([...passed].map(([node, count]) => ({ journey_id, node, passed: count, at })))
    .execute();
}
