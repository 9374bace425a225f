import { z } from 'zod';
import { route } from '../route.ts';
import { Estimate, Id, Moment } from './shared.ts';
import { Words } from './words.ts';

/** What a contact costs and what an order is worth: who is chosen follows from these. */
export const ValueSettings = z.object({
  /** Share of an order's worth that is left after its goods are paid for. */
  margin_rate: z.number().min(0).max(1).default(0.3),
  /** Of one message, in the shop's currency. */
  contact_cost: z.number().min(0).default(0.05),
  /**
   * Share of a likely purchase that a contact brings about, rather than finds: an assumption until a hold-out has
   * measured it.
   */
  effect: z.number().min(0).max(1).default(0.02),
});
export type ValueSettings = z.infer<typeof ValueSettings>;

/** Whom a rule of value would choose of the customers of the last scoring. */
export const Decision = z.object({
  settings: ValueSettings,
  currency: z.string(),
  /** Probability from which a contact is expected to earn its cost. */
  threshold: z.number(),
  /** The rule in words. */
  rule: Words,
  scored: z.number(),
  chosen: z.number(),
  /** Expected of those chosen, less the cost of contacting them; the interval takes all probabilities as wrong together. */
  profit: Estimate,
  /** The same where at most so many are contacted: the most likely first. Nothing where no limit was asked for. */
  limited: z
    .object({
      most: z.number(),
      chosen: z.number(),
      /** The least likely of them. */
      from_probability: z.number().nullable(),
      profit: Estimate,
    })
    .nullable(),
});
export type Decision = z.infer<typeof Decision>;

export const WhatIfBody = z.object({
  customer_id: Id,
  /** Features by name with the values to suppose; null is not known. Whatever is left out stays as it is. */
  changes: z.record(z.string(), z.number().nullable()).default({}),
});
export type WhatIfBody = z.infer<typeof WhatIfBody>;

/** What a journey with a hold-out measured: the only ground on which an effect can be told. */
export const MeasuredAction = z.object({
  journey_id: Id,
  name: z.string(),
  /** Days after entering in which purchases were counted. */
  days: z.number(),
  treated: z.number(),
  held_out: z.number(),
  /** Difference in the share who bought, treated less held out: 0.01 is one point. */
  lift: Estimate,
  /** Whether the whole interval lies on one side of nothing. */
  shown: z.boolean(),
  said: Words,
});
export type MeasuredAction = z.infer<typeof MeasuredAction>;

export const WhatIf = z.object({
  scenario: z.string(),
  version: z.number(),
  customer_id: z.string(),
  /** The moment as of which the features are. */
  as_of: Moment,
  before: Estimate,
  after: Estimate,
  /** Of the probability, after less before. */
  difference: z.number(),
  features: z.array(
    z.object({
      name: z.string(),
      words: Words,
      unit: z.string(),
      value: z.number().nullable(),
      supposed: z.number().nullable(),
      /** Among all customers, to choose values in. */
      low: z.number().nullable(),
      high: z.number().nullable(),
      /** A value that no customer has: the model was never shown anything like it. */
      outside: z.boolean(),
    }),
  ),
  /** What the difference is, and what it is not. */
  meaning: Words,
  /** What was measured of messages, and what to do where nothing was. */
  actions: z.array(MeasuredAction),
  support: Words,
});
export type WhatIf = z.infer<typeof WhatIf>;

const NameParams = z.object({ name: Id });

export const decision = {
  settings: route({
    method: 'GET',
    path: '/v1/settings/value',
    summary: 'What a contact costs and what an order is worth',
    access: 'read',
    reply: ValueSettings,
  }),
  keep: route({
    method: 'PUT',
    path: '/v1/settings/value',
    summary: 'Set what a contact costs and what an order is worth',
    access: 'write',
    body: ValueSettings,
    reply: ValueSettings,
  }),
  preview: route({
    method: 'POST',
    path: '/v1/scenarios/:name/decision',
    summary: 'Whom a rule of value would choose',
    access: 'read',
    params: NameParams,
    body: z.object({
      /** Those in force where absent. */
      settings: ValueSettings.optional(),
      most: z.number().int().positive().optional(),
    }),
    reply: Decision,
  }),
  whatIf: route({
    method: 'POST',
    path: '/v1/scenarios/:name/what-if',
    summary: 'The probability if a customer were otherwise',
    access: 'read',
    params: NameParams,
    body: WhatIfBody,
    reply: WhatIf,
  }),
};
