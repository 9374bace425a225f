import type { Work } from '@bellwether/contracts';
import { sql } from '@bellwether/records';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { nowOf, type Engagement } from '../engagement.ts';
import { armOf } from './arms.ts';
import type { RunningJourney } from './running.ts';

const ENTERED = sqlBeside(import.meta.url, 'enter.sql');
const PAGE = 20_000;

export interface Enrolled {
  treated: number;
  holdout: number;
}

/**
 * Enrols those who came into the journey's audience since the last time, each once for ever. A customer who is enrolled
 * already is left as is, so a pass that was cut off is simply repeated. Held out: enrolled, done, never written to.
 */
export async function enrol(
  engagement: Engagement,
  journey: RunningJourney,
  work: Work = {},
): Promise<Enrolled> {
  const total: Enrolled = { treated: 0, holdout: 0 };
  const audience = await newerAudience(engagement, journey);
  if (audience === undefined) return total;
  for (let last = ''; work.signal?.aborted !== true;) {
    const rows = await entered(engagement, audience.id, journey.enrolledComputation, last);
    const { treated, holdout } = await enrolPage(engagement, journey, rows);
    total.treated += treated;
    total.holdout += holdout;
    last = rows.at(-1) ?? last;
    if (rows.length === PAGE) continue;
    await keepUp(engagement, journey.id, audience.computation);
    break;
  }
  return total;
}

/** The journey's audience, if it was computed since the last enrolment. */
async function newerAudience({ stores }: Engagement, journey: RunningJourney) {
  return stores.records
    .selectFrom('audiences')
    .select(['id', 'computation'])
    .where('id', '=', journey.enter.audience)
    .where('computation', '>', journey.enrolledComputation)
    .executeTakeFirst();
}

async function entered(
  { stores }: Engagement,
  audience: string,
  after: number,
  last: string,
): Promise<string[]> {
  const page = { audience, after, last, limit: PAGE };
  const rows = await stores.warehouse.query<{ customer_id: string }>(ENTERED, page);
  return rows.map(row => row.customer_id);
}

async function keepUp({ stores }: Engagement, journeyId: string, computation: number): Promise<void> {
  await stores.records
    .updateTable('journeys')
    .set({ enrolled_computation: computation })
    .where('id', '=', journeyId)
    .where('enrolled_computation', '<', computation)
    .execute();
}

/** One statement: the enrolments that are new, and the decision on each for the warehouse. */
async function enrolPage(
  engagement: Engagement,
  { id, version, enter, graph }: RunningJourney,
  customers: readonly string[],
): Promise<Enrolled> {
  const now = nowOf(engagement);
  const arms = customers.map(customer => armOf(id, customer, graph.holdout).arm);
  const { rows } = await sql<Enrolled>`
    WITH fresh AS (
      INSERT INTO enrolments (journey_id, version, customer_id, arm, node, state, due_at, entered_at, arrived_at, left_at)
      SELECT ${id}, ${version}::integer, customer, arm, ${enter.id},
        CASE arm WHEN 'holdout' THEN 'done' ELSE 'active' END,
        ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, CASE arm WHEN 'holdout' THEN ${now}::timestamptz END
      FROM unnest(${customers}::text[], ${arms}::text[]) AS entering (customer, arm)
      ON CONFLICT (journey_id, customer_id) DO NOTHING
      RETURNING id, customer_id, arm
    ), told AS (
      INSERT INTO warehouse_feed (target, content)
      SELECT 'decisions', jsonb_build_object(
        'decision_id', id::text, 'customer_id', customer_id, 'subject', ${`journey:${id}`}::text, 'arm', arm,
        'propensity', CASE arm WHEN 'holdout' THEN ${graph.holdout}::float8 ELSE 1 - ${graph.holdout}::float8 END,
        'at', ${clickhouseTime(now)}::text)
      FROM fresh
    )
    SELECT count(*) FILTER (WHERE arm = 'treated') AS treated, count(*) FILTER (WHERE arm = 'holdout') AS holdout
    FROM fresh`.execute(engagement.stores.records);
  return rows[0] ?? { treated: 0, holdout: 0 };
}
