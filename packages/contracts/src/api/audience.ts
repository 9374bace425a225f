import { z } from 'zod';
import { LIFECYCLE_STAGES, Stage } from './lifecycle.ts';
import { Id, Moment } from './shared.ts';

const Value = z.union([z.string().max(500), z.number(), z.boolean()]);
const Days = z.number().min(0).max(36_500);

/** A question to one value: of a text, a number, a moment or anything. What is not known answers only `unknown`. */
export const ValueTest = z.discriminatedUnion('op', [
  z.object({ op: z.literal('is'), value: Value }),
  z.object({ op: z.literal('is_not'), value: Value }),
  z.object({ op: z.literal('one_of'), values: z.array(Value).min(1).max(1000) }),
  /** Upper and lower case are alike. */
  z.object({ op: z.literal('contains'), text: z.string().min(1).max(500) }),
  z.object({ op: z.literal('at_least'), number: z.number() }),
  z.object({ op: z.literal('at_most'), number: z.number() }),
  z.object({ op: z.literal('between'), low: z.number(), high: z.number() }),
  z.object({ op: z.literal('within_days'), days: Days }),
  z.object({ op: z.literal('before_days'), days: Days }),
  z.object({ op: z.literal('known') }),
  z.object({ op: z.literal('unknown') }),
]);
export type ValueTest = z.infer<typeof ValueTest>;

/** What a customer's row holds, by the kind of its values. */
export const CUSTOMER_FIELDS = {
  customer_id: 'text',
  email: 'text',
  phone: 'text',
  name: 'text',
  gender: 'text',
  country: 'text',
  city: 'text',
  language: 'text',
  timezone: 'text',
  age: 'number',
  income: 'number',
  orders: 'number',
  revenue: 'number',
  created_at: 'moment',
  first_order_at: 'moment',
  last_order_at: 'moment',
} as const;
export type CustomerField = keyof typeof CUSTOMER_FIELDS;
export type FieldKind = (typeof CUSTOMER_FIELDS)[CustomerField];

/** Which questions a kind of value can answer. */
export const TESTS_OF: Record<FieldKind, readonly ValueTest['op'][]> = {
  text: ['is', 'is_not', 'one_of', 'contains', 'known', 'unknown'],
  number: ['is', 'is_not', 'one_of', 'at_least', 'at_most', 'between', 'known', 'unknown'],
  moment: ['within_days', 'before_days', 'known', 'unknown'],
};

/** How often, in words that need no formula. */
const Times = z.discriminatedUnion('op', [
  z.object({ op: z.literal('at_least'), times: z.number().int().min(0).max(1_000_000) }),
  z.object({ op: z.literal('at_most'), times: z.number().int().min(0).max(1_000_000) }),
]);
export type Times = z.infer<typeof Times>;

const PropertyTest = z.object({ property: z.string().min(1).max(200), test: ValueTest });
/** An event of this name whose properties answer all the tests. */
export const EventPattern = z.object({
  event: z.string().min(1).max(255),
  where: z.array(PropertyTest).max(20).default([]),
});
export type EventPattern = z.infer<typeof EventPattern>;

const fields = Object.keys(CUSTOMER_FIELDS) as [CustomerField, ...CustomerField[]];

/** A condition that joins no others. */
const Leaf = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('field'), field: z.enum(fields), test: ValueTest })
    .refine(({ field, test }) => TESTS_OF[CUSTOMER_FIELDS[field]].includes(test.op), {
      message: 'this field cannot be asked so',
    }),
  /** What was said of the customer under this name. */
  z.object({ kind: z.literal('trait'), trait: z.string().min(1).max(200), test: ValueTest }),
  z.object({
    kind: z.literal('event'),
    ...EventPattern.shape,
    times: Times,
    /** Only the last so many days; all of the past where absent. */
    days: Days.optional(),
  }),
  /** Each step after the one before it, at most so many days later. */
  z.object({
    kind: z.literal('sequence'),
    steps: z.array(EventPattern).min(2).max(6),
    within_days: Days,
    days: Days.optional(),
  }),
  z.object({
    kind: z.literal('orders'),
    measure: z.enum(['count', 'amount']),
    products: z.array(z.string().max(255)).max(1000).default([]),
    days: Days.optional(),
    test: z.discriminatedUnion('op', [
      z.object({ op: z.literal('at_least'), number: z.number() }),
      z.object({ op: z.literal('at_most'), number: z.number() }),
    ]),
  }),
  z.object({
    kind: z.literal('score'),
    scenario: z.string().min(1).max(255),
    at_least: z.number().min(0).max(1).default(0),
    at_most: z.number().min(0).max(1).default(1),
    chosen_only: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('member'), audience: Id }),
  /** The same people every time for the same salt. */
  z.object({
    kind: z.literal('random'),
    share: z.number().min(0).max(1),
    salt: z.string().max(100).default(''),
  }),
]);
export type Leaf = z.infer<typeof Leaf>;

/** Who belongs, as a tree: what every branch holds, in the words of a marketer. */
export type Condition =
  Leaf | { kind: 'all'; of: Condition[] } | { kind: 'any'; of: Condition[] } | { kind: 'not'; of: Condition };

export const Condition: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      Leaf,
      z.object({ kind: z.literal('all'), of: z.array(Condition).min(1).max(50) }),
      z.object({ kind: z.literal('any'), of: z.array(Condition).min(1).max(50) }),
      z.object({ kind: z.literal('not'), of: Condition }),
    ]),
  )
  // named, for it holds itself: descriptions refer to it
  .meta({ id: 'Condition' });

/**
 * Who belongs: customers whose current score of a scenario lies in a range, or for whom a condition holds, or both. At
 * most `limit`: those with the best scores, or, without a scenario, the same ones every time.
 */
export const AudienceDefinition = z.object({
  /** Empty where no score is asked for. */
  scenario: z.string().default(''),
  min_probability: z.number().min(0).max(1).default(0),
  max_probability: z.number().min(0).max(1).default(1),
  /** Only those that the scenario's threshold chooses. */
  chosen_only: z.boolean().default(false),
  /** Only customers who stand in one of these stages of the lifecycle today. */
  stages: z.array(Stage).min(1).max(LIFECYCLE_STAGES.length).optional(),
  where: Condition.optional(),
  limit: z.number().int().positive().optional(),
});
export type AudienceDefinition = z.infer<typeof AudienceDefinition>;
export const Audience = z.object({
  id: Id,
  name: z.string(),
  definition: AudienceDefinition,
  size: z.number(),
  computed_at: Moment.nullable(),
  created_at: Moment,
});
export type Audience = z.infer<typeof Audience>;
