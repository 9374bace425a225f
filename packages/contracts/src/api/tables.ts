import { z } from 'zod';
import { REFUSALS } from '../events.ts';
import { route } from '../route.ts';
import { CardHeader } from './card.ts';
import { ClassifierCurves, ClassifierFigures, FamilyTrial } from './classifier.ts';
import { FileFormat } from './data.ts';
import { Done, Estimate, Id, IdParams, Moment } from './shared.ts';
import { Job } from './system.ts';
import { Words } from './words.ts';

/** What the values of a column are. Only numbers, categories, yes/no and dates are learned from. */
export const COLUMN_KINDS = ['number', 'category', 'yes_no', 'date', 'text', 'id', 'constant'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** One column of a table, as it was read. */
export const ColumnOverview = z.object({
  name: z.string(),
  kind: z.enum(COLUMN_KINDS),
  /** Of the rows that were looked at, 0 to 1. */
  missing: z.number(),
  distinct: z.number(),
  examples: z.array(z.string()),
  /** Numbers and dates in up to ten ranges; other columns by their most frequent values, the rest under the last. */
  histogram: z.array(z.object({ label: z.string(), count: z.number() })),
  /** What was noticed: words read as missing, 999 that means "never", values that could not be read. */
  notes: z.array(Words),
});
export type ColumnOverview = z.infer<typeof ColumnOverview>;

/** A line of the file that is no row, with its reason: kept and shown, never dropped in silence. */
export const RefusedRow = z.object({
  line: z.number(),
  reason: z.enum(REFUSALS),
  detail: z.string(),
  raw: z.string(),
});
export type RefusedRow = z.infer<typeof RefusedRow>;

/** What a person says of a table before it is learned from. */
export const TableChoices = z.object({
  /** The column that is to be told. */
  target: z.string().max(500).optional(),
  /** The value of the target that means yes; found where it is plain. */
  yes: z.string().max(500).optional(),
  /** Whose row it is: never learned from; rows of one are never split between learning and test. */
  id: z.string().max(500).optional(),
  /** When the row came about: then later rows are tested on what came before them. */
  time: z.string().max(500).optional(),
  /** Kinds that a person corrected. */
  kinds: z.record(z.string(), z.enum(COLUMN_KINDS)).default({}),
  leave_out: z.array(z.string()).default([]),
  /** Columns that were found to leak and are learned from all the same. */
  keep: z.array(z.string()).default([]),
  folds: z.number().int().min(2).max(10).default(5),
  /** What acting on one row earns when it turns out yes, and what acting on a row costs. */
  value: z
    .object({
      gain: z.number().positive(),
      cost: z.number().min(0),
      currency: z.string().max(10).default(''),
    })
    .nullable()
    .default(null),
});
export type TableChoices = z.infer<typeof TableChoices>;

export const LEAK_SIGNS = [
  'tells_all',
  'alone_decides',
  'known_after',
  'missing_tells',
  'later_date',
  'id_tells',
  'row_order',
  'strong_alone',
] as const;
/** A column that may know the outcome, with what speaks for it. */
export const Leak = z.object({
  /** Empty when the order of the rows is meant. */
  column: z.string(),
  sign: z.enum(LEAK_SIGNS),
  /** Left out unless a person keeps it; else only said. */
  verdict: z.enum(['leak', 'warning']),
  /** AUC of this column alone, on rows that were not learned from. */
  auc: z.number(),
  /** The same of the best column that is not suspected. */
  next_auc: z.number(),
  evidence: Words,
});
export type Leak = z.infer<typeof Leak>;

export const LeftOut = z.object({ column: z.string(), why: Words });
export type LeftOut = z.infer<typeof LeftOut>;

/** A column that a version reads, for the form that tries one row. */
export const ReadColumn = z.object({
  name: z.string(),
  kind: z.enum(COLUMN_KINDS),
  /** Of categories, the most frequent first. */
  values: z.array(z.string()),
  /** The middle value of numbers and dates, the most frequent category: what a form begins with. */
  typical: z.string(),
});
export type ReadColumn = z.infer<typeof ReadColumn>;

/** The card of a version that was learned from a table. */
export const TableCard = CardHeader.extend({
  kind: z.literal('table'),
  target: z.string(),
  yes: z.string(),
  /** Share of yes among the rows. */
  prior: z.number(),
  split: z.enum(['random', 'time', 'groups']),
  /** Every row judged by a model that had not seen it: the whole competition is repeated in each fold. */
  cross: z.object({
    folds: z.number(),
    rows: z.number(),
    positives: z.number(),
    /** Mean over the folds, with 95 % of its standard error to either side. */
    auc: Estimate,
    fold_auc: z.array(z.number()),
    baseline_auc: Estimate,
    calibration_error: z.number(),
    log_loss: z.number(),
    brier: z.number(),
    calibration: ClassifierCurves.shape.calibration,
  }),
  /** The test that the version was kept by: the last fold. */
  model: ClassifierFigures,
  baseline: ClassifierFigures,
  /** Of the best of five over logistic regression, over the rows of all folds. */
  auc_gain: Estimate,
  threshold: z.number(),
  threshold_why: Words,
  value: z.object({ gain: z.number(), cost: z.number(), currency: z.string() }).nullable(),
  curves: ClassifierCurves,
  /** What competed, on rows held back inside the last fold. */
  families: z.array(FamilyTrial),
  /** Mean size of the effect on the probability, in percentage points. */
  features: z.array(z.object({ name: z.string(), words: Words, importance: z.number() })),
  columns: z.array(ReadColumn),
  leaks: z.array(Leak),
  left_out: z.array(LeftOut),
});
export type TableCard = z.infer<typeof TableCard>;

export const TableSummary = z.object({
  id: Id,
  file_name: z.string(),
  rows: z.number(),
  columns: z.number(),
  target: z.string().nullable(),
  champion: z.number().nullable(),
  auc: Estimate.nullable(),
  created_at: Moment,
});
export type TableSummary = z.infer<typeof TableSummary>;

export const TableVersion = z.object({
  version: z.number(),
  state: z.enum(['champion', 'challenger', 'retired']),
  created_at: Moment,
  promoted_at: Moment.nullable(),
  why: Words,
  card: TableCard,
});
export type TableVersion = z.infer<typeof TableVersion>;

export const TablePage = TableSummary.extend({
  format: FileFormat,
  bytes: z.number(),
  /** Rows looked at and learned from: all, or a sample of as many as fit the budget. */
  sampled: z.number(),
  refused: z.object({
    total: z.number(),
    reasons: z.array(z.object({ reason: z.enum(REFUSALS), count: z.number() })),
    examples: z.array(RefusedRow),
  }),
  overview: z.array(ColumnOverview),
  choices: TableChoices,
  /** Values of the target with their numbers, the most frequent first. */
  target_values: z.array(z.object({ value: z.string(), count: z.number() })),
  leaks: z.array(Leak),
  left_out: z.array(LeftOut),
  /** What keeps it from being learned from; empty when it is ready. */
  faults: z.array(Words),
  versions: z.array(TableVersion),
});
export type TablePage = z.infer<typeof TablePage>;

const Given = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));

/** What a version says of one row. */
export const TablePrediction = z.object({
  scenario: z.string(),
  version: z.number(),
  probability: Estimate,
  chosen: z.boolean(),
  reasons: z.array(
    z.object({
      feature: z.string(),
      value: z.string(),
      /** Percentage points by which it moved the probability. */
      effect: z.number(),
    }),
  ),
  /** Categories that were never seen, columns that are missing: in a sentence each. */
  notes: z.array(Words),
});
export type TablePrediction = z.infer<typeof TablePrediction>;

/** Whether a version can read another file, before it is told of every row. */
export const TableCheck = z.object({ file_name: z.string(), ready: z.boolean(), notes: z.array(Words) });
export type TableCheck = z.infer<typeof TableCheck>;

/** A file that was sent with `POST /v1/uploads?as=table&name=…`. */
export const KeptFile = z.object({ upload_id: Id, file_name: z.string() });
export type KeptFile = z.infer<typeof KeptFile>;

/** The answers for a whole file stream from `GET /v1/tables/:id/predictions/:upload_id`, as CSV. */
export const tables = {
  list: route({
    method: 'GET',
    path: '/v1/tables',
    summary: 'Tables to learn from, newest first',
    access: 'read',
    reply: z.array(TableSummary),
  }),
  create: route({
    method: 'POST',
    path: '/v1/tables',
    summary: 'Read an uploaded file as a table to learn from',
    access: 'write',
    body: z.object({ upload_id: Id, choices: TableChoices.partial().optional() }),
    reply: TablePage,
  }),
  page: route({
    method: 'GET',
    path: '/v1/tables/:id',
    summary: 'One table: columns, choices, leaks, versions',
    access: 'read',
    params: IdParams,
    reply: TablePage,
  }),
  choose: route({
    method: 'PUT',
    path: '/v1/tables/:id/choices',
    summary: 'Say what to tell and which columns to learn from; leaks are looked for again',
    access: 'write',
    params: IdParams,
    body: TableChoices,
    reply: TablePage,
  }),
  train: route({
    method: 'POST',
    path: '/v1/tables/:id/train',
    summary: 'Train a new version on the table',
    access: 'write',
    params: IdParams,
    reply: Job,
  }),
  promote: route({
    method: 'POST',
    path: '/v1/tables/:id/versions/:version/promote',
    summary: 'Make a version of the table the champion (also to roll back)',
    access: 'write',
    params: IdParams.extend({ version: z.coerce.number().int().positive() }),
    reply: TablePage,
  }),
  predict: route({
    method: 'POST',
    path: '/v1/tables/:id/predict',
    summary: 'What the champion says of one row of given values',
    access: 'read',
    params: IdParams,
    body: z.object({ features: Given }),
    reply: TablePrediction,
  }),
  check: route({
    method: 'POST',
    path: '/v1/tables/:id/check',
    summary: 'Whether the champion can read another uploaded file',
    access: 'read',
    params: IdParams,
    body: z.object({ upload_id: Id }),
    reply: TableCheck,
  }),
  remove: route({
    method: 'DELETE',
    path: '/v1/tables/:id',
    summary: 'Forget a table, its file and its versions',
    access: 'write',
    params: IdParams,
    reply: Done,
  }),
};
