import { z } from 'zod';
import { REFUSALS } from '../events.ts';
import { IMPORT_KINDS } from '../tables.ts';
import { route } from '../route.ts';
import { Words } from './words.ts';
import { Done, Id, IdParams, Moment, PageQuery, page } from './shared.ts';

export const FileFormat = z.object({
  container: z.enum(['csv', 'jsonl', 'parquet', 'log']),
  compression: z.enum(['none', 'gzip']),
  encoding: z.enum(['utf-8', 'utf-8-bom', 'gb18030', 'latin1', 'utf-16le', 'binary']),
  delimiter: z.string().max(1).optional(),
  header: z.boolean().optional(),
});
export type FileFormat = z.infer<typeof FileFormat>;

/** Field of the canonical table -> column of the file. */
export const Mapping = z.object({
  fields: z.record(z.string(), z.string()),
  /** Day before month in ambiguous dates such as 03/04/2011; found from the data where it can be. */
  day_first: z.boolean().optional(),
  /** A comma before the decimals, as in 1.234,56; found from the data where it can be. */
  decimal_comma: z.boolean().optional(),
  /** Zone of dates that carry none. */
  timezone: z.string().optional(),
  currency: z.string().length(3).optional(),
});
export type Mapping = z.infer<typeof Mapping>;

export const Preview = z.object({
  upload_id: Id,
  file_name: z.string(),
  bytes: z.number(),
  format: FileFormat,
  kind: z.enum(IMPORT_KINDS),
  /** How sure the recognition of the kind is, 0 to 1, and what it went by. */
  confidence: z.number(),
  why: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      samples: z.array(z.string()),
      field: z.string().nullable(),
      confidence: z.number(),
      why: z.string(),
    }),
  ),
  rows: z.array(z.array(z.string())),
  mapping: Mapping,
  /** Required fields that no column was found for. */
  missing: z.array(z.string()),
});
export type Preview = z.infer<typeof Preview>;

export const IMPORT_STATES = ['waiting', 'running', 'stopped', 'done', 'failed'] as const;
export const Import = z.object({
  id: Id,
  file_name: z.string(),
  kind: z.enum(IMPORT_KINDS),
  mapping: Mapping,
  format: FileFormat,
  state: z.enum(IMPORT_STATES),
  rows_read: z.number(),
  rows_loaded: z.number(),
  rows_refused: z.number(),
  /** Rows that an earlier import had brought already. */
  rows_known: z.number(),
  bytes_done: z.number(),
  bytes_total: z.number(),
  error: z.string().nullable(),
  created_at: Moment,
  finished_at: Moment.nullable(),
});
export type Import = z.infer<typeof Import>;

export const QuarantineRow = z.object({
  id: Id,
  source: z.string(),
  import_id: z.string(),
  line: z.number(),
  reason: z.enum(REFUSALS),
  detail: z.string(),
  raw: z.string(),
  at: Moment,
});
export type QuarantineRow = z.infer<typeof QuarantineRow>;

/** One step of preparation, what it says of itself and what it counted; `kept` are lines flagged but not dropped. */
export const PreparationStep = z.object({
  step: z.string(),
  words: Words,
  dropped: z.number(),
  kept: z.number(),
});
export type PreparationStep = z.infer<typeof PreparationStep>;
export const PreparationReport = z.object({
  at: Moment,
  lines_in: z.number(),
  lines_out: z.number(),
  orders_out: z.number(),
  customers_out: z.number(),
  revenue_out: z.number(),
  currency: z.string(),
  /** Of the shop's days; absent in reports that are older than this field. */
  timezone: z.string().optional(),
  first_at: Moment.nullable(),
  last_at: Moment.nullable(),
  steps: z.array(PreparationStep),
});
export type PreparationReport = z.infer<typeof PreparationReport>;

export const ColumnQuality = z.object({
  table: z.string(),
  column: z.string(),
  rows: z.number(),
  nulls: z.number(),
  distinct: z.number(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Population stability index between the earlier and the later half; above 0.25 the column has moved. */
  drift: z.number().nullable(),
});
export const QualityReport = z.object({
  at: Moment,
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.number(),
      duplicates: z.number(),
      first_at: Moment.nullable(),
      last_at: Moment.nullable(),
      last_received_at: Moment.nullable(),
    }),
  ),
  columns: z.array(ColumnQuality),
});
export type QualityReport = z.infer<typeof QualityReport>;

export const Arrivals = z.object({
  events_total: z.number(),
  orders_total: z.number(),
  quarantined: z.number(),
  /** Acknowledged, in the journal, not yet in the warehouse. */
  waiting: z.number(),
  last_received_at: Moment.nullable(),
  by_day: z.array(z.object({ day: z.string(), events: z.number(), refused: z.number() })),
});
export type Arrivals = z.infer<typeof Arrivals>;

export const Merge = z.object({
  id: Id,
  winner: z.string(),
  loser: z.string(),
  by: z.string(),
  at: Moment,
  undone_at: Moment.nullable(),
});
export type Merge = z.infer<typeof Merge>;

const QuarantineQuery = PageQuery.extend({
  reason: z.enum(REFUSALS).optional(),
  source: z.string().optional(),
  import_id: z.string().optional(),
});

export const data = {
  arrivals: route({
    method: 'GET',
    path: '/v1/arrivals',
    summary: 'What came in',
    access: 'read',
    reply: Arrivals,
  }),
  imports: route({
    method: 'GET',
    path: '/v1/imports',
    summary: 'Imports, newest first',
    access: 'read',
    reply: z.array(Import),
  }),
  import: route({
    method: 'GET',
    path: '/v1/imports/:id',
    summary: 'One import',
    access: 'read',
    params: IdParams,
    reply: Import,
  }),
  /** The file itself goes as the raw body of `POST /v1/uploads?name=…`, which answers with a Preview. */
  preview: route({
    method: 'POST',
    path: '/v1/uploads/:id/preview',
    summary: 'Preview an uploaded file again, as another kind',
    access: 'write',
    params: IdParams,
    body: z.object({ kind: z.enum(IMPORT_KINDS).optional() }),
    reply: Preview,
  }),
  startImport: route({
    method: 'POST',
    path: '/v1/imports',
    summary: 'Import an uploaded file',
    access: 'write',
    body: z.object({ upload_id: Id, kind: z.enum(IMPORT_KINDS), mapping: Mapping }),
    reply: Import,
  }),
  stopImport: route({
    method: 'POST',
    path: '/v1/imports/:id/stop',
    summary: 'Stop an import; what was read stays',
    access: 'write',
    params: IdParams,
    reply: Import,
  }),
  resumeImport: route({
    method: 'POST',
    path: '/v1/imports/:id/resume',
    summary: 'Go on with a stopped import',
    access: 'write',
    params: IdParams,
    reply: Import,
  }),
  replayImport: route({
    method: 'POST',
    path: '/v1/imports/:id/replay',
    summary: 'Read the refused lines of an import again, with a mended mapping',
    access: 'write',
    params: IdParams,
    body: z.object({ mapping: Mapping.optional() }),
    reply: z.object({ accepted: z.number(), refused: z.number() }),
  }),
  quarantine: route({
    method: 'GET',
    path: '/v1/quarantine',
    summary: 'Refused events and rows, newest first',
    access: 'read',
    query: QuarantineQuery,
    reply: page(QuarantineRow).extend({
      reasons: z.array(z.object({ reason: z.enum(REFUSALS), source: z.string(), count: z.number() })),
    }),
  }),
  replay: route({
    method: 'POST',
    path: '/v1/quarantine/replay',
    summary: 'Try refused events again, after the cause is mended',
    access: 'write',
    body: z.object({ reason: z.enum(REFUSALS).optional(), ids: z.array(Id).max(1000).optional() }),
    reply: z.object({ accepted: z.number(), refused: z.number() }),
  }),
  preparation: route({
    method: 'GET',
    path: '/v1/preparation',
    summary: 'The last preparation, counted by step',
    access: 'read',
    reply: PreparationReport.nullable(),
  }),
  quality: route({
    method: 'GET',
    path: '/v1/quality',
    summary: 'Quality of the data by table and column',
    access: 'read',
    reply: QualityReport.nullable(),
  }),
  merges: route({
    method: 'GET',
    path: '/v1/identity/merges',
    summary: 'Merges made',
    access: 'read',
    reply: z.array(Merge),
  }),
  merge: route({
    method: 'POST',
    path: '/v1/identity/merges',
    summary: 'Merge two customers',
    access: 'write',
    body: z.object({ winner: Id, loser: Id }),
    reply: Merge,
  }),
  undoMerge: route({
    method: 'POST',
    path: '/v1/identity/merges/:id/undo',
    summary: 'Undo a merge',
    access: 'write',
    params: IdParams,
    reply: Merge,
  }),
  forgetUpload: route({
    method: 'DELETE',
    path: '/v1/uploads/:id',
    summary: 'Discard an uploaded file',
    access: 'write',
    params: IdParams,
    reply: Done,
  }),
};
export type ImportState = (typeof IMPORT_STATES)[number];
