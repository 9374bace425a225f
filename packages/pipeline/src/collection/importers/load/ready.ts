import type { ImportKind, Mapping } from '@bellwether/contracts';
import { clickhouseTime, type Params, type Warehouse } from '@bellwether/warehouse';
import { cleanedParams, cleanedSql, type Staged } from '../clean/cleaned.ts';
import { conventionsOf, mappedFields, type Conventions } from '../clean/conventions.ts';
import { LOG_COLUMNS } from '../file/access-log.ts';
import type { FileShape } from '../file/shape.ts';
import { IMPORTERS } from '../kinds/index.ts';
import type { Importer } from '../kinds/importer.ts';
import { dropTables } from './staging.ts';
import { sourceOf, type WorkTables } from './names.ts';

/** Records that are staged, and all that is needed to make rows of them. */
export interface Load {
  importId: string;
  kind: ImportKind;
  mapping: Mapping;
  shape: FileShape;
  tables: WorkTables;
  /** Names this loading among all: repeated under it, a block changes nothing. */
  token: string;
  /** When the import was made: what has no moment of its own is as of then. */
  now: Date;
}

/** How many of the file's lines went where, and the last line that a row stands on. */
export interface Outcome {
  read: number;
  loaded: number;
  known: number;
  refused: number;
  last_line: number;
  /** How the file writes dates and decimals, where it shows. */
  found: Conventions['found'];
}

/** Reads the staged text into rows of the kind's target, checks them and says what becomes of each. */
export async function makeReady(warehouse: Warehouse, load: Load, signal?: AbortSignal): Promise<Outcome> {
  const importer = IMPORTERS[load.kind];
  const staged = await stagedOf(warehouse, load, importer);
  const cleaned = cleanedSql(staged);
  const params: Params = {
    ...cleanedParams(staged, load.mapping.timezone ?? 'UTC', load.mapping.currency ?? ''),
    import_id: load.importId,
    source: sourceOf(load.importId),
    now: clickhouseTime(load.now),
  };
  const span = await spanOf(warehouse, cleaned, params, importer);
  // a fresh table each time: an attempt that died may still be writing to its own
  await dropTables(warehouse, load.tables.ready);
  await warehouse.command(
    `CREATE TABLE ${load.tables.ready} ENGINE = MergeTree ORDER BY line AS
     WITH cleaned AS (${cleaned}) SELECT * FROM (${importer.sql})`,
    { ...params, ...span },
    { output_format_json_escape_forward_slashes: 0 },
    signal,
  );
  const counts = await warehouse.one<Omit<Outcome, 'found'>>(
    `SELECT sum(lines) AS read, sumIf(lines, told IN ('new', 'loaded')) AS loaded, sumIf(lines, told = 'known') AS known,
       sumIf(lines, told = 'refused') AS refused, max(line) AS last_line FROM ${load.tables.ready}`,
  );
  return { ...counts, found: staged.conventions.found };
}

async function stagedOf(warehouse: Warehouse, load: Load, importer: Importer): Promise<Staged> {
  const { columns, format } = load.shape;
  const mapping = load.kind === 'access_log' ? { fields: LOG_MAPPING } : load.mapping;
  const fields = mappedFields(importer.source, columns, mapping);
  const conventions = await conventionsOf(warehouse, load.tables.staging, fields, load.mapping);
  return { table: load.tables.staging, columns, format, fields, conventions, checks: importer.checks };
}

const LOG_MAPPING = Object.fromEntries(LOG_COLUMNS.map(column => [column, column]));

/** The first and the last moment of the good rows: only among these can a row be known already. */
async function spanOf(
  warehouse: Warehouse,
  cleaned: string,
  params: Params,
  { moment }: Importer,
): Promise<Params> {
  if (moment === undefined) return {};
  return warehouse.one<{ first: string; last: string }>(
    `WITH cleaned AS (${cleaned})
     SELECT toString(minIf(${moment}, toYear(${moment}) > 1970)) AS first, toString(max(${moment})) AS last FROM cleaned`,
    params,
  );
}
