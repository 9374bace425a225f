import { z } from 'zod';
import { route } from '../route.ts';
import { CardHeader } from './card.ts';
import { Done, Estimate, Id, IdParams, Moment } from './shared.ts';
import { Job } from './system.ts';
import { Trait, TraitDefinition, TraitName, TraitPreview, TraitValue } from './traits.ts';
import { Words } from './words.ts';

/** How a segment differs from the other customers in one feature. */
export const SegmentDifference = z.object({
  feature: z.string(),
  words: Words,
  unit: z.string(),
  /** Mean of the segment's customers, and of all others. */
  inside: z.number(),
  outside: z.number(),
  /** (inside - outside) / standard deviation over all customers; beyond 0.8 it is large (Cohen 1988). */
  difference: z.number(),
});
export type SegmentDifference = z.infer<typeof SegmentDifference>;

/** A segment as a version learned it. */
export const LearnedSegment = z.object({
  /** `s1`…: the same from version to version as long as most of its customers are the same. */
  key: z.string(),
  name: Words,
  customers: z.number(),
  share: z.number(),
  /** Mean Jaccard likeness with the segments found in resampled customers: above 0.75 it is found again (Hennig 2007). */
  stability: Estimate,
  /** Mean spend a customer in the horizon after the test moment. */
  next_spend: Estimate,
  /** The largest first. */
  differences: z.array(SegmentDifference),
  sentences: z.array(Words),
});
export type LearnedSegment = z.infer<typeof LearnedSegment>;

/** What was found of one number of segments, in the training period. */
export const SegmentCount = z.object({
  k: z.number(),
  silhouette: z.number(),
  stability: z.number(),
  /** Share of the variance of ln(1 + next spend) that the segments tell, on customers who took no part in it. */
  spend_share: z.number(),
});
export type SegmentCount = z.infer<typeof SegmentCount>;

/** The card of a version that tells who customers are: segments. */
export const ProfileCard = CardHeader.extend({
  kind: z.literal('profile'),
  /** The features that the segments were found by. */
  clustered: z.array(z.object({ name: z.string(), words: Words })),
  /** Every number of segments that was tried. */
  tried: z.array(SegmentCount),
  why_k: Words,
  segments: z.array(LearnedSegment),
});
export type ProfileCard = z.infer<typeof ProfileCard>;

/** A segment with the customers that it has now. */
export const Segment = LearnedSegment.extend({
  /** Whether a person gave it its name. */
  renamed: z.boolean(),
  /** The model's own name for it. */
  model_name: Words,
  revenue: z.number(),
  revenue_share: z.number(),
  orders: z.number(),
  recency_days: z.number(),
});
export type Segment = z.infer<typeof Segment>;

export const Tag = z.object({
  name: z.string(),
  words: Words,
  /** What a customer must show to carry it. */
  rule: Words,
  kind: z.enum(['behaviour', 'person']),
});
export type Tag = z.infer<typeof Tag>;

export const SegmentFlow = z.object({ from: z.string(), to: z.string(), customers: z.number() });
export type SegmentFlow = z.infer<typeof SegmentFlow>;

/** Who the customers are, now. */
export const ProfileOverview = z.object({
  version: z.number(),
  as_of: Moment,
  currency: z.string(),
  customers: z.number(),
  revenue: z.number(),
  segments: z.array(Segment),
  /** Between the last run and the one nearest to 30 days before it; nothing after the first. */
  changes: z.object({ since: Moment, flows: z.array(SegmentFlow) }).nullable(),
  tags: z.array(Tag.extend({ customers: z.number() })),
});
export type ProfileOverview = z.infer<typeof ProfileOverview>;

export const RFM_GROUPS = [
  'champions',
  'loyal',
  'potential_loyalists',
  'new_customers',
  'promising',
  'need_attention',
  'about_to_sleep',
  'cannot_lose',
  'at_risk',
  'hibernating',
  'lost',
] as const;
export type RfmGroup = (typeof RFM_GROUPS)[number];

/** One cell of the grid: fifths of recency and of frequency, 5 the best; `monetary` counts its customers by fifth of value. */
export const RfmCell = z.object({
  recency: z.number(),
  frequency: z.number(),
  group: z.enum(RFM_GROUPS),
  customers: z.number(),
  revenue: z.number(),
  recency_days: z.number(),
  orders: z.number(),
  monetary: z.array(z.number()).length(5),
});
export type RfmCell = z.infer<typeof RfmCell>;

export const Rfm = z.object({
  as_of: Moment,
  currency: z.string(),
  customers: z.number(),
  revenue: z.number(),
  cells: z.array(RfmCell),
  groups: z.array(
    z.object({
      group: z.enum(RFM_GROUPS),
      words: Words,
      /** What to do for them. */
      advice: Words,
      customers: z.number(),
      revenue: z.number(),
    }),
  ),
});
export type Rfm = z.infer<typeof Rfm>;

/** Everything that profiling says of one customer, with what it rests on. */
export const CustomerProfile = z.object({
  customer_id: z.string(),
  as_of: Moment.nullable(),
  segment: z
    .object({
      key: z.string(),
      name: Words,
      /** 0 at the border to the next segment, 1 at the segment's centre. */
      closeness: z.number(),
      since: Moment,
    })
    .nullable(),
  rfm: z
    .object({
      recency: z.number(),
      frequency: z.number(),
      monetary: z.number(),
      group: z.enum(RFM_GROUPS),
      words: Words,
    })
    .nullable(),
  traits: z.array(TraitValue),
  tags: z.array(Tag.extend({ evidence: z.array(TraitValue) })),
});
export type CustomerProfile = z.infer<typeof CustomerProfile>;

/** Whose like is looked for. */
export const LookalikeSeed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('audience'), audience: Id }),
  /** Kept empty in what is stored: a list of ids would outlive a person's erasure. */
  z.object({ kind: z.literal('customers'), customers: z.array(Id).max(100_000) }),
  z.object({ kind: z.literal('segment'), segment: Id }),
  z.object({ kind: z.literal('rfm'), group: z.enum(RFM_GROUPS) }),
  z.object({ kind: z.literal('tag'), tag: Id }),
  z.object({
    kind: z.literal('trait'),
    trait: TraitName,
    at_least: z.number().optional(),
    at_most: z.number().optional(),
    is: z.string().max(500).optional(),
  }),
]);
export type LookalikeSeed = z.infer<typeof LookalikeSeed>;

export const LookalikeBody = z.object({
  name: z.string().trim().min(1).max(120),
  seed: LookalikeSeed,
  /** How many of the most alike. */
  size: z.number().int().min(1).max(1_000_000),
});
export type LookalikeBody = z.infer<typeof LookalikeBody>;

export const Lookalike = z.object({
  id: Id,
  name: z.string(),
  seed: LookalikeSeed,
  size: z.number(),
  created_at: Moment,
  as_of: Moment,
  seed_customers: z.number(),
  candidates: z.number(),
  /** Cross-validated: how well the seed is told from the rest. 0.5 is chance. */
  auc: Estimate,
  /** Share of known seed members that the method finds; what a score is divided by (Elkan and Noto 2008). */
  labelled_share: z.number(),
  method: z.string(),
  differences: z.array(SegmentDifference),
  /** The name under which its scores stand, for audiences. */
  scenario: z.string(),
});
export type Lookalike = z.infer<typeof Lookalike>;

export const LookalikeMember = z.object({
  customer_id: Id,
  name: z.string(),
  email: z.string(),
  score: z.number(),
  low: z.number(),
  high: z.number(),
  orders: z.number(),
  revenue: z.number(),
});
export type LookalikeMember = z.infer<typeof LookalikeMember>;

const TraitParams = z.object({ name: TraitName });

export const profile = {
  overview: route({
    method: 'GET',
    path: '/v1/profile',
    summary: 'Who the customers are: segments, changes between them, tags',
    access: 'read',
    reply: ProfileOverview.nullable(),
  }),
  rfm: route({
    method: 'GET',
    path: '/v1/profile/rfm',
    summary: 'Recency, frequency and value by fifths, with words',
    access: 'read',
    reply: Rfm.nullable(),
  }),
  customer: route({
    method: 'GET',
    path: '/v1/customers/:id/profile',
    summary: 'Segment, tags and traits of one customer, with their evidence',
    access: 'read',
    params: IdParams,
    reply: CustomerProfile,
  }),
  rename: route({
    method: 'PUT',
    path: '/v1/segments/:id',
    summary: 'Give a segment a name; empty words give the model’s back',
    access: 'write',
    params: IdParams,
    body: z.object({ en: z.string().trim().max(80), 'zh-CN': z.string().trim().max(80) }),
    reply: Done,
  }),
  traits: route({
    method: 'GET',
    path: '/v1/traits',
    summary: 'Traits: what is computed of every customer',
    access: 'read',
    reply: z.array(Trait),
  }),
  trait: route({
    method: 'GET',
    path: '/v1/traits/:name',
    summary: 'One trait',
    access: 'read',
    params: TraitParams,
    reply: Trait,
  }),
  saveTrait: route({
    method: 'PUT',
    path: '/v1/traits/:name',
    summary: 'Declare a trait; its values are computed at once',
    access: 'write',
    params: TraitParams,
    body: TraitDefinition,
    reply: Trait,
  }),
  deleteTrait: route({
    method: 'DELETE',
    path: '/v1/traits/:name',
    summary: 'Take a trait away',
    access: 'write',
    params: TraitParams,
    reply: Done,
  }),
  previewTrait: route({
    method: 'POST',
    path: '/v1/traits/preview',
    summary: 'What a declaration gives for some customers, without keeping it',
    access: 'read',
    body: TraitDefinition,
    reply: TraitPreview,
  }),
  computeTraits: route({
    method: 'POST',
    path: '/v1/traits/compute',
    summary: 'Compute traits of the customers of whom something changed',
    access: 'write',
    reply: Job,
  }),
  lookalikes: route({
    method: 'GET',
    path: '/v1/lookalikes',
    summary: 'Lookalikes that were made, the newest first',
    access: 'read',
    reply: z.array(Lookalike),
  }),
  makeLookalike: route({
    method: 'POST',
    path: '/v1/lookalikes',
    summary: 'Find the customers most like a seed',
    access: 'write',
    body: LookalikeBody,
    reply: Lookalike,
  }),
  lookalikeMembers: route({
    method: 'GET',
    path: '/v1/lookalikes/:id/members',
    summary: 'The customers most like the seed, the best first',
    access: 'read',
    params: IdParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100_000).default(100) }),
    reply: z.array(LookalikeMember),
  }),
};
