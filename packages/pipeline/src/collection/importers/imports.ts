import { AppError, type Import, type ImportKind, type Mapping } from '@bellwether/contracts';
import type { ImportsTable, Records, Selectable, Updateable } from '@bellwether/records';
import { randomBytes } from 'node:crypto';
import type { Stores } from '../../stores.ts';
import { shapeOf, type FileShape } from './file/shape.ts';
import { IMPORTERS } from './kinds/index.ts';
import { isKnownName } from './recognise/names.ts';

export type ImportRow = Selectable<ImportsTable>;

export interface NewImport {
  /** Where the file lies; it is read when the import runs. */
  path: string;
  fileName: string;
  kind: ImportKind;
  mapping: Mapping;
}

/**
 * Writes down an import that `runImport` then carries out.
 *
 * @throws AppError `import.column_missing` when the mapping names a column that the file lacks or leaves out a field
 *   that must be there, `import.field_unknown`, `import.bad_timezone`, `import.wrong_kind`, and what `previewFile` throws
 * @example
 * const { kind, mapping } = await previewFile(path, 'orders.csv');
 * const done = await runImport(stores, (await createImport(stores, { path, fileName: 'orders.csv', kind, mapping })).id);
 */
export async function createImport(
  stores: Stores,
  { path, fileName, kind, mapping }: NewImport,
): Promise<Import> {
  const { format, columns, bytes } = await shapeOf(path, fileName, isKnownName);
  if ((format.container === 'log') !== (kind === 'access_log'))
    throw new AppError(
      'import.wrong_kind',
      `${fileName} is ${format.container}; it cannot be imported as ${kind}`,
    );
  if (kind !== 'access_log') checkMapping(fileName, kind, mapping, columns);
  const row = await stores.records
    .insertInto('imports')
    .values({
      id: `imp_${randomBytes(8).toString('hex')}`,
      file_name: fileName,
      file_path: path,
      file_hash: '',
      kind,
      mapping: JSON.stringify(mapping),
      format: JSON.stringify(format),
      columns: JSON.stringify(columns),
      state: 'waiting',
      bytes_total: bytes,
      created_at: new Date(stores.clock.now()),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toImport(row);
}

/** @throws AppError `import.column_missing`, `import.field_unknown`, `import.bad_timezone` */
export function checkMapping(
  name: string,
  kind: ImportKind,
  mapping: Mapping,
  columns: readonly string[],
): void {
  const { fields } = IMPORTERS[kind].source;
  const found = `found ${columns.map(column => `"${column}"`).join(', ')}`;
  for (const [field, column] of Object.entries(mapping.fields)) {
    if (!fields.some(({ name }) => name === field))
      throw new AppError(
        'import.field_unknown',
        `${kind} has no field "${field}"; it has ${fields.map(each => each.name).join(', ')}`,
      );
    if (!columns.includes(column))
      throw new AppError('import.column_missing', `${name} has no column "${column}" for ${field}; ${found}`);
  }
  const missing = fields.filter(field => field.required && mapping.fields[field.name] === undefined);
  if (missing.length > 0)
    throw new AppError(
      'import.column_missing',
      `${name} cannot be imported as ${kind}: no column is mapped to ${missing.map(field => `"${field.name}"`).join(', ')}; ${found}`,
    );
  checkZone(mapping.timezone);
}

function checkZone(timezone: string | undefined): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new AppError(
      'import.bad_timezone',
      `"${timezone}" is no time zone; say one like Europe/London or Asia/Shanghai`,
      { cause: error },
    );
  }
}

/** Imports, newest first. */
export async function listImports(records: Records): Promise<Import[]> {
  const rows = await records
    .selectFrom('imports')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toImport);
}

/** @throws AppError `import.unknown` */
export async function getImport(records: Records, id: string): Promise<Import> {
  return toImport(await importRow(records, id));
}

export async function importRow(records: Records, id: string): Promise<ImportRow> {
  const row = await records.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined)
    throw new AppError(
      'import.unknown',
      `there is no import "${id}"; the list of imports has those that are`,
    );
  return row;
}

/** The file's shape as it was when the import was made. */
export function shapeIn({ format, columns, bytes_total: bytes }: ImportRow): FileShape {
  return { format, columns, bytes };
}

export type ImportChanges = Partial<
  Pick<
    Updateable<ImportsTable>,
    | 'state'
    | 'file_hash'
    | 'rows_read'
    | 'rows_loaded'
    | 'rows_refused'
    | 'rows_known'
    | 'bytes_done'
    | 'blocks_done'
    | 'error'
    | 'finished_at'
    | 'mapping'
  >
>;

export async function changeImport(records: Records, id: string, changes: ImportChanges): Promise<void> {
  await records.updateTable('imports').set(changes).where('id', '=', id).execute();
}

export function toImport(row: ImportRow): Import {
  const { id, file_name, kind, mapping, format, state, error } = row;
  const { rows_read, rows_loaded, rows_refused, rows_known, bytes_done, bytes_total } = row;
  return {
    id,
    file_name,
    kind,
    mapping,
    format,
    state,
    rows_read,
    rows_loaded,
    rows_refused,
    rows_known,
    bytes_done,
    bytes_total,
    error,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
