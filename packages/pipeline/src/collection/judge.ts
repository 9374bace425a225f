import { AppError, BATCH_BYTES, EVENT_BYTES, type EventType, type Refusal } from '@bellwether/contracts';
import { drop, type Arrival, type Draft, type Drop, type Sent } from './draft.ts';
import { entryOf, sectionOf, type Entry } from './journal/frames.ts';
import { eventLine, quarantineLine, rawOf } from './lines.ts';
import { isObject } from './shape.ts';
import { prepareEvent } from './steps.ts';
import { jsonOf } from './text.ts';

/** A path of the tracking API: one event of this type, or many of any. */
export type Call = EventType | 'batch';

export interface RefusedEvent {
  /** Its place in the request, from 0. */
  index: number;
  reason: Refusal;
  detail: string;
}

/** What became of a request: `accepted` events are on the disk, the others are in quarantine. */
export interface Receipt {
  accepted: number;
  refused: RefusedEvent[];
}

export interface Judgement extends Receipt {
  /** What the journal has to keep. */
  entry: Entry;
  /** A fault of the whole request, to be thrown once its text is safe. */
  fault?: AppError;
}

/** Judges one request of the tracking API: pure, and never throws. */
export function judge(call: Call, body: Buffer, arrival: Arrival): Judgement {
  const limit = call === 'batch' ? BATCH_BYTES : EVENT_BYTES;
  if (body.length > limit)
    return refuseRequest(
      body,
      arrival,
      drop('too_large', `a ${call} call may have ${limit} bytes; this one has ${body.length}`),
    );
  const parsed = parse(body);
  if (parsed === undefined)
    return refuseRequest(body, arrival, drop('not_json', 'the body is not JSON text'));
  if (!isObject(parsed))
    return refuseRequest(body, arrival, drop('not_an_object', 'the body must be a JSON object'));
  if (call !== 'batch') return judgeEvents([{ ...parsed, type: call }], arrival);
  const batch = parsed['batch'];
  if (!Array.isArray(batch))
    return refuseRequest(
      body,
      arrival,
      drop('invalid_field', 'a batch call needs an array of events called "batch"'),
    );
  return judgeEvents(batch, { ...arrival, ...shared(parsed) });
}

/** A request refused as a whole: one row of quarantine, and the error that its sender gets. */
export function refuseRequest(body: Buffer, arrival: Arrival, dropped: Drop): Judgement {
  const raw = body.subarray(0, BATCH_BYTES).toString();
  return {
    accepted: 0,
    refused: [{ index: 0, ...dropped }],
    entry: entryOf({ quarantine: sectionOf([quarantineLine(arrival, 0, dropped, raw)]) }),
    fault: new AppError(`collection.${dropped.reason}`, dropped.detail),
  };
}

function judgeEvents(events: readonly unknown[], arrival: Arrival): Judgement {
  const refused: RefusedEvent[] = [];
  const lines: string[] = [];
  const quarantine: string[] = [];
  for (const [index, sent] of events.entries()) {
    const outcome = judgeEvent(sent, arrival);
    if (isDraft(outcome)) lines.push(eventLine(outcome));
    else {
      refused.push({ index, ...outcome });
      const raw = isObject(sent) ? rawOf(sent, arrival) : jsonOf(sent);
      quarantine.push(quarantineLine(arrival, index, outcome, raw));
    }
  }
  const entry = entryOf({ events: sectionOf(lines), quarantine: sectionOf(quarantine) });
  return { accepted: lines.length, refused, entry };
}

/** One event through the steps. */
export function judgeEvent(sent: unknown, arrival: Arrival): Draft | Drop {
  return isObject(sent)
    ? prepareEvent(sent, arrival)
    : drop('not_an_object', 'an event must be a JSON object');
}

export const isDraft = (outcome: Draft | Drop): outcome is Draft => 'sent' in outcome;

/** What a batch says for all of its events. */
function shared(batch: Sent): Pick<Arrival, 'sentAt' | 'context'> {
  const context = batch['context'];
  return { sentAt: batch['sentAt'], context: isObject(context) ? context : undefined };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(withoutMark(body).toString());
  } catch {
    return undefined;
  }
}

/** Without the byte order mark that some clients put before UTF-8. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}
