import { MINUTE, sentenceOf, type Milliseconds, type Work } from '@bellwether/contracts';
import type { Outcome, OutgoingMessage } from '../channels/channel.ts';
import { channelOf, nowOf, type Engagement } from '../engagement.ts';
import type { RunningJourney } from '../journeys/running.ts';
import type { CompiledTemplate, RenderedMessage } from '../templates/compile.ts';
import { peopleOf, type Person } from '../templates/people.ts';
import { listsFor, type MessageList } from '../templates/recommendations.ts';
import { getTemplate, scopeOf } from '../templates/templates.ts';
import { claimMessages, handOver } from './claim.ts';
import { judge, type Verdicts } from './guards.ts';
import type { OutboxRow, Settled } from './settlement.ts';

/** Messages claimed, judged and rendered together. */
const BATCH = 500;
/** Messages of a batch handed over together, twice the connections: a crash leaves no more of it unknown. */
const ON_THE_WIRE = 10;
/** Batches on their way at once: while one is written down, another is on the wire. */
const LANES = 3;
const MAX_ATTEMPTS = 10;
const LONGEST_PAUSE = 60 * MINUTE;

/** How many messages ended in each state; `pending` are those that will be tried again. */
export type Delivered = Record<Settled['state'], number>;

/** Sends what is due in a journey, and writes down what became of it. */
export async function deliver(
  engagement: Engagement,
  journey: RunningJourney,
  work: Work = {},
): Promise<Delivered> {
  const scenario = await scenarioOf(engagement, journey);
  const counts: Delivered = { pending: 0, sent: 0, dry_run: 0, refused: 0, failed: 0, unknown: 0 };
  let done = 0;
  const lane = async (): Promise<void> => {
    while (work.signal?.aborted !== true) {
      const settled = await deliverBatch(engagement, journey.id, scenario);
      if (settled.length === 0) return;
      for (const { state } of settled) counts[state] += 1;
      done += settled.length;
      work.onProgress?.({ done, unit: 'messages', step: 'deliver' });
    }
  };
  await allEnded(Array.from({ length: LANES }, lane));
  return counts;
}

/** Waits for every lane before it reports the first failure: none goes on unseen. */
async function allEnded(lanes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(lanes)).find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function scenarioOf({ stores }: Engagement, journey: RunningJourney): Promise<string> {
  const audience = await stores.records
    .selectFrom('audiences')
    .select('definition')
    .where('id', '=', journey.enter.audience)
    .executeTakeFirst();
  return audience?.definition.scenario ?? '';
}

async function deliverBatch(engagement: Engagement, journeyId: string, scenario: string): Promise<Settled[]> {
  const messages = await claimMessages(engagement, journeyId, BATCH);
  // until something is known of a message, it goes back as it came
  const outcomes = new Map<string, Settled>(
    messages.map(message => [message.key, { message, state: 'pending' }]),
  );
  try {
    const letters = await prepare(engagement, messages, scenario, outcomes);
    for (let at = 0; at < letters.length; at += ON_THE_WIRE)
      await sendTogether(engagement, letters.slice(at, at + ON_THE_WIRE), outcomes);
  } finally {
    await engagement.settlement.settle(
      [...outcomes.values()].filter(({ message }) => engagement.settlement.holds(message.key)),
    );
  }
  return [...outcomes.values()];
}

type Outcomes = Map<string, Settled>;

/** Guards and renders a batch. @returns the letters that may leave; `outcomes` says what became of the others */
async function prepare(
  engagement: Engagement,
  messages: readonly OutboxRow[],
  scenario: string,
  outcomes: Outcomes,
): Promise<Letter[]> {
  const [first] = messages;
  if (first === undefined) return [];
  const ids = messages.map(message => message.customer_id);
  const people = await peopleOf(engagement.stores.warehouse, ids, scenario);
  const now = engagement.stores.clock.now();
  const verdicts = await judge(engagement, { channel: first.channel, messages, people, now });
  const letters = await renderAll(engagement, messages, people, verdicts, outcomes);
  return letters.filter(letter => !endsHere(letter, verdicts, outcomes));
}

/** Hands letters over, sends them and writes down what became of them. */
async function sendTogether(
  engagement: Engagement,
  letters: readonly Letter[],
  outcomes: Outcomes,
): Promise<void> {
  const { settlement } = engagement;
  const mayGo = await handOver(engagement, letters);
  const going = letters.filter(({ message }) => mayGo.has(message.key));
  for (const { message } of letters.filter(({ message: { key } }) => !mayGo.has(key))) {
    // taken away meanwhile: whoever has it now decides
    outcomes.delete(message.key);
    settlement.forget(message.key);
  }
  await Promise.all(going.map(letter => send(engagement, letter, outcomes)));
  await settlement.settle(going.flatMap(({ message }) => outcomes.get(message.key) ?? []));
}

interface Letter extends RenderedMessage {
  message: OutboxRow;
  address: string;
  name: string;
  unsubscribeUrl: string;
  /** Products that stand in it, where its template has room for them. */
  list: MessageList | undefined;
}

async function renderAll(
  engagement: Engagement,
  messages: readonly OutboxRow[],
  people: ReadonlyMap<string, Person>,
  verdicts: Verdicts,
  outcomes: Outcomes,
): Promise<Letter[]> {
  const templates = await templatesOf(engagement, messages);
  const lists = await listsOf(engagement, messages, people, templates);
  const letters: Letter[] = [];
  for (const message of messages) {
    if (verdicts.has(message.key) && !message.dry_run) {
      outcomes.set(message.key, objection(message, verdicts));
      continue;
    }
    try {
      const person = people.get(message.customer_id) ?? nobody(message.customer_id);
      letters.push(letterOf(engagement, message, person, templates, lists.get(message.key)));
    } catch (error) {
      outcomes.set(message.key, { message, state: 'failed', reason: `not rendered: ${sentenceOf(error)}` });
    }
  }
  return letters;
}

async function templatesOf(
  engagement: Engagement,
  messages: readonly OutboxRow[],
): Promise<Map<string, CompiledTemplate>> {
  const ids = [...new Set(messages.map(message => message.template_id))];
  const compiled = ids.map(async id => {
    const template = await getTemplate(engagement, id);
    return [id, await engagement.templates.compiled(template)] as const;
  });
  return new Map(await Promise.all(compiled));
}

function letterOf(
  engagement: Engagement,
  message: OutboxRow,
  person: Person,
  templates: ReadonlyMap<string, CompiledTemplate>,
  list: MessageList | undefined,
): Letter {
  const links = engagement.links.of({ key: message.key, customerId: message.customer_id });
  // every template of the batch was compiled just before
  const template = templates.get(message.template_id)!;
  const scope = { ...scopeOf(person, engagement.shop), recommended: list?.items ?? [] };
  const { unsubscribeUrl } = links;
  return {
    ...template.render(scope, links),
    message,
    address: person.email,
    name: person.name,
    unsubscribeUrl,
    list,
  };
}

/** Products for those of a batch whose template shows some, all at once. */
function listsOf(
  engagement: Engagement,
  messages: readonly OutboxRow[],
  people: ReadonlyMap<string, Person>,
  templates: ReadonlyMap<string, CompiledTemplate>,
): Promise<Map<string, MessageList>> {
  const products = (message: OutboxRow): number => templates.get(message.template_id)?.products ?? 0;
  const showing = messages.filter(message => products(message) > 0);
  const readers = showing.map(message => {
    const person = people.get(message.customer_id) ?? nobody(message.customer_id);
    return {
      ...{ key: message.key, customerId: message.customer_id },
      locale: scopeOf(person, engagement.shop).locale,
    };
  });
  return listsFor(engagement, readers, Math.max(0, ...showing.map(products)));
}

/** Whom a dry run writes to where nothing is known of the customer. */
function nobody(id: string): Person {
  return {
    id,
    email: '',
    name: '',
    country: '',
    city: '',
    language: '',
    timezone: '',
    orders: 0,
    score: null,
  };
}

function objection(message: OutboxRow, verdicts: Verdicts): Settled {
  const verdict = verdicts.get(message.key);
  if (verdict === undefined) return { message, state: 'pending' };
  if ('refuse' in verdict) return { message, state: 'refused', reason: verdict.refuse };
  return { message, state: 'pending', dueAt: new Date(verdict.defer) };
}

/** A dry run ends before the door, and says what would have stopped the message there. */
function endsHere({ message, subject }: Letter, verdicts: Verdicts, outcomes: Outcomes): boolean {
  if (!message.dry_run) return false;
  const reason = objection(message, verdicts).reason ?? '';
  outcomes.set(message.key, { message, state: 'dry_run', subject, reason });
  return true;
}

async function send(engagement: Engagement, letter: Letter, outcomes: Outcomes): Promise<void> {
  const { message, address, subject } = letter;
  outcomes.set(message.key, { message, state: 'unknown', subject, reason: 'interrupted' });
  const outcome = await channelOf(engagement, message.channel).send(outgoing(letter));
  const settled = settledBy({ ...message, address }, outcome, nowOf(engagement));
  outcomes.set(message.key, { ...settled, subject, list: letter.list });
}

function outgoing({ message, address, name, subject, html, text, unsubscribeUrl }: Letter): OutgoingMessage {
  return { key: message.key, to: { name, address }, subject, html, text, unsubscribeUrl };
}

function settledBy(message: OutboxRow, outcome: Outcome, now: Date): Settled {
  switch (outcome.state) {
    case 'sent':
      return { message, state: 'sent' };
    case 'unknown':
      return { message, state: 'unknown', reason: outcome.reason };
    case 'failed':
      return { message, state: 'failed', reason: outcome.reason, badAddress: outcome.badAddress };
    case 'retry':
      if (message.attempts >= MAX_ATTEMPTS) return { message, state: 'failed', reason: outcome.reason };
      return {
        message,
        state: 'pending',
        reason: outcome.reason,
        dueAt: new Date(now.getTime() + pauseAfter(message.attempts)),
      };
  }
}

/** Half a minute after the first attempt, twice as long after each further one, an hour at most. */
export function pauseAfter(attempts: number): Milliseconds {
  return Math.min(LONGEST_PAUSE, (MINUTE / 2) * 2 ** (attempts - 1));
}
