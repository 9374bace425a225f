import { z } from 'zod';
import { route } from '../route.ts';
import { ClassifierCard } from './classifier.ts';
import { Reason } from './customers.ts';
import { LifecycleCard } from './lifecycle.ts';
import { ProfileCard } from './profile.ts';
import { RecommendationCard } from './recommendation.ts';
import { Estimate, Id, Moment } from './shared.ts';
import { Job } from './system.ts';
import { TableCard } from './tables.ts';
import { Words } from './words.ts';

/** One kind for each way of answering. */
export const ModelCard = z.discriminatedUnion('kind', [
  ClassifierCard,
  ProfileCard,
  RecommendationCard,
  LifecycleCard,
  TableCard,
]);
export type ModelCard = z.infer<typeof ModelCard>;

export const VERSION_STATES = ['champion', 'challenger', 'retired'] as const;
export const ModelVersion = z.object({
  scenario: z.string(),
  version: z.number(),
  state: z.enum(VERSION_STATES),
  created_at: Moment,
  promoted_at: Moment.nullable(),
  why: Words,
  card: ModelCard,
});
export type ModelVersion = z.infer<typeof ModelVersion>;

/** What a scenario needs and whether it is there: shown before training. */
export const Need = z.object({
  what: Words,
  have: z.number(),
  need: z.number(),
  met: z.boolean(),
  freshest: Moment.nullable(),
});
export type Need = z.infer<typeof Need>;

export const SCENARIO_KINDS = ['classifier', 'profile', 'recommendation', 'lifecycle'] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

export const ScenarioSummary = z.object({
  name: z.string(),
  kind: z.enum(SCENARIO_KINDS),
  title: Words,
  question: Words,
  ready: z.boolean(),
  champion: z.number().nullable(),
  scored: z.number(),
  scored_at: Moment.nullable(),
});
export type ScenarioSummary = z.infer<typeof ScenarioSummary>;

export const ScenarioPage = ScenarioSummary.extend({
  needs: z.array(Need),
  features: z.array(
    z.object({ name: z.string(), words: Words, unit: z.string(), drift: z.number().nullable() }),
  ),
  versions: z.array(ModelVersion),
  /** Of scenarios that tell a probability. */
  results: z
    .object({
      as_of: Moment,
      scored: z.number(),
      chosen: z.number(),
      expected: Estimate,
      histogram: z.array(z.object({ low: z.number(), high: z.number(), count: z.number() })),
      score_drift: z.number().nullable(),
    })
    .nullable(),
  advice: z.object({ retrain: z.boolean(), why: Words }),
});
export type ScenarioPage = z.infer<typeof ScenarioPage>;

/** A question to the champion: of a customer that is known, or of features that the caller gives. */
export const PredictBody = z
  .object({
    customer_id: Id.optional(),
    /** By name; what is left out is missing. Words where the feature is a category. */
    features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).optional(),
    /** Reasons cost time: they are told on request. */
    reasons: z.boolean().default(false),
  })
  .refine(body => (body.customer_id === undefined) !== (body.features === undefined), {
    message: 'give either customer_id or features',
  });
export type PredictBody = z.infer<typeof PredictBody>;

/** What a version says of one customer now. */
export const Prediction = z.object({
  scenario: z.string(),
  version: z.number(),
  customer_id: z.string().nullable(),
  /** The moment as of which the features are. */
  as_of: Moment,
  /** By name: `probability`, `orders_90`, `value_365`… with their intervals. */
  estimates: z.record(z.string(), Estimate),
  /** By name: `chosen`, `stage`, `segment`… */
  labels: z.record(z.string(), z.string()),
  reasons: z.array(Reason),
});
export type Prediction = z.infer<typeof Prediction>;

const NameParams = z.object({ name: Id });

export const scenarios = {
  list: route({
    method: 'GET',
    path: '/v1/scenarios',
    summary: 'Scenarios and their state',
    access: 'read',
    reply: z.array(ScenarioSummary),
  }),
  page: route({
    method: 'GET',
    path: '/v1/scenarios/:name',
    summary: 'One scenario: needs, features, versions, results',
    access: 'read',
    params: NameParams,
    reply: ScenarioPage,
  }),
  train: route({
    method: 'POST',
    path: '/v1/scenarios/:name/train',
    summary: 'Train a new version',
    access: 'write',
    params: NameParams,
    reply: Job,
  }),
  score: route({
    method: 'POST',
    path: '/v1/scenarios/:name/score',
    summary: 'Score every customer with the champion',
    access: 'write',
    params: NameParams,
    reply: Job,
  }),
  predict: route({
    method: 'POST',
    path: '/v1/predict/:name',
    summary: 'What the champion says of one customer, now',
    access: 'read',
    params: NameParams,
    body: PredictBody,
    reply: Prediction,
  }),
  promote: route({
    method: 'POST',
    path: '/v1/scenarios/:name/versions/:version/promote',
    summary: 'Make a version the champion (also to roll back)',
    access: 'write',
    params: NameParams.extend({ version: z.coerce.number().int().positive() }),
    reply: ModelVersion,
  }),
};
export type VersionState = (typeof VERSION_STATES)[number];
