import { z } from 'zod';
import { route } from '../route.ts';
import { Audience, AudienceDefinition, Condition, EventPattern } from './audience.ts';
import { Estimate, Id, IdParams, Moment, PageQuery, page } from './shared.ts';

const NodeId = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
/** A journey is a graph of nodes; each names the next. */
export const JourneyNode = z.discriminatedUnion('kind', [
  z.object({ id: NodeId, kind: z.literal('enter'), audience: Id, next: NodeId }),
  z.object({ id: NodeId, kind: z.literal('wait'), days: z.number().min(0).max(365), next: NodeId }),
  /** Until the clock shows this time where the person is; on these days of the week only, Monday being 1. */
  z.object({
    id: NodeId,
    kind: z.literal('wait_until'),
    hour: z.number().int().min(0).max(23),
    minute: z.number().int().min(0).max(59).default(0),
    weekdays: z.array(z.number().int().min(1).max(7)).max(7).default([]),
    next: NodeId,
  }),
  /** Until the person does something, at most so many days: then the other way. */
  z.object({
    id: NodeId,
    kind: z.literal('wait_event'),
    ...EventPattern.shape,
    within_days: z.number().positive().max(365),
    next: NodeId,
    timeout: NodeId,
  }),
  z.object({ id: NodeId, kind: z.literal('branch'), when: Condition, yes: NodeId, no: NodeId }),
  /** By chance, for good: the shares sum to 1. */
  z.object({
    id: NodeId,
    kind: z.literal('split'),
    ways: z
      .array(z.object({ share: z.number().positive().max(1), next: NodeId }))
      .min(2)
      .max(10),
  }),
  z.object({ id: NodeId, kind: z.literal('email'), template: Id, next: NodeId }),
  z.object({ id: NodeId, kind: z.literal('exit') }),
]);
export type JourneyNode = z.infer<typeof JourneyNode>;
/** Where a node leads, by each of its ways. */
export function waysOf(node: JourneyNode): readonly string[] {
  switch (node.kind) {
    case 'exit':
      return [];
    case 'branch':
      return [node.yes, node.no];
    case 'split':
      return node.ways.map(way => way.next);
    case 'wait_event':
      return [node.next, node.timeout];
    default:
      return [node.next];
  }
}

export const JourneyGraph = z.object({
  nodes: z.array(JourneyNode).min(2).max(200),
  /** Share of those who enter that is left alone, for good, to measure against. */
  holdout: z.number().min(0).max(0.9),
  /** Days after entering in which an order counts. */
  measure_days: z.number().int().min(1).max(365),
  /** Whoever has come to this is through: asked before each step. */
  goal: Condition.optional(),
  /** Whoever this holds for leaves before the next step. */
  exit_when: Condition.optional(),
  /** Write what would be sent, send nothing. */
  dry_run: z.boolean().default(false),
});
export type JourneyGraph = z.infer<typeof JourneyGraph>;

export const JOURNEY_STATES = ['draft', 'running', 'paused', 'stopped'] as const;
export const Journey = z.object({
  id: Id,
  name: z.string(),
  state: z.enum(JOURNEY_STATES),
  version: z.number(),
  graph: JourneyGraph,
  created_at: Moment,
  started_at: Moment.nullable(),
});
export type Journey = z.infer<typeof Journey>;

/** One arm of the comparison. */
export const Arm = z.object({
  customers: z.number(),
  buyers: z.number(),
  orders: z.number(),
  revenue: z.number(),
});
export const JourneyResults = z.object({
  journey_id: Id,
  as_of: Moment,
  nodes: z.array(z.object({ node: z.string(), kind: z.string(), inside: z.number(), passed: z.number() })),
  messages: z.object({
    pending: z.number(),
    sent: z.number(),
    dry_run: z.number(),
    refused: z.number(),
    failed: z.number(),
    unknown: z.number(),
    delivered: z.number(),
    opened: z.number(),
    clicked: z.number(),
    unsubscribed: z.number(),
  }),
  refusals: z.array(z.object({ reason: z.string(), count: z.number() })),
  treated: Arm,
  holdout: Arm,
  /** Difference in the share who bought, treated less held out, in points (0.01 is one point). */
  lift: Estimate,
  /** Extra revenue per treated customer. */
  revenue_lift: Estimate,
  incremental_orders: Estimate,
  incremental_revenue: Estimate,
  currency: z.string(),
  /** Whether the split kept its ratio (chi-squared p value); below 0.001 the result is not to be trusted. */
  sample_ratio_p: z.number().nullable(),
  /** The simulator's hidden truth, in the demo market only. */
  truth: z.number().nullable(),
  by_day: z.array(z.object({ day: z.string(), treated: z.number(), holdout: z.number() })),
});
export type JourneyResults = z.infer<typeof JourneyResults>;

export const MESSAGE_STATES = [
  'pending',
  'sending',
  'sent',
  'dry_run',
  'refused',
  'failed',
  'unknown',
] as const;
export const Message = z.object({
  key: z.string(),
  journey_id: Id,
  node: z.string(),
  customer_id: z.string(),
  channel: z.string(),
  state: z.enum(MESSAGE_STATES),
  reason: z.string(),
  subject: z.string(),
  due_at: Moment,
  sent_at: Moment.nullable(),
});
export type Message = z.infer<typeof Message>;

export const Template = z.object({
  id: Id,
  name: z.string(),
  subject: z.string(),
  mjml: z.string(),
  updated_at: Moment,
});
export type Template = z.infer<typeof Template>;

/** A mail that the embedded sink received; the demo market's mailbox. */
export const Mail = z.object({ id: Id, to: z.string(), from: z.string(), subject: z.string(), at: Moment });
export type Mail = z.infer<typeof Mail>;

export const engagement = {
  audiences: route({
    method: 'GET',
    path: '/v1/audiences',
    summary: 'Audiences',
    access: 'read',
    reply: z.array(Audience),
  }),
  createAudience: route({
    method: 'POST',
    path: '/v1/audiences',
    summary: 'Create an audience',
    access: 'write',
    body: z.object({ name: z.string().min(1).max(200), definition: AudienceDefinition }),
    reply: Audience,
  }),
  audience: route({
    method: 'GET',
    path: '/v1/audiences/:id',
    summary: 'One audience',
    access: 'read',
    params: IdParams,
    reply: Audience,
  }),
  refreshAudience: route({
    method: 'POST',
    path: '/v1/audiences/:id/refresh',
    summary: 'Compute the members again',
    access: 'write',
    params: IdParams,
    reply: Audience,
  }),
  countAudience: route({
    method: 'POST',
    path: '/v1/audiences/count',
    summary: 'How many a definition would hold, and some of them',
    access: 'read',
    body: AudienceDefinition,
    reply: z.object({
      size: z.number(),
      sample: z.array(z.object({ customer_id: z.string(), name: z.string(), email: z.string() })),
    }),
  }),
  readCondition: route({
    method: 'POST',
    path: '/v1/audiences/read',
    summary: 'A condition as data, from the text that was typed, or as text, from data',
    access: 'read',
    body: z.union([z.object({ text: z.string().min(1) }), z.object({ where: Condition })]),
    reply: z.object({ where: Condition, text: z.string() }),
  }),
  journeys: route({
    method: 'GET',
    path: '/v1/journeys',
    summary: 'Journeys',
    access: 'read',
    reply: z.array(Journey),
  }),
  createJourney: route({
    method: 'POST',
    path: '/v1/journeys',
    summary: 'Create a journey as a draft',
    access: 'write',
    body: z.object({ name: z.string().min(1).max(200), graph: JourneyGraph }),
    reply: Journey,
  }),
  journey: route({
    method: 'GET',
    path: '/v1/journeys/:id',
    summary: 'One journey',
    access: 'read',
    params: IdParams,
    reply: Journey,
  }),
  changeJourney: route({
    method: 'PUT',
    path: '/v1/journeys/:id',
    summary: 'Change a draft',
    access: 'write',
    params: IdParams,
    body: z.object({ name: z.string().min(1).max(200), graph: JourneyGraph }),
    reply: Journey,
  }),
  setJourneyState: route({
    method: 'PUT',
    path: '/v1/journeys/:id/state',
    summary: 'Start, pause, go on or stop',
    access: 'write',
    params: IdParams,
    body: z.object({ state: z.enum(['running', 'paused', 'stopped']) }),
    reply: Journey,
  }),
  journeyResults: route({
    method: 'GET',
    path: '/v1/journeys/:id/results',
    summary: 'What a journey did and was worth',
    access: 'read',
    params: IdParams,
    reply: JourneyResults,
  }),
  messages: route({
    method: 'GET',
    path: '/v1/journeys/:id/messages',
    summary: 'Messages of a journey',
    access: 'read',
    params: IdParams,
    query: PageQuery.extend({ state: z.enum(MESSAGE_STATES).optional() }),
    reply: page(Message),
  }),
  templates: route({
    method: 'GET',
    path: '/v1/templates',
    summary: 'Templates',
    access: 'read',
    reply: z.array(Template),
  }),
  saveTemplate: route({
    method: 'PUT',
    path: '/v1/templates/:id',
    summary: 'Create or change a template',
    access: 'write',
    params: IdParams,
    body: z.object({
      name: z.string().min(1).max(200),
      subject: z.string().min(1).max(500),
      mjml: z.string().min(1).max(500_000),
    }),
    reply: Template,
  }),
  previewTemplate: route({
    method: 'POST',
    path: '/v1/templates/:id/preview',
    summary: 'Render a template for a customer',
    access: 'read',
    params: IdParams,
    body: z.object({ customer_id: Id.optional() }),
    reply: z.object({
      subject: z.string(),
      html: z.string(),
      text: z.string(),
      /** Variables that the template names and nothing fills, for this customer or for any. */
      missing: z.array(z.string()),
    }),
  }),
  mails: route({
    method: 'GET',
    path: '/v1/sink/mails',
    summary: 'Mails that the embedded sink received',
    access: 'read',
    query: PageQuery,
    reply: page(Mail),
  }),
  mail: route({
    method: 'GET',
    path: '/v1/sink/mails/:id',
    summary: 'One mail of the sink',
    access: 'read',
    params: IdParams,
    reply: Mail.extend({ html: z.string(), text: z.string(), headers: z.record(z.string(), z.string()) }),
  }),
};
export type JourneyState = (typeof JOURNEY_STATES)[number];
export type MessageState = (typeof MESSAGE_STATES)[number];
