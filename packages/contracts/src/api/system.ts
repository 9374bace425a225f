import { z } from 'zod';
import { route } from '../route.ts';
import { Estimate, IdParams, Moment, Id } from './shared.ts';
import { Words } from './words.ts';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const Job = z.object({
  id: Id,
  name: z.string(),
  subject: z.string(),
  state: z.enum(JOB_STATES),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  step: z.string(),
  error: z.string().nullable(),
  /** What the run read and wrote, by name. */
  result: z.record(z.string(), z.unknown()).nullable(),
  created_at: Moment,
  started_at: Moment.nullable(),
  finished_at: Moment.nullable(),
});
export type Job = z.infer<typeof Job>;

export const STAGES = ['collect', 'prepare', 'learn', 'score', 'act', 'measure'] as const;
export const StageState = z.object({
  stage: z.enum(STAGES),
  state: z.enum(['empty', 'waiting', 'running', 'ok', 'stale', 'failed']),
  at: Moment.nullable(),
  figures: z.record(z.string(), z.number()),
  error: z.string().nullable(),
});
export type StageState = z.infer<typeof StageState>;

export const Overview = z.object({
  as_of: Moment,
  demo: z.boolean(),
  currency: z.string(),
  stages: z.array(StageState),
  customers: z.number(),
  orders: z.number(),
  revenue: z.number(),
  /** Customers expected to buy within the horizon, with the interval of the sum, and the count a horizon earlier. */
  expected_buyers: Estimate.nullable(),
  horizon_days: z.number(),
  previous_buyers: z.number().nullable(),
  revenue_by_week: z.array(
    z.object({ week: z.string(), revenue: z.number(), orders: z.number(), customers: z.number() }),
  ),
  /** What was learned: the champion against its baseline. */
  learned: z
    .object({
      scenario: z.string(),
      version: z.number(),
      auc: z.number(),
      baseline_auc: z.number(),
      lift: z.number(),
      trained_at: Moment,
    })
    .nullable(),
  /** What it was worth: the journey measured last. */
  worth: z
    .object({
      journey_id: Id,
      name: z.string(),
      lift: Estimate,
      incremental_revenue: Estimate,
      sent: z.number(),
      truth: z.number().nullable(),
      dry_run: z.boolean(),
    })
    .nullable(),
  proposals: z.array(
    z.object({
      id: z.string(),
      title: Words,
      why: Words,
      expected: Estimate.nullable(),
      cost: z.number().nullable(),
      href: z.string(),
    }),
  ),
});
export type Overview = z.infer<typeof Overview>;

export const Status = z.object({
  version: z.string(),
  started_at: Moment,
  now: Moment,
  demo: z.boolean(),
  data_folder: z.string(),
  engines: z.array(
    z.object({
      name: z.enum(['warehouse', 'records']),
      state: z.enum(['starting', 'up', 'restarting', 'down']),
      detail: z.string(),
      restarts: z.number(),
      embedded: z.boolean(),
    }),
  ),
  journal: z.object({
    waiting_events: z.number(),
    waiting_bytes: z.number(),
    last_loaded_at: Moment.nullable(),
    last_error: z.string().nullable(),
  }),
  warnings: z.array(z.string()),
});
export type Status = z.infer<typeof Status>;

export const system = {
  overview: route({
    method: 'GET',
    path: '/v1/overview',
    summary: 'The state of the loop today',
    access: 'read',
    reply: Overview,
  }),
  status: route({
    method: 'GET',
    path: '/v1/status',
    summary: 'State of the engines, the journal and the machine',
    access: 'read',
    reply: Status,
  }),
  jobs: route({
    method: 'GET',
    path: '/v1/jobs',
    summary: 'Work running and done, newest first',
    access: 'read',
    reply: z.array(Job),
  }),
  job: route({
    method: 'GET',
    path: '/v1/jobs/:id',
    summary: 'One job',
    access: 'read',
    params: IdParams,
    reply: Job,
  }),
  cancelJob: route({
    method: 'POST',
    path: '/v1/jobs/:id/cancel',
    summary: 'Cancel a job; what it finished stays',
    access: 'write',
    params: IdParams,
    reply: Job,
  }),
  runLoop: route({
    method: 'POST',
    path: '/v1/loop',
    summary: 'Run the loop: prepare, learn, score, audience, journey',
    access: 'write',
    reply: Job,
  }),
};
export type JobState = (typeof JOB_STATES)[number];
