import { z } from 'zod';
import { route } from '../route.ts';
import { CardHeader } from './card.ts';
import { Estimate, Id, Moment, PageQuery, page } from './shared.ts';
import { Words } from './words.ts';

/** Where a customer can stand. */
export const LIFECYCLE_STAGES = ['new', 'active', 'loyal', 'at_risk', 'lapsed', 'lost', 'won_back'] as const;
export const Stage = z.enum(LIFECYCLE_STAGES);
export type Stage = z.infer<typeof Stage>;

/**
 * What the rules may ask of a customer. `orders` counts days with an order; `silence_days` since the last of them,
 * `tenure_days` since the first. `silence_ratio` is the silence over the gap that the customer's own rhythm lets expect,
 * `return_ratio` the last gap between orders over the rhythm before it; `alive` the probability of not being lost.
 */
export const STAGE_FACTS = [
  'orders',
  'silence_days',
  'silence_ratio',
  'tenure_days',
  'last_gap_days',
  'return_ratio',
  'alive',
] as const;
export type StageFact = (typeof STAGE_FACTS)[number];

const Limit = z.number().min(0).max(100_000);
export const StageCondition = z
  .object({ fact: z.enum(STAGE_FACTS), at_least: Limit.optional(), at_most: Limit.optional() })
  .refine(({ at_least, at_most }) => at_least !== undefined || at_most !== undefined, {
    message: 'a condition needs at_least, at_most or both',
  })
  .refine(({ at_least, at_most }) => at_least === undefined || at_most === undefined || at_least <= at_most, {
    message: 'at_least must not lie above at_most',
  });
export type StageCondition = z.infer<typeof StageCondition>;

/** A customer is of the stage of the first rule whose conditions all hold. */
export const StageRule = z.object({ stage: Stage, when: z.array(StageCondition).max(8) });
export type StageRule = z.infer<typeof StageRule>;

/** When a customer counts as lost to the shop. */
export const ChurnDefinition = z.discriminatedUnion('by', [
  /** No order for so many days. */
  z.object({ by: z.literal('silence'), days: z.number().int().min(1).max(3650) }),
  /** The probability of not being lost has fallen below this. */
  z.object({ by: z.literal('alive'), below: z.number().gt(0).lt(1) }),
]);
export type ChurnDefinition = z.infer<typeof ChurnDefinition>;

export const LifecycleRules = z.object({
  stages: z
    .array(StageRule)
    .min(1)
    .max(30)
    .refine(rules => rules.at(-1)?.when.length === 0, {
      message:
        'the last rule must have no conditions: it takes whoever is left, so that everybody has a stage',
    })
    .refine(rules => rules.slice(0, -1).every(rule => rule.when.length > 0), {
      message: 'only the last rule may be without conditions: those after it would never be asked',
    }),
  churn: ChurnDefinition,
});
export type LifecycleRules = z.infer<typeof LifecycleRules>;

export const LifecycleSettings = z.object({
  rules: LifecycleRules,
  /** What holds until somebody changes it; its churn is proposed from the data. */
  defaults: LifecycleRules,
  /** Nine of ten gaps between two orders are no longer than this; nothing before there are gaps. */
  proposed_days: z.number().nullable(),
});
export type LifecycleSettings = z.infer<typeof LifecycleSettings>;

const Fitted = z.object({
  method: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  /** Summed over the customers it was fitted to. */
  log_likelihood: z.number(),
  customers: z.number(),
});

/** The card of a version that tells where customers are and what they will be worth. */
export const LifecycleCard = CardHeader.extend({
  kind: z.literal('lifecycle'),
  /** Days in the unit of time that the parameters are counted in. */
  unit_days: z.number(),
  /** The models of purchases that were compared on a period inside the training data; the first is the one used. */
  purchases: z.array(Fitted.extend({ held_out_deviance: z.number().nullable(), used: z.boolean() })).min(1),
  /** Amounts; nothing where too few bought again. The correlation of how often with how much is assumed to be none. */
  spend: Fitted.extend({ correlation: z.number() }).nullable(),
  /** Boosted trees against the model of purchases, on the same later period inside the training data. */
  trees: z.object({
    used: z.boolean(),
    /** By which share they lower the Poisson deviance. */
    gain: Estimate.nullable(),
    why: Words,
  }),
  /** By tenths of the orders expected, the fewest first. */
  deciles: z.array(
    z.object({
      expected: z.number(),
      baseline: z.number(),
      observed: z.number(),
      low: z.number(),
      high: z.number(),
      n: z.number(),
    }),
  ),
  /** Told against seen: the probability of ordering nothing within the horizon. */
  silence: z.array(
    z.object({
      predicted: z.number(),
      observed: z.number(),
      low: z.number(),
      high: z.number(),
      n: z.number(),
    }),
  ),
  totals: z.object({ expected: Estimate, observed: z.number() }),
  /** Relative standard deviation of a sum of expected orders that comes of not knowing the parameters. */
  parameter_deviation: z.number(),
  proposed_days: z.number().nullable(),
});
export type LifecycleCard = z.infer<typeof LifecycleCard>;

export const StageSummary = z.object({
  stage: Stage,
  customers: z.number(),
  /** Of the median customer. */
  silence_days: z.number().nullable(),
  alive: z.number().nullable(),
  /** Sums over the stage: the interval holds what the parameters and what chance leave open. */
  orders_30: Estimate,
  orders_90: Estimate,
  orders_365: Estimate,
  value_30: Estimate,
  value_90: Estimate,
  value_365: Estimate,
  next_step: z.object({ title: Words, why: Words }),
});
export type StageSummary = z.infer<typeof StageSummary>;

export const LifecycleSummary = z.object({
  as_of: Moment,
  version: z.number(),
  currency: z.string(),
  customers: z.number(),
  stages: z.array(StageSummary),
  orders_90: Estimate,
  value_90: Estimate,
  /** Customers by what they are expected to spend in 90 days. */
  histogram: z.array(
    z.object({ low: z.number(), high: z.number(), customers: z.number(), value: z.number() }),
  ),
});
export type LifecycleSummary = z.infer<typeof LifecycleSummary>;

export const LifecycleCustomer = z.object({
  customer_id: Id,
  name: z.string(),
  email: z.string(),
  stage: Stage,
  orders: z.number(),
  silence_days: z.number(),
  alive: Estimate,
  /** The interval of a customer's orders holds the count itself. */
  orders_30: Estimate,
  orders_90: Estimate,
  orders_365: Estimate,
  value_90: Estimate,
  value_365: Estimate,
  /** Probability of no order within 90 days. */
  silent_90: z.number(),
  /** Given that the customer is not lost; in eight of ten cases between the other two. Nothing beyond three years. */
  next_order_at: Moment.nullable(),
  next_order_low: Moment.nullable(),
  next_order_high: Moment.nullable(),
});
export type LifecycleCustomer = z.infer<typeof LifecycleCustomer>;

export const LifecycleCustomersQuery = PageQuery.extend({
  stage: Stage.optional(),
  sort: z
    .enum(['value_90', 'value_365', 'orders_90', 'alive', 'silence_days', 'customer_id'])
    .default('value_90'),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type LifecycleCustomersQuery = z.infer<typeof LifecycleCustomersQuery>;

/** A stage, or not a customer yet. */
const From = z.enum([...LIFECYCLE_STAGES, 'none']);
export const Transitions = z.object({
  /** The moments that are compared, the earliest first. */
  moments: z.array(Moment),
  counts: z.array(z.object({ at: Moment, stage: Stage, customers: z.number() })),
  flows: z.array(z.object({ from_at: Moment, to_at: Moment, from: From, to: Stage, customers: z.number() })),
});
export type Transitions = z.infer<typeof Transitions>;

const CohortPeriod = z.enum(['month', 'week']);
export const Cohorts = z.object({
  every: CohortPeriod,
  currency: z.string(),
  cohorts: z.array(
    z.object({
      start: Moment,
      customers: z.number(),
      /** The first is the period of the first order; the last may not be over. */
      periods: z.array(
        z.object({
          period: z.number(),
          /** Who ordered in it. */
          customers: z.number(),
          revenue: z.number(),
          /** Spent by the cohort until its end, for each of its customers. */
          cumulative: z.number(),
          whole: z.boolean(),
        }),
      ),
    }),
  ),
});
export type Cohorts = z.infer<typeof Cohorts>;

export const Churn = z.object({
  definition: ChurnDefinition,
  proposed_days: z.number().nullable(),
  /** Of those who were customers at the start of each span, who had churned at its end. */
  rates: z.array(
    z.object({ from: Moment, to: Moment, customers: z.number(), churned: z.number(), rate: Estimate }),
  ),
  /** Share of each cohort (by quarter of the first order) that is still a customer so many days after the first order. */
  survival: z.array(
    z.object({
      cohort: Moment,
      customers: z.number(),
      median_days: z.number().nullable(),
      steps: z.array(z.object({ days: z.number(), share: z.number(), low: z.number(), high: z.number() })),
    }),
  ),
});
export type Churn = z.infer<typeof Churn>;

export const RulesPreview = z.object({
  customers: z.number(),
  moved: z.number(),
  stages: z.array(z.object({ stage: Stage, before: z.number(), after: z.number() })),
  moves: z.array(z.object({ from: Stage, to: Stage, customers: z.number() })),
  churned_before: z.number(),
  churned_after: z.number(),
});
export type RulesPreview = z.infer<typeof RulesPreview>;

export const lifecycle = {
  summary: route({
    method: 'GET',
    path: '/v1/lifecycle/summary',
    summary: 'Customers, expected orders and value by stage',
    access: 'read',
    reply: LifecycleSummary.nullable(),
  }),
  customers: route({
    method: 'GET',
    path: '/v1/lifecycle/customers',
    summary: 'Customers with their stage and what is expected of them',
    access: 'read',
    query: LifecycleCustomersQuery,
    reply: page(LifecycleCustomer),
  }),
  transitions: route({
    method: 'GET',
    path: '/v1/lifecycle/transitions',
    summary: 'How many moved from stage to stage between moments',
    access: 'read',
    query: z.object({
      from: Moment.optional(),
      to: Moment.optional(),
      every: z.enum(['month', 'quarter']).default('month'),
    }),
    reply: Transitions,
  }),
  cohorts: route({
    method: 'GET',
    path: '/v1/lifecycle/cohorts',
    summary: 'Retention and revenue by when customers first ordered',
    access: 'read',
    query: z.object({ every: CohortPeriod.default('month') }),
    reply: Cohorts,
  }),
  churn: route({
    method: 'GET',
    path: '/v1/lifecycle/churn',
    summary: 'Churn over time and survival by cohort, by the definition in force',
    access: 'read',
    reply: Churn,
  }),
  rules: route({
    method: 'GET',
    path: '/v1/lifecycle/rules',
    summary: 'The rules of the stages and the definition of churn',
    access: 'read',
    reply: LifecycleSettings,
  }),
  setRules: route({
    method: 'PUT',
    path: '/v1/lifecycle/rules',
    summary: 'Change the rules; every stage, past ones too, is told by them from then on',
    access: 'write',
    body: LifecycleRules,
    reply: LifecycleSettings,
  }),
  previewRules: route({
    method: 'POST',
    path: '/v1/lifecycle/rules/preview',
    summary: 'How many customers would change stage under other rules',
    access: 'read',
    body: LifecycleRules,
    reply: RulesPreview,
  }),
};
