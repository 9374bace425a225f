import { z } from 'zod';
import { route } from '../route.ts';
import { Done, Id, IdParams, Moment, PageQuery, page } from './shared.ts';

/** A reason in numbers; the console turns it into words. `effect` is in percentage points of probability. */
export const Reason = z.object({ feature: z.string(), value: z.number().nullable(), effect: z.number() });
export type Reason = z.infer<typeof Reason>;

export const Score = z.object({
  scenario: z.string(),
  version: z.number(),
  as_of: Moment,
  scored_at: Moment,
  probability: z.number(),
  low: z.number(),
  high: z.number(),
  /** Whether the probability is at or above the version's threshold. */
  chosen: z.boolean(),
  reasons: z.array(Reason),
});
export type Score = z.infer<typeof Score>;

export const CustomerRow = z.object({
  customer_id: Id,
  name: z.string(),
  email: z.string(),
  country: z.string(),
  first_order_at: Moment.nullable(),
  last_order_at: Moment.nullable(),
  orders: z.number(),
  revenue: z.number(),
  probability: z.number().nullable(),
});
export type CustomerRow = z.infer<typeof CustomerRow>;

export const CONSENT_CHANNELS = ['email', 'sms', 'push', 'ads'] as const;
export const CONSENT_PURPOSES = ['marketing', 'service'] as const;
export const Consent = z.object({
  channel: z.enum(CONSENT_CHANNELS),
  purpose: z.enum(CONSENT_PURPOSES),
  state: z.enum(['granted', 'denied', 'unknown']),
  at: Moment.nullable(),
  source: z.string(),
});
export type Consent = z.infer<typeof Consent>;

export const Customer = CustomerRow.extend({
  phone: z.string(),
  city: z.string(),
  gender: z.string(),
  age: z.number().nullable(),
  language: z.string(),
  timezone: z.string(),
  traits: z.record(z.string(), z.unknown()),
  aliases: z.array(z.string()),
  currency: z.string(),
  scores: z.array(Score),
  consents: z.array(Consent),
  suppressed: z.boolean(),
});
export type Customer = z.infer<typeof Customer>;

export const TimelineEntry = z.object({
  at: Moment,
  kind: z.enum(['event', 'order', 'return', 'message', 'score']),
  name: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const CustomerQuery = PageQuery.extend({
  search: z.string().max(200).optional(),
  audience: z.string().optional(),
  sort: z.enum(['probability', 'revenue', 'orders', 'last_order_at', 'customer_id']).default('probability'),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;

export const customers = {
  list: route({
    method: 'GET',
    path: '/v1/customers',
    summary: 'Customers',
    access: 'read',
    query: CustomerQuery,
    reply: page(CustomerRow),
  }),
  get: route({
    method: 'GET',
    path: '/v1/customers/:id',
    summary: 'Everything known of one customer',
    access: 'read',
    params: IdParams,
    reply: Customer,
  }),
  timeline: route({
    method: 'GET',
    path: '/v1/customers/:id/timeline',
    summary: 'What one customer did and was sent, newest first',
    access: 'read',
    params: IdParams,
    query: PageQuery,
    reply: page(TimelineEntry),
  }),
  scores: route({
    method: 'GET',
    path: '/v1/customers/:id/scores',
    summary: 'Current scores with interval and reasons',
    access: 'read',
    params: IdParams,
    reply: z.array(Score),
  }),
  setConsent: route({
    method: 'PUT',
    path: '/v1/customers/:id/consent',
    summary: 'Record a consent or its withdrawal',
    access: 'write',
    params: IdParams,
    body: z.object({
      channel: z.enum(CONSENT_CHANNELS),
      purpose: z.enum(CONSENT_PURPOSES),
      state: z.enum(['granted', 'denied']),
      proof: z.string().max(2000).default(''),
    }),
    reply: Done,
  }),
};
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
