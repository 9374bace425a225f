import { z } from 'zod';
import { route } from '../route.ts';
import { Id, Moment, PageQuery, page } from './shared.ts';
import { Merge } from './data.ts';
import { Job } from './system.ts';
import { Words } from './words.ts';

/** One of the two customers of a pair, as they are now. */
export const DuplicatePerson = z.object({
  customer_id: Id,
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  city: z.string(),
  country: z.string(),
  gender: z.string(),
  age: z.number().nullable(),
  orders: z.number(),
  revenue: z.number(),
  first_order_at: Moment.nullable(),
  last_order_at: Moment.nullable(),
});
export type DuplicatePerson = z.infer<typeof DuplicatePerson>;

/** What one field adds: `bits` is log2 of how much likelier such a pair is among matches than among strangers. */
export const DuplicateEvidence = z.object({
  field: z.string(),
  level: z.string(),
  words: Words,
  bits: z.number(),
  left: z.string(),
  right: z.string(),
});
export type DuplicateEvidence = z.infer<typeof DuplicateEvidence>;

export const DUPLICATE_STATES = ['open', 'merged', 'refused'] as const;
export const DuplicatePair = z.object({
  left: DuplicatePerson,
  right: DuplicatePerson,
  /** Who is proposed to stay: who ordered more, else who came first. */
  keep: z.enum(['left', 'right']),
  probability: z.number(),
  /** Bits before anything was compared: how rare a match is among all pairs. */
  prior_bits: z.number(),
  evidence: z.array(DuplicateEvidence),
  /** Records that are probably one person with these two, and whether this pair joins two groups that do not fit. */
  group: z.number(),
  group_size: z.number(),
  bridge: z.boolean(),
  state: z.enum(DUPLICATE_STATES),
  decided_by: z.string(),
  decided_at: Moment.nullable(),
});
export type DuplicatePair = z.infer<typeof DuplicatePair>;

/** One run over all customers: what was compared, what was learned, what it found. */
export const DuplicateRun = z.object({
  id: Id,
  at: Moment,
  customers: z.number(),
  compared: z.number(),
  proposed: z.number(),
  /** Pairs expected to be one person, among all that were compared. */
  expected: z.number(),
  seconds: z.number(),
  threshold: z.number(),
  /** Share of all pairs of customers that are one person. */
  share: z.number(),
  blocks: z.array(
    z.object({
      key: z.string(),
      words: Words,
      blocks: z.number(),
      pairs: z.number(),
      /** Values that too many share, so that they say nothing of a person. */
      too_common: z.number(),
    }),
  ),
  fields: z.array(
    z.object({
      field: z.string(),
      words: Words,
      levels: z.array(
        z.object({ level: z.string(), words: Words, m: z.number(), u: z.number(), bits: z.number() }),
      ),
    }),
  ),
});
export type DuplicateRun = z.infer<typeof DuplicateRun>;

export const DuplicateQuery = PageQuery.extend({
  state: z.enum(DUPLICATE_STATES).default('open'),
  /** Least probability. */
  least: z.coerce.number().min(0).max(1).default(0),
  /** A part of the number of either customer. */
  search: z.string().max(200).default(''),
  /** Only pairs that agree on this field. */
  field: z.string().max(40).default(''),
});
export type DuplicateQuery = z.infer<typeof DuplicateQuery>;

const PairName = z.object({ left: Id, right: Id });
export type PairName = z.infer<typeof PairName>;

/** Named pairs, or all that are open at or above a probability. */
export const DuplicateChoice = z.union([
  z.object({
    pairs: z
      .array(PairName.extend({ keep: z.enum(['left', 'right']).optional() }))
      .min(1)
      .max(1000),
  }),
  z.object({ at_least: z.number().min(0.5).max(1) }),
]);
export type DuplicateChoice = z.infer<typeof DuplicateChoice>;

export const duplicates = {
  list: route({
    method: 'GET',
    path: '/v1/duplicates',
    summary: 'Customers who are probably one person, the surest first, with the evidence',
    access: 'read',
    query: DuplicateQuery,
    reply: page(DuplicatePair).extend({
      run: DuplicateRun.nullable(),
      counts: z.object({ open: z.number(), merged: z.number(), refused: z.number() }),
    }),
  }),
  runs: route({
    method: 'GET',
    path: '/v1/duplicates/runs',
    summary: 'Runs that looked for duplicates, newest first',
    access: 'read',
    reply: z.array(DuplicateRun),
  }),
  find: route({
    method: 'POST',
    path: '/v1/duplicates/find',
    summary: 'Look for duplicates now',
    access: 'write',
    reply: Job,
  }),
  merge: route({
    method: 'POST',
    path: '/v1/duplicates/merge',
    summary: 'Pairs that are one person; each merge can be undone',
    access: 'write',
    body: DuplicateChoice,
    reply: z.object({ merged: z.number(), merges: z.array(Merge) }),
  }),
  refuse: route({
    method: 'POST',
    path: '/v1/duplicates/refuse',
    summary: 'Pairs that are two people, not to be proposed again',
    access: 'write',
    body: z.object({ pairs: z.array(PairName).min(1).max(1000) }),
    reply: z.object({ refused: z.number() }),
  }),
  reopen: route({
    method: 'POST',
    path: '/v1/duplicates/reopen',
    summary: 'Take decisions back: merges are undone, refused pairs are open again',
    access: 'write',
    body: z.object({ pairs: z.array(PairName).min(1).max(1000) }),
    reply: z.object({ reopened: z.number() }),
  }),
};
export type DuplicateState = (typeof DUPLICATE_STATES)[number];
