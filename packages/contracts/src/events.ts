import { z } from 'zod';

/** The six calls of Segment's tracking specification. */
export const EVENT_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Bytes of one event, and of one request, as the specification limits them. */
export const EVENT_BYTES = 32 * 1024;
export const BATCH_BYTES = 500 * 1024;

const id = z.string().min(1).max(255);
const json = z.record(z.string(), z.unknown());
const moment = z.union([z.string(), z.number(), z.date()]);

/** One event as a client sends it. Unknown fields are kept out of the warehouse but are no fault. */
export const TrackingEvent = z.looseObject({
  type: z.enum(EVENT_TYPES),
  messageId: id.optional(),
  userId: z.string().max(255).nullish(),
  anonymousId: z.string().max(255).nullish(),
  previousId: z.string().max(255).nullish(),
  groupId: z.string().max(255).nullish(),
  event: z.string().max(255).optional(),
  name: z.string().max(255).nullish(),
  timestamp: moment.optional(),
  sentAt: moment.optional(),
  properties: json.nullish(),
  traits: json.nullish(),
  context: json.nullish(),
});
export type TrackingEvent = z.infer<typeof TrackingEvent>;

export const TrackingBatch = z.looseObject({
  batch: z.array(z.unknown()),
  sentAt: moment.optional(),
  context: json.nullish(),
});
export type TrackingBatch = z.infer<typeof TrackingBatch>;

/** One row of the warehouse's `events`. Times are `YYYY-MM-DD HH:MM:SS.mmm` in UTC; objects are JSON text. */
export interface EventRow {
  event_id: string;
  type: EventType;
  name: string;
  user_id: string;
  anonymous_id: string;
  previous_id: string;
  at: string;
  received_at: string;
  properties: string;
  context: string;
  source: string;
  bot: boolean;
  session_id: string;
}

/** Why an event or a row was refused. Each has a sentence in both languages in the console. */
export const REFUSALS = [
  'not_json',
  'not_an_object',
  'unknown_type',
  'no_identity',
  'no_event_name',
  'bad_timestamp',
  'too_large',
  'invalid_field',
  'unknown_write_key',
  'alias_without_previous_id',
  // importers
  'wrong_number_of_columns',
  'missing_required',
  'not_a_number',
  'not_a_date',
  'not_decodable',
  'unclosed_quote',
] as const;
export type Refusal = (typeof REFUSALS)[number];
