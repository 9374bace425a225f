import { EVENT_BYTES, EVENT_TYPES, type EventType } from '@bellwether/contracts';
import { botDetector } from './bots.ts';
import { drop, draftOf, type Arrival, type Draft, type Drop, type Sent } from './draft.ts';
import { momentOf } from './moment.ts';
import { isObject, shapeFault } from './shape.ts';
import { wellFormed } from './text.ts';

/** Fills in a part of the draft, or says why the event goes no further. */
export type Step = (draft: Draft) => Drop | undefined;

/** What every event of the API passes, in this order. */
export const STEPS: readonly { name: string; run: Step }[] = [
  { name: 'know its type', run: knowType },
  { name: 'check its shape', run: checkShape },
  { name: 'know whom it is about', run: identify },
  { name: 'name it', run: nameIt },
  { name: 'place it in time', run: placeInTime },
  { name: 'mark robots', run: markBots },
  { name: 'carry its content', run: carryContent },
];
const RUNS = STEPS.map(step => step.run);

/** Takes one event through the steps. */
export function prepareEvent(sent: Sent, arrival: Arrival): Draft | Drop {
  const draft = draftOf(sent, arrival);
  for (const run of RUNS) {
    const dropped = run(draft);
    if (dropped !== undefined) return dropped;
  }
  return draft;
}

const isType = (value: unknown): value is EventType => EVENT_TYPES.includes(value as EventType);

function knowType(draft: Draft): Drop | undefined {
  const type = draft.sent['type'];
  if (!isType(type)) {
    const found = typeof type === 'string' ? `"${type.slice(0, 50)}"` : 'none';
    return drop('unknown_type', `type must be one of ${EVENT_TYPES.join(', ')}; found ${found}`);
  }
  draft.type = type;
  return undefined;
}

function checkShape({ sent }: Draft): Drop | undefined {
  const fault = shapeFault(sent);
  return fault === undefined ? undefined : drop('invalid_field', fault);
}

function identify(draft: Draft): Drop | undefined {
  const { sent } = draft;
  draft.eventId = textOf(sent['messageId']) || draft.arrival.newId();
  draft.userId = textOf(sent['userId']);
  draft.anonymousId = textOf(sent['anonymousId']);
  draft.previousId = textOf(sent['previousId']);
  if (draft.userId === '' && draft.anonymousId === '')
    return drop('no_identity', 'an event needs a userId or an anonymousId');
  if (draft.type === 'alias' && draft.previousId === '')
    return drop('alias_without_previous_id', 'an alias needs the previousId that it joins to the userId');
  return undefined;
}

function nameIt(draft: Draft): Drop | undefined {
  const { sent, type } = draft;
  if (type === 'page' || type === 'screen') draft.name = textOf(sent['name']);
  if (type !== 'track') return undefined;
  draft.name = textOf(sent['event']);
  return draft.name === ''
    ? drop('no_event_name', 'a track call needs an event, such as "Order Completed"')
    : undefined;
}

/** Before this nothing was tracked: such a moment is a clock that was never set. */
const EARLIEST = Date.UTC(2000, 0, 1);

/**
 * Corrects the client's clock as the specification does: what passed between `timestamp` and `sentAt` on its clock had
 * passed when the request arrived on ours. Nothing happened later than it arrived.
 */
function placeInTime(draft: Draft): Drop | undefined {
  const { sent, arrival } = draft;
  const timestamp = sent['timestamp'];
  if (timestamp === undefined) return undefined;
  const said = momentOf(timestamp);
  const sentAt = momentOf(sent['sentAt'] ?? arrival.sentAt);
  const at = Number.isNaN(sentAt) ? said : said + (arrival.receivedAt - sentAt);
  if (!(at >= EARLIEST))
    return drop(
      'bad_timestamp',
      `timestamp must be an ISO 8601 moment since 2000; found ${quoted(timestamp)}`,
    );
  draft.at = Math.min(at, arrival.receivedAt);
  return undefined;
}

const isBot = botDetector();

function markBots(draft: Draft): Drop | undefined {
  const context = contextOf(draft);
  const agent = context?.['userAgent'];
  if (typeof agent === 'string' && agent !== '') draft.bot = isBot(agent);
  return undefined;
}

/** Traits are what `identify` and `group` say; the group itself goes with them as `groupId`. */
function carryContent(draft: Draft): Drop | undefined {
  try {
    const content = contentOf(draft);
    const context = contextOf(draft);
    if (content !== undefined) draft.properties = JSON.stringify(content);
    if (context !== undefined) draft.context = JSON.stringify(context);
  } catch {
    return drop(
      'invalid_field',
      'properties, traits and context must not be nested thousands of levels deep',
    );
  }
  return isTooLarge(draft)
    ? drop('too_large', `properties, traits and context may have ${EVENT_BYTES} bytes together`)
    : undefined;
}

function contentOf({ type, sent }: Draft): Sent | undefined {
  if (type === 'group') return { ...objectOf(sent['traits']), groupId: sent['groupId'] ?? '' };
  return objectOf(sent[type === 'identify' ? 'traits' : 'properties']);
}

function contextOf({ sent, arrival }: Draft): Sent | undefined {
  const own = objectOf(sent['context']);
  return arrival.context === undefined ? own : { ...arrival.context, ...own };
}

/** Bytes are counted only where the characters leave a doubt: one has at most three. */
function isTooLarge({ properties, context }: Draft): boolean {
  if (3 * (properties.length + context.length) <= EVENT_BYTES) return false;
  return Buffer.byteLength(properties) + Buffer.byteLength(context) > EVENT_BYTES;
}

const objectOf = (value: unknown): Sent | undefined => (isObject(value) ? value : undefined);

const textOf = (value: unknown): string => (typeof value === 'string' ? wellFormed(value) : '');

const quoted = (value: unknown): string => JSON.stringify(value).slice(0, 60);
