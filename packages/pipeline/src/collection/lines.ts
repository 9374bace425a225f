import type { EventRow } from '@bellwether/contracts';
import type { Arrival, Draft, Drop, Sent } from './draft.ts';
import { momentWriter } from './moment.ts';
import { jsonOf, wellFormed } from './text.ts';

/** The longest raw text that quarantine keeps of one refusal, in characters. */
export const RAW_LIMIT = 64 * 1024;

/** What every line of an event begins with: the loader finds the id behind it without parsing. */
export const EVENT_LINE_START = '{"event_id":"';

const timeText = momentWriter();
const text = (value: string): string => JSON.stringify(value);

/**
 * One event as a line of the warehouse's JSONEachRow, written once, here: the journal keeps it and the loader sends it
 * on as it is. `properties` and `context` stand in it as objects, which the warehouse stores as their text.
 */
export function eventLine(event: Draft): string {
  return (
    `{"event_id":${text(event.eventId)},"type":"${event.type}","name":${text(event.name)},` +
    `"user_id":${text(event.userId)},"anonymous_id":${text(event.anonymousId)},` +
    `"previous_id":${text(event.previousId)},"at":"${timeText(event.at)}",` +
    `"received_at":"${timeText(event.arrival.receivedAt)}","source":${text(event.arrival.source)},` +
    `"bot":${event.bot},"properties":${event.properties},"context":${event.context}}\n`
  );
}

/** One refused event or request as a line for `quarantine`; `line` is its place in the request. */
export function quarantineLine(arrival: Arrival, line: number, dropped: Drop, raw: string): string {
  return quarantineRow({
    id: arrival.newId(),
    source: arrival.source,
    line,
    reason: dropped.reason,
    detail: dropped.detail,
    raw,
    at: timeText(arrival.receivedAt),
  });
}

/**
 * A row that the warehouse would not take, as a line for `quarantine`. Its id follows from the event's, so that a
 * repeat writes the same line.
 *
 * @param line the event's line, as `eventLine` wrote it
 */
export function refusedRowLine(line: string, detail: string): string {
  const row = JSON.parse(line) as StoredEvent; // our own line
  return quarantineRow({
    id: `row:${row.event_id}`,
    source: row.source,
    line: 0,
    reason: 'invalid_field',
    detail,
    raw: JSON.stringify(sentOf(row)),
    at: row.received_at,
  });
}

/** One outcome of a replay as a line for `quarantine_replays`. */
export function replayLine(id: string, at: number, accepted: boolean): string {
  return `{"id":${text(id)},"at":"${timeText(at)}","accepted":${accepted}}\n`;
}

/** The text by which a refused event can be tried again: as sent, with what its request said for it. */
export function rawOf(sent: Sent, arrival: Arrival): string {
  const sentAt = sent['sentAt'] ?? arrival.sentAt;
  const context = arrival.context === undefined ? {} : { context: sent['context'] ?? arrival.context };
  return jsonOf({ ...sent, ...context, sentAt });
}

interface QuarantineLine {
  id: string;
  source: string;
  line: number;
  reason: string;
  detail: string;
  raw: string;
  at: string;
}

function quarantineRow(row: QuarantineLine): string {
  const cut = row.raw.length > RAW_LIMIT;
  const detail = cut ? `${row.detail} (${RAW_LIMIT} of ${row.raw.length} characters are kept)` : row.detail;
  const raw = wellFormed(cut ? row.raw.slice(0, RAW_LIMIT) : row.raw);
  return `${JSON.stringify({ ...row, import_id: '', detail: wellFormed(detail), raw })}\n`;
}

/** An event's line parsed: `properties` and `context` are objects in it. */
type StoredEvent = Omit<EventRow, 'properties' | 'context' | 'session_id'> & {
  properties: Sent;
  context: Sent;
};

/** The call that would have made this row. */
function sentOf(row: StoredEvent): Sent {
  const isAbout = row.type === 'identify' || row.type === 'group';
  return {
    type: row.type,
    messageId: row.event_id,
    userId: row.user_id,
    anonymousId: row.anonymous_id,
    previousId: row.previous_id,
    [row.type === 'track' ? 'event' : 'name']: row.name,
    [isAbout ? 'traits' : 'properties']: row.properties,
    groupId: row.properties['groupId'] ?? null,
    timestamp: `${row.at.replace(' ', 'T')}Z`,
    context: row.context,
  };
}
