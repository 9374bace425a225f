import type { EventType, Milliseconds, Refusal } from '@bellwether/contracts';

/** An event as a client sent it: parsed JSON, not yet believed. */
export type Sent = Readonly<Record<string, unknown>>;

/** What all events of one request share. */
export interface Arrival {
  source: string;
  receivedAt: Milliseconds;
  /** When the client says it sent the request; undefined where it does not say. */
  sentAt?: unknown;
  /** The request's context, under each event's own. */
  context?: Sent | undefined;
  /** An id for an event that carries none. */
  newId: () => string;
}

/**
 * An event on its way through the steps, which fill it in. It is changed in place: at 100,000 events a second a copy at
 * each step would cost more than the steps.
 */
export interface Draft {
  readonly sent: Sent;
  readonly arrival: Arrival;
  type: EventType;
  eventId: string;
  name: string;
  userId: string;
  anonymousId: string;
  previousId: string;
  at: Milliseconds;
  bot: boolean;
  /** JSON text of an object. */
  properties: string;
  /** JSON text of an object. */
  context: string;
}

/** Why an event goes no further; `detail` is the sentence that its sender can act on. */
export interface Drop {
  reason: Refusal;
  detail: string;
}

export const drop = (reason: Refusal, detail: string): Drop => ({ reason, detail });

export function draftOf(sent: Sent, arrival: Arrival): Draft {
  return {
    sent,
    arrival,
    type: 'track',
    eventId: '',
    name: '',
    userId: '',
    anonymousId: '',
    previousId: '',
    at: arrival.receivedAt,
    bot: false,
    properties: '{}',
    context: '{}',
  };
}
