import type { Sent } from './draft.ts';

/**
 * What contracts' `TrackingEvent` asks of an event, checked by hand: zod would cost more than the rest of the request.
 * A property test holds the two to each other.
 *
 * @returns what is wrong, or undefined
 */
export function shapeFault(sent: Sent): string | undefined {
  return textFault(sent) ?? momentFault(sent) ?? objectFault(sent);
}

const LONGEST = 255;

function textFault(sent: Sent): string | undefined {
  if (!isMessageId(sent['messageId'])) return 'messageId must be a text of 1 to 255 characters';
  if (!isText(sent['userId'])) return tooLong('userId');
  if (!isText(sent['anonymousId'])) return tooLong('anonymousId');
  if (!isText(sent['previousId'])) return tooLong('previousId');
  if (!isText(sent['groupId'])) return tooLong('groupId');
  if (!isText(sent['name'])) return tooLong('name');
  if (sent['event'] === null || !isText(sent['event'])) return tooLong('event');
  return undefined;
}

function momentFault(sent: Sent): string | undefined {
  if (!isMoment(sent['timestamp'])) return 'timestamp must be an ISO 8601 text or a number of milliseconds';
  if (!isMoment(sent['sentAt'])) return 'sentAt must be an ISO 8601 text or a number of milliseconds';
  return undefined;
}

function objectFault(sent: Sent): string | undefined {
  if (!isObjectOrNothing(sent['properties'])) return 'properties must be an object';
  if (!isObjectOrNothing(sent['traits'])) return 'traits must be an object';
  if (!isObjectOrNothing(sent['context'])) return 'context must be an object';
  return undefined;
}

const tooLong = (field: string): string => `${field} must be a text of at most ${LONGEST} characters`;

function isMessageId(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= LONGEST);
}

function isText(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST;
  return value === undefined || value === null;
}

function isMoment(value: unknown): boolean {
  return value === undefined || typeof value === 'string' || Number.isFinite(value);
}

function isObjectOrNothing(value: unknown): boolean {
  return value === undefined || value === null || isObject(value);
}

/** An object of JSON: not null, not an array. */
export function isObject(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
