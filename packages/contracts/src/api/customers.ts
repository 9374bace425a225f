import { z } from 'zod';
import { route } from '../route.ts';
import { Merge } from './data.ts';
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

/** Whether the person objects to being profiled; then no model learns from them or tells of them. */
export const Profiling = z.object({ objects: z.boolean(), at: Moment.nullable(), source: z.string() });
export type Profiling = z.infer<typeof Profiling>;

/** Where the customer stands in their life with the shop, as the last run of customer-lifecycle found. */
export const CustomerStage = z.object({
  stage: z.string(),
  as_of: Moment,
  /** Probability that they will order again at all. */
  alive: z.number(),
  orders_90: z.number(),
  orders_90_low: z.number(),
  orders_90_high: z.number(),
});
export type CustomerStage = z.infer<typeof CustomerStage>;

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
  profiling: Profiling,
  stage: CustomerStage.nullable(),
  /** Merges made by hand that this person is made of. */
  merges: z.array(Merge),
});
export type Customer = z.infer<typeof Customer>;

export const TimelineEntry = z.object({
  at: Moment,
  kind: z.enum(['event', 'order', 'return', 'message', 'score']),
  name: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** One thing that was said of one field: by which source, when, and whether it holds now. */
export const Saying = z.object({
  value: z.string(),
  at: Moment,
  source: z.string(),
  /** The file it came in, or empty for an event. */
  file: z.string(),
  /** The id under which it was said, where that is another than the one they go by. */
  alias: z.string(),
});
export type Saying = z.infer<typeof Saying>;

/** One field of a customer with all that was ever said of it, the newest first: that is what holds. */
export const CustomerFact = z.object({
  field: z.string(),
  value: z.string(),
  said: z.array(Saying),
  /** Whether something else was said before, or by another source. */
  differs: z.boolean(),
});
export type CustomerFact = z.infer<typeof CustomerFact>;

export const CustomerOrder = z.object({
  order_id: z.string(),
  at: Moment,
  amount: z.number(),
  /** What was given back of it, as a positive amount. */
  returned: z.number(),
  lines: z.number(),
  products: z.array(z.string()),
});
export type CustomerOrder = z.infer<typeof CustomerOrder>;

export const CustomerOrders = z.object({
  orders: z.array(CustomerOrder),
  /** Months with what they brought net of returns, and the sum so far; `typical` is the median of customers of the same age. */
  value: z.array(
    z.object({ month: z.string(), net: z.number(), sum: z.number(), typical: z.number().nullable() }),
  ),
});
export type CustomerOrders = z.infer<typeof CustomerOrders>;

/** One message and what became of it, the last thing first. */
export const CustomerMessage = z.object({
  message_key: z.string(),
  journey_id: z.string(),
  journey: z.string(),
  channel: z.string(),
  at: Moment,
  became: z.array(z.object({ what: z.string(), at: Moment, reason: z.string() })),
});
export type CustomerMessage = z.infer<typeof CustomerMessage>;

export const SimilarCustomer = z.object({
  customer_id: Id,
  name: z.string(),
  orders: z.number(),
  revenue: z.number(),
  last_order_at: Moment.nullable(),
  /** In standard deviations a feature, on average: 0 is the same. */
  distance: z.number(),
  /** The features in which both stand out alike, with both values. */
  alike: z.array(
    z.object({ feature: z.string(), mine: z.number().nullable(), theirs: z.number().nullable() }),
  ),
});
export type SimilarCustomer = z.infer<typeof SimilarCustomer>;
export const SimilarCustomers = z.object({
  scenario: z.string(),
  as_of: Moment.nullable(),
  /** How many were compared. */
  compared: z.number(),
  rows: z.array(SimilarCustomer),
});
export type SimilarCustomers = z.infer<typeof SimilarCustomers>;

/** The proof of an erasure, without whom it was about: a keyed hash, who ordered it and why, rows by table. */
export const Erasure = z.object({
  id: Id,
  subject_hash: z.string(),
  reason: z.string(),
  requested_by: z.string(),
  requested_at: Moment,
  finished_at: Moment.nullable(),
  removed: z.record(z.string(), z.number()),
});
export type Erasure = z.infer<typeof Erasure>;

export const CustomerQuery = PageQuery.extend({
  search: z.string().max(200).optional(),
  audience: z.string().optional(),
  /** A segment's key, or `rfm:` and a group's name. */
  segment: z.string().max(100).optional(),
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
  setProfiling: route({
    method: 'PUT',
    path: '/v1/customers/:id/profiling',
    summary: 'Record an objection to profiling, or that it was taken back',
    access: 'write',
    params: IdParams,
    body: z.object({ objects: z.boolean() }),
    reply: Done,
  }),
  facts: route({
    method: 'GET',
    path: '/v1/customers/:id/facts',
    summary: 'Every field of one customer with all that was said of it, by whom and when',
    access: 'read',
    params: IdParams,
    reply: z.array(CustomerFact),
  }),
  orders: route({
    method: 'GET',
    path: '/v1/customers/:id/orders',
    summary: 'Orders and returns of one customer, and their value over time',
    access: 'read',
    params: IdParams,
    reply: CustomerOrders,
  }),
  messages: route({
    method: 'GET',
    path: '/v1/customers/:id/messages',
    summary: 'What one customer was sent and what became of it, newest first',
    access: 'read',
    params: IdParams,
    reply: z.array(CustomerMessage),
  }),
  similar: route({
    method: 'GET',
    path: '/v1/customers/:id/similar',
    summary: 'Customers who behave most alike, and in what',
    access: 'read',
    params: IdParams,
    reply: SimilarCustomers,
  }),
  /** The export itself is `GET /v1/customers/:id/export?format=json|zip`, a file. */
  erase: route({
    method: 'DELETE',
    path: '/v1/customers/:id',
    summary: 'Erase a person from both stores, for ever',
    access: 'admin',
    params: IdParams,
    body: z.object({
      /** The customer’s number once more, typed by hand. */
      confirm: Id,
      /** Why, without personal data: it is kept. */
      reason: z.string().min(3).max(500),
    }),
    reply: Erasure,
  }),
  erasures: route({
    method: 'GET',
    path: '/v1/erasures',
    summary: 'Erasures, newest first: the proof',
    access: 'read',
    reply: z.array(Erasure),
  }),
  liftErasure: route({
    method: 'POST',
    path: '/v1/erasures/lift',
    summary: 'Let a person come back who was erased and returns by themselves',
    access: 'admin',
    body: z.object({ id: Id }),
    reply: Done,
  }),
};
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
