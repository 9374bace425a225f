import { AppError, type Journey, type JourneyGraph, type JourneyState } from '@bellwether/contracts';
import type { Database, Records, Selectable, Transaction } from '@bellwether/records';
import { randomUUID } from 'node:crypto';
import { getAudience } from '../audiences/audiences.ts';
import { nowOf, type Engagement } from '../engagement.ts';
import { feedMessages } from '../delivery/feed.ts';
import { getTemplate } from '../templates/templates.ts';
import { compileJourney } from './graph.ts';

type Row = Selectable<Database['journeys']> & { graph: JourneyGraph };

/** A journey's name and what it does. */
export interface JourneyDraft {
  name: string;
  graph: JourneyGraph;
}

/** From which state one may go to which. */
const TURNS: Readonly<Record<JourneyState, readonly JourneyState[]>> = {
  draft: ['running'],
  running: ['paused', 'stopped'],
  paused: ['running', 'stopped'],
  stopped: [],
};

/**
 * Keeps a journey as a draft; nobody enters before it is started.
 *
 * @throws AppError `journey.bad_graph`
 */
export async function createJourney(engagement: Engagement, draft: JourneyDraft): Promise<Journey> {
  compileJourney(draft.graph);
  const [id, now] = [randomUUID(), nowOf(engagement)];
  await engagement.stores.records.transaction().execute(async transaction => {
    await transaction
      .insertInto('journeys')
      .values({ id, name: draft.name, state: 'draft', version: 1, created_at: now, started_at: null })
      .execute();
    await keepVersion(transaction, id, 1, draft.graph, now);
  });
  return getJourney(engagement, id);
}

/**
 * Changes a draft; each change is a version of its own.
 *
 * @throws AppError `journey.bad_graph`, `journey.not_found`, `journey.not_a_draft`
 */
export async function changeJourney(
  engagement: Engagement,
  id: string,
  draft: JourneyDraft,
): Promise<Journey> {
  compileJourney(draft.graph);
  await engagement.stores.records.transaction().execute(async transaction => {
    const row = await locked(transaction, id);
    if (row.state !== 'draft')
      throw new AppError('journey.not_a_draft', `"${row.name}" is ${row.state}; only a draft can be changed`);
    const version = row.version + 1;
    await keepVersion(transaction, id, version, draft.graph, nowOf(engagement));
    await transaction
      .updateTable('journeys')
      .set({ version, name: draft.name })
      .where('id', '=', id)
      .execute();
  });
  return getJourney(engagement, id);
}

/** Journeys, newest first. */
export async function listJourneys(engagement: Engagement): Promise<Journey[]> {
  const rows = await withGraph(engagement.stores.records)
    .orderBy(['journeys.created_at desc', 'journeys.id'])
    .execute();
  return rows.map(journeyOf);
}

/** @throws AppError `journey.not_found` */
export async function getJourney(engagement: Engagement, id: string): Promise<Journey> {
  const row = await withGraph(engagement.stores.records).where('journeys.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id);
  return journeyOf(row);
}

/**
 * Starts, pauses, goes on with or stops a journey. Paused, nobody enters or moves and no message leaves; stopped, those
 * inside are out and what had not left is refused.
 *
 * @throws AppError `journey.not_found`, `journey.bad_turn`, and on starting what its audience or templates lack
 */
export async function setJourneyState(
  engagement: Engagement,
  id: string,
  state: Exclude<JourneyState, 'draft'>,
): Promise<Journey> {
  const journey = await getJourney(engagement, id);
  if (journey.state === 'draft' && state === 'running') await checkParts(engagement, journey.graph);
  await engagement.stores.records.transaction().execute(async transaction => {
    const row = await locked(transaction, id);
    if (row.state === state) return;
    if (!TURNS[row.state].includes(state))
      throw new AppError('journey.bad_turn', `"${row.name}" is ${row.state} and cannot become ${state}`);
    const now = nowOf(engagement);
    await transaction
      .updateTable('journeys')
      .set({ state, started_at: row.started_at ?? now })
      .where('id', '=', id)
      .execute();
    if (state === 'stopped') await letOut(transaction, id, now);
  });
  return getJourney(engagement, id);
}

/** Everybody inside leaves where they are; what waits in the outbox is refused. */
async function letOut(transaction: Transaction<Database>, id: string, now: Date): Promise<void> {
  await transaction
    .updateTable('enrolments')
    .set({ state: 'exited', left_because: 'stopped', left_at: now })
    .where('journey_id', '=', id)
    .where('state', '=', 'active')
    .execute();
  const refused = await transaction
    .updateTable('outbox')
    .set({ state: 'refused', reason: 'journey_stopped' })
    .where('journey_id', '=', id)
    .where('state', '=', 'pending')
    .returningAll()
    .execute();
  await feedMessages(
    transaction,
    refused.map(message => ({ ...message, what: 'refused', at: now })),
  );
}

async function checkParts(engagement: Engagement, graph: JourneyGraph): Promise<void> {
  for (const node of graph.nodes) {
    if (node.kind === 'enter') await getAudience(engagement, node.audience);
    if (node.kind === 'email') {
      const template = await getTemplate(engagement, node.template);
      await engagement.templates.compiled(template);
    }
  }
}

async function locked(
  transaction: Transaction<Database>,
  id: string,
): Promise<Selectable<Database['journeys']>> {
  const row = await transaction
    .selectFrom('journeys')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw notFound(id);
  return row;
}

async function keepVersion(
  transaction: Transaction<Database>,
  journey_id: string,
  version: number,
  graph: JourneyGraph,
  created_at: Date,
): Promise<void> {
  await transaction
    .insertInto('journey_versions')
    .values({ journey_id, version, graph: JSON.stringify(graph), created_at })
    .execute();
}

const withGraph = (records: Records) =>
  records
    .selectFrom('journeys')
    .innerJoin('journey_versions', join =>
      join
        .onRef('journey_versions.journey_id', '=', 'journeys.id')
        .onRef('journey_versions.version', '=', 'journeys.version'),
    )
    .selectAll('journeys')
    .select('journey_versions.graph');

function journeyOf(row: Row): Journey {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    version: row.version,
    graph: row.graph,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
  };
}

function notFound(id: string): AppError {
  return new AppError('journey.not_found', `there is no journey "${id}"`);
}
