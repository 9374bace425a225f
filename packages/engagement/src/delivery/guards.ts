import type { ConsentChannel, Milliseconds } from '@bellwether/contracts';
import { maySend } from '@bellwether/privacy';
import { sql } from '@bellwether/records';
import type { Engagement } from '../engagement.ts';
import type { Person } from '../templates/people.ts';
import type { OutboxRow } from './settlement.ts';

/** At most so many marketing messages to a person within so long, over all journeys. */
export interface FrequencyCap {
  messages: number;
  within: Milliseconds;
}

/** Until when a message to this person must wait; nothing where it may go now. */
export type QuietHours = (person: Person, now: Milliseconds) => Milliseconds | undefined;

/** Messages on their way out, with the people they go to. */
export interface GuardedBatch {
  channel: ConsentChannel;
  messages: readonly OutboxRow[];
  people: ReadonlyMap<string, Person>;
  now: Milliseconds;
}

export type Verdict = { refuse: string } | { defer: Milliseconds };
/** By message key; a message without a verdict may pass. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** Looks at a whole batch at the moment of sending. */
export interface Guard {
  name: string;
  check(engagement: Engagement, batch: GuardedBatch): Promise<Verdicts>;
}

/** In the order in which they are asked: the first that objects gives the reason. */
export const GUARDS: readonly Guard[] = [
  { name: 'enrolment', check: stillTreated },
  { name: 'privacy', check: permitted },
  { name: 'frequency cap', check: notTooOften },
  { name: 'quiet hours', check: notNow },
];

/** What all guards say of a batch together. */
export async function judge(
  engagement: Engagement,
  batch: GuardedBatch,
  guards: readonly Guard[] = GUARDS,
): Promise<Verdicts> {
  const verdicts = new Map<string, Verdict>();
  let passing = batch.messages;
  for (const guard of guards) {
    for (const [key, verdict] of await guard.check(engagement, { ...batch, messages: passing }))
      verdicts.set(key, verdict);
    passing = passing.filter(message => !verdicts.has(message.key));
  }
  return verdicts;
}

/** Held out, or out of the journey since: not to be written to. */
async function stillTreated({ stores }: Engagement, { messages }: GuardedBatch): Promise<Verdicts> {
  const rows = await stores.records
    .selectFrom('enrolments')
    .select(['id', 'arm', 'state'])
    .where(sql<boolean>`id = ANY(${messages.map(message => message.enrolment_id)}::bigint[])`)
    .execute();
  const enrolments = new Map(rows.map(row => [row.id, row]));
  return refusals(messages, message => {
    const enrolment = enrolments.get(message.enrolment_id);
    if (enrolment === undefined || enrolment.state === 'exited') return 'left_journey';
    return enrolment.arm === 'holdout' ? 'holdout' : undefined;
  });
}

/** Consent, suppression, address: as they are now. */
async function permitted({ stores }: Engagement, { channel, messages }: GuardedBatch): Promise<Verdicts> {
  const customerIds = [...new Set(messages.map(message => message.customer_id))];
  const permissions = await maySend(stores, { channel, purpose: 'marketing', customerIds });
  return refusals(messages, message => {
    const permission = permissions.get(message.customer_id);
    return permission?.ok === false ? permission.reason : undefined;
  });
}

/** Counts what was handed over; a person has one message at a time on its way, so no two workers pass here at once. */
async function notTooOften(engagement: Engagement, { messages, now }: GuardedBatch): Promise<Verdicts> {
  const { frequencyCap: cap, stores } = engagement;
  const rows = await stores.records
    .selectFrom('outbox')
    .select(['customer_id', sql<number>`count(*)`.as('had')])
    .where(sql<boolean>`customer_id = ANY(${messages.map(message => message.customer_id)}::text[])`)
    .where('handed_at', '>', new Date(now - cap.within))
    .where('state', 'in', ['sent', 'unknown', 'sending'])
    .groupBy('customer_id')
    .execute();
  const had = new Map(rows.map(row => [row.customer_id, row.had]));
  return refusals(messages, message =>
    (had.get(message.customer_id) ?? 0) >= cap.messages ? 'frequency_cap' : undefined,
  );
}

/** Waits until the person's day begins. */
async function notNow(engagement: Engagement, { messages, people, now }: GuardedBatch): Promise<Verdicts> {
  const verdicts = new Map<string, Verdict>();
  for (const message of messages) {
    const person = people.get(message.customer_id);
    const until = person === undefined ? undefined : engagement.quietHours(person, now);
    if (until !== undefined && until > now) verdicts.set(message.key, { defer: until });
  }
  return verdicts;
}

function refusals(
  messages: readonly OutboxRow[],
  reasonOf: (message: OutboxRow) => string | undefined,
): Verdicts {
  const verdicts = new Map<string, Verdict>();
  for (const message of messages) {
    const reason = reasonOf(message);
    if (reason !== undefined) verdicts.set(message.key, { refuse: reason });
  }
  return verdicts;
}
