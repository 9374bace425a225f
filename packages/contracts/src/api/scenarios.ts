import { z } from 'zod';
import { route } from '../route.ts';
import { Estimate, Id, Moment } from './shared.ts';
import { Job } from './system.ts';
import { Words } from './words.ts';

/** What a classifier did on rows it had not seen. */
export const ClassifierFigures = z.object({
  n: z.number(),
  positives: z.number(),
  auc: Estimate,
  /** Where precision, recall and F1 are taken: best F1 in the calibration period, never the test's. */
  threshold: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  log_loss: z.number(),
  brier: z.number(),
  /** Expected calibration error over ten equal-sized bins. */
  calibration_error: z.number(),
  /** Rate of positives in the best-scored tenth over the overall rate. */
  top_decile_lift: z.number(),
});
export type ClassifierFigures = z.infer<typeof ClassifierFigures>;

/** Curves that the console draws, all from the test period. */
export const ClassifierCurves = z.object({
  roc: z.array(z.object({ fpr: z.number(), tpr: z.number() })),
  baseline_roc: z.array(z.object({ fpr: z.number(), tpr: z.number() })),
  calibration: z.array(
    z.object({
      predicted: z.number(),
      observed: z.number(),
      low: z.number(),
      high: z.number(),
      n: z.number(),
    }),
  ),
  gain: z.array(z.object({ share: z.number(), model: z.number(), baseline: z.number() })),
  /** Expected profit per 1,000 customers at each threshold. */
  profit: z.array(z.object({ threshold: z.number(), profit: z.number(), contacted: z.number() })),
});
export type ClassifierCurves = z.infer<typeof ClassifierCurves>;

/** The card of one version: how it came to be and how good it is. */
export const ModelCard = z.object({
  scenario: z.string(),
  estimator: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number(),
  horizon_days: z.number(),
  /** Moments whose features and later outcomes were learned from, calibrated on, and tested on. */
  train_moments: z.array(Moment),
  calibration_moment: Moment,
  test_moment: Moment,
  train_rows: z.number(),
  features: z.array(z.object({ name: z.string(), words: Words, weight: z.number(), importance: z.number() })),
  convergence: z.object({
    iterations: z.number(),
    converged: z.boolean(),
    gradient: z.number(),
    objective: z.number(),
  }),
  model: ClassifierFigures,
  baseline: ClassifierFigures,
  baseline_name: Words,
  beats_baseline: z.boolean(),
  /** Difference of AUC, model less baseline, by paired bootstrap. */
  auc_gain: Estimate,
  threshold: z.number(),
  value: z.object({ margin: z.number(), contact_cost: z.number(), currency: z.string(), why: z.string() }),
  curves: ClassifierCurves,
  data: z.object({
    fingerprint: z.string(),
    orders: z.number(),
    customers: z.number(),
    first_at: Moment,
    last_at: Moment,
  }),
});
export type ModelCard = z.infer<typeof ModelCard>;

export const VERSION_STATES = ['champion', 'challenger', 'retired'] as const;
export const ModelVersion = z.object({
  scenario: z.string(),
  version: z.number(),
  state: z.enum(VERSION_STATES),
  created_at: Moment,
  promoted_at: Moment.nullable(),
  why: z.string(),
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

export const ScenarioSummary = z.object({
  name: z.string(),
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
