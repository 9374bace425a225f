import { z } from 'zod';
import { route } from '../route.ts';
import { Figure } from './card.ts';
import { VERSION_STATES } from './scenarios.ts';
import { Id, Moment } from './shared.ts';
import { Job } from './system.ts';
import { Words } from './words.ts';

export const RUN_WHATS = ['train', 'apply', 'judge'] as const;
export type RunWhat = (typeof RUN_WHATS)[number];
/** A person or program asked for it; the schedule did; it was a step of the loop. */
export const RUN_CAUSES = ['asked', 'schedule', 'loop'] as const;
export type RunCause = (typeof RUN_CAUSES)[number];
export const RUN_STATES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One time that a scenario was trained, applied or judged. */
export const ScenarioRun = z.object({
  id: z.string(),
  what: z.enum(RUN_WHATS),
  cause: z.enum(RUN_CAUSES),
  state: z.enum(RUN_STATES),
  started_at: Moment,
  finished_at: Moment.nullable(),
  version: z.number().nullable(),
  /** By table: rows that those which it read held when it began. */
  rows_read: z.record(z.string(), z.number()),
  /** By table: rows that it put in. */
  rows_written: z.record(z.string(), z.number()),
  /** What it came to, as its job tells. */
  result: z.record(z.string(), z.unknown()),
  error: z.string().nullable(),
  job_id: z.string().nullable(),
});
export type ScenarioRun = z.infer<typeof ScenarioRun>;

export const SCHEDULE_PIECES = ['changed', 'all', 'train'] as const;
export type SchedulePiece = (typeof SCHEDULE_PIECES)[number];
/** When a scenario works by itself. */
export const Schedule = z.object({
  on: z.boolean(),
  /** Telling of those of whom something new is known. */
  changed: z.enum(['hourly', 'off']),
  /** Telling of everybody, and judging what was told a horizon ago. */
  all: z.enum(['daily', 'off']),
  /** In the shop's time zone: of `all`, and of training before it. */
  hour: z.number().int().min(0).max(23),
  /** `auto`: on the days on which learning again is advised. */
  train: z.enum(['auto', 'weekly', 'off']),
});
export type Schedule = z.infer<typeof Schedule>;

export const ScheduleState = Schedule.extend({
  timezone: z.string(),
  /** Whether nobody changed it yet. */
  is_default: z.boolean(),
  /** When each piece is due; nothing where it is off. */
  next: z.record(z.enum(SCHEDULE_PIECES), Moment.nullable()),
});
export type ScheduleState = z.infer<typeof ScheduleState>;

export const CalibrationPoint = z.object({ predicted: z.number(), observed: z.number(), n: z.number() });
export type CalibrationPoint = z.infer<typeof CalibrationPoint>;

/** What was told in one run, judged by what happened in the horizon after it. */
export const Outcome = z.object({
  as_of: Moment,
  scored_at: Moment,
  version: z.number(),
  judged_at: Moment,
  customers: z.number(),
  /** Whether from the scores as they were told then; otherwise the version was asked anew. */
  told: z.boolean(),
  figures: z.array(Figure),
  calibration: z.array(CalibrationPoint),
});
export type Outcome = z.infer<typeof Outcome>;

export const Performance = z.object({
  horizon_days: z.number(),
  /** When the newest run that is not judged yet can be; nothing where there is none. */
  next_at: Moment.nullable(),
  /** The newest last. */
  outcomes: z.array(Outcome),
  /** What the card of each version in it promised. */
  promised: z.array(z.object({ version: z.number(), figures: z.array(Figure) })),
  /** Set when the champion's newest outcome is worse than its card promised, beyond chance. */
  alarm: Words.nullable(),
});
export type Performance = z.infer<typeof Performance>;

/** How far the customers of one run, and the scores, had moved from those on whom the version was tested. */
export const DriftRun = z.object({
  scored_at: Moment,
  as_of: Moment,
  version: z.number(),
  score: z.object({ psi: z.number(), noise: z.number() }),
  features: z.array(z.object({ name: z.string(), psi: z.number(), noise: z.number(), drifted: z.boolean() })),
});
export type DriftRun = z.infer<typeof DriftRun>;
export const DriftHistory = z.object({
  /** The newest last. */
  runs: z.array(DriftRun),
  /** What moved in the newest run, in words; empty where nothing did. */
  sentences: z.array(Words),
});
export type DriftHistory = z.infer<typeof DriftHistory>;

const Side = z.object({
  version: z.number(),
  state: z.enum(VERSION_STATES),
  estimator: z.string(),
  created_at: Moment,
  test_moment: Moment,
  /** Whether it learned from what both are judged on here: its figures are then too good. */
  has_seen: z.boolean(),
  card: z.array(Figure),
  now: z.array(Figure),
});
export const Comparison = z.object({
  /** Both are judged on what happened in the horizon after this moment, the newest that has passed. */
  as_of: Moment,
  horizon_days: z.number(),
  a: Side,
  b: Side,
});
export type Comparison = z.infer<typeof Comparison>;

export const ShadowRun = z.object({
  scored_at: Moment,
  as_of: Moment,
  version: z.number(),
  champion: z.number(),
  customers: z.number(),
  /** Spearman's; nothing where one of the two tells all the same. */
  rank_correlation: z.number().nullable(),
  /** Share of customers whom one would contact and the other not. */
  differing: z.number(),
  drift: z.number(),
  noise: z.number(),
});
export type ShadowRun = z.infer<typeof ShadowRun>;
export const Shadow = z.object({
  /** The version in the shadow, if there is one. */
  version: z.number().nullable(),
  since: Moment.nullable(),
  /** Of that version, the newest last. */
  runs: z.array(ShadowRun),
});
export type Shadow = z.infer<typeof Shadow>;

const NameParams = z.object({ name: Id });
const VersionNumber = z.coerce.number().int().positive();
export const CARD_FORMATS = ['md', 'html'] as const;
export type CardFormat = (typeof CARD_FORMATS)[number];

export const operations = {
  runs: route({
    method: 'GET',
    path: '/v1/scenarios/:name/runs',
    summary: 'What a scenario did: trainings, scorings and judgements, with what each read and wrote',
    access: 'read',
    params: NameParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    reply: z.array(ScenarioRun),
  }),
  applyChanged: route({
    method: 'POST',
    path: '/v1/scenarios/:name/score-changed',
    summary: 'Score the customers of whom something new is known since the last run',
    access: 'write',
    params: NameParams,
    reply: Job,
  }),
  schedule: route({
    method: 'GET',
    path: '/v1/scenarios/:name/schedule',
    summary: 'When a scenario works by itself',
    access: 'read',
    params: NameParams,
    reply: ScheduleState,
  }),
  changeSchedule: route({
    method: 'PUT',
    path: '/v1/scenarios/:name/schedule',
    summary: 'Change when a scenario works by itself',
    access: 'write',
    params: NameParams,
    body: Schedule,
    reply: ScheduleState,
  }),
  performance: route({
    method: 'GET',
    path: '/v1/scenarios/:name/performance',
    summary: 'What was told, judged by what happened since',
    access: 'read',
    params: NameParams,
    reply: Performance,
  }),
  drift: route({
    method: 'GET',
    path: '/v1/scenarios/:name/drift',
    summary: 'How far customers and scores moved from those that the version was tested on, run by run',
    access: 'read',
    params: NameParams,
    reply: DriftHistory,
  }),
  compare: route({
    method: 'GET',
    path: '/v1/scenarios/:name/compare',
    summary: 'Two versions judged on the same newest period',
    access: 'read',
    params: NameParams,
    query: z.object({ a: VersionNumber, b: VersionNumber }),
    reply: Comparison,
  }),
  shadow: route({
    method: 'GET',
    path: '/v1/scenarios/:name/shadow',
    summary: 'The version that scores in the shadow of the champion, and how far the two agree',
    access: 'read',
    params: NameParams,
    reply: Shadow,
  }),
  changeShadow: route({
    method: 'PUT',
    path: '/v1/scenarios/:name/shadow',
    summary: 'Let a version score in the shadow of the champion, or none',
    access: 'write',
    params: NameParams,
    body: z.object({ version: z.number().int().positive().nullable() }),
    reply: Shadow,
  }),
  card: route({
    method: 'GET',
    path: '/v1/scenarios/:name/versions/:version/card',
    summary: 'A version’s card as one page to file',
    access: 'read',
    params: NameParams.extend({ version: VersionNumber }),
    query: z.object({
      locale: z.enum(['en', 'zh-CN']).default('en'),
      format: z.enum(CARD_FORMATS).default('md'),
    }),
    reply: z.object({ file: z.string(), type: z.string(), text: z.string() }),
  }),
};
export type VersionSide = z.infer<typeof Side>;
