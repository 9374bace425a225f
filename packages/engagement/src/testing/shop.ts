import {
  SteppedClock,
  type AudienceDefinition,
  type Journey,
  type JourneyGraph,
} from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { createAudience } from '../audiences/audiences.ts';
import type { Channel, Outcome, OutgoingMessage } from '../channels/channel.ts';
import { openEngagement, type Engagement, type EngagementOptions } from '../engagement.ts';
import { createJourney, setJourneyState } from '../journeys/journeys.ts';

export const START = Date.UTC(2026, 2, 1, 9);
export const SECRET = 'a secret that only tests know, long enough';
export const SCENARIO = 'purchase-prediction';

/** A customer of a test: consented and reachable unless it says otherwise. */
export interface TestCustomer {
  id: string;
  email?: string;
  name?: string;
  consent?: 0 | 1 | null;
  language?: string;
  orders?: number;
  timezone?: string;
  probability?: number;
}

const WRITTEN = [
  'customers',
  'events',
  'scores',
  'score_runs',
  'audience_members',
  'decisions',
  'deliveries',
  'identity',
];

/** Empties both stores of what a test wrote: quicker than stores of its own. */
export async function emptyStores(warehouse: Warehouse, records: Records): Promise<void> {
  await sql`TRUNCATE audiences, templates, journeys, outbox, warehouse_feed, consents, suppressions, settings CASCADE`.execute(
    records,
  );
  await Promise.all(WRITTEN.map(table => warehouse.command(`TRUNCATE TABLE ${table}`)));
}

/** Customers with a current score each. */
export async function addCustomers(warehouse: Warehouse, customers: readonly TestCustomer[]): Promise<void> {
  const rows = customers.map(({ id, email, name, consent, language, orders, timezone }) => ({
    ...{ customer_id: id, email: email ?? `${id}@example.com`, phone: '', name: name ?? `Customer ${id}` },
    ...{ email_consent: consent === undefined ? 1 : consent, language: language ?? '', orders: orders ?? 1 },
    timezone: timezone ?? '',
    ...{ traits: '{}', aliases: [id], revenue: 0 },
  }));
  await warehouse.insert('customers', rows, { token: randomUUID() });
  await score(warehouse, customers, 1);
}

/** A scoring run; those who are not in it have no current score. */
export async function score(
  warehouse: Warehouse,
  customers: readonly TestCustomer[],
  run: number,
): Promise<void> {
  const scored_at = clickhouseTime(START + run);
  const head = { scenario: SCENARIO, version: 1, as_of: scored_at, scored_at };
  const rows = customers.map(({ id, probability = 0.5 }) => ({
    ...{ ...head, customer_id: id, probability, low: probability, high: probability },
    ...{ chosen: probability >= 0.5, reasons: [] },
  }));
  await warehouse.insert('scores', rows, { token: randomUUID() });
  await warehouse.insert('score_runs', [{ ...head, customers: rows.length }], { token: randomUUID() });
}

export const EVERYBODY: AudienceDefinition = {
  scenario: SCENARIO,
  min_probability: 0,
  max_probability: 1,
  chosen_only: false,
};

/** A channel that keeps what it is given and answers as it is told. */
export class RecordingChannel implements Channel {
  readonly name = 'email';
  readonly received: OutgoingMessage[] = [];
  answer: (message: OutgoingMessage) => Outcome = () => ({ state: 'sent' });

  async send(message: OutgoingMessage): Promise<Outcome> {
    this.received.push(message);
    return this.answer(message);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

export interface TestShop {
  engagement: Engagement;
  channel: RecordingChannel;
  clock: SteppedClock;
}

/** Engagement over these stores, with a clock that stands and a channel that records. */
export function openShop(
  stores: Omit<EngagementOptions['stores'], 'clock'>,
  options: Partial<EngagementOptions> = {},
): TestShop {
  const [clock, channel] = [new SteppedClock(START), new RecordingChannel()];
  const engagement = openEngagement({
    stores: { ...stores, clock },
    channels: [channel],
    links: { publicUrl: 'https://mail.shop.example/', secret: SECRET },
    shop: { name: 'Tea & Co', url: 'https://shop.example/?a=1&b=2', currency: 'EUR', locale: 'en' },
    ...options,
  });
  return { engagement, channel, clock };
}

/** enter -> mail -> wait a week -> mail -> exit. */
export function twoMails(audience: string, changes: Partial<JourneyGraph> = {}): JourneyGraph {
  return {
    nodes: [
      { id: 'start', kind: 'enter', audience, next: 'first' },
      { id: 'first', kind: 'email', template: 'thought-of-you-en', next: 'week' },
      { id: 'week', kind: 'wait', days: 7, next: 'second' },
      { id: 'second', kind: 'email', template: 'thought-of-you-en', next: 'end' },
      { id: 'end', kind: 'exit' },
    ],
    holdout: 0,
    measure_days: 30,
    dry_run: false,
    ...changes,
  };
}

/** A journey for everybody who is scored, started. */
export async function startJourney(
  engagement: Engagement,
  changes: Partial<JourneyGraph> = {},
  definition: AudienceDefinition = EVERYBODY,
): Promise<Journey> {
  const audience = await createAudience(engagement, { name: 'Everybody', definition });
  const graph = twoMails(audience.id, changes);
  const nodes = graph.nodes.map(node => (node.kind === 'enter' ? { ...node, audience: audience.id } : node));
  const journey = await createJourney(engagement, { name: 'Two mails', graph: { ...graph, nodes } });
  return setJourneyState(engagement, journey.id, 'running');
}
