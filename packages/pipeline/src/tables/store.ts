import {
  AppError,
  type TableChoices,
  type TablePage,
  type TableSummary,
  type TableVersion,
  type Work,
} from '@bellwether/contracts';
import type { LearnedTablesTable, Records, Selectable, TableFindings } from '@bellwether/records';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Stores } from '../stores.ts';
import { modelVersions } from '../training/index.ts';
import { scenarioOfTable } from './kept.ts';
import { prepareTable, type Prepared } from './prepare.ts';
import { readTable, type RawTable } from './read.ts';

export type TableRow = Selectable<LearnedTablesTable>;

export interface NewTable {
  /** Where the file lies; it is read again at each training. */
  path: string;
  fileName: string;
  uploadId: string;
  choices: TableChoices;
}

/**
 * Reads a file as a table to learn from and writes down what was found.
 *
 * @throws AppError what `readTable` and `prepareTable` throw
 * @example
 * const { id, overview, leaks } = await createTable(stores, { path, fileName: 'bank.csv', uploadId, choices });
 */
export async function createTable(stores: Stores, fresh: NewTable, work: Work = {}): Promise<TablePage> {
  const { path, fileName, uploadId, choices } = fresh;
  const raw = await readTable({ path, name: fileName }, work);
  const prepared = prepareTable(raw, choices);
  const row = await stores.records
    .insertInto('learned_tables')
    .values({
      id: `tab_${randomBytes(8).toString('hex')}`,
      ...{ upload_id: uploadId, file_name: fileName, file_path: path, file_hash: await hashOf(path) },
      page: JSON.stringify(findingsOf(raw, prepared)),
      choices: JSON.stringify(prepared.choices),
      created_at: new Date(stores.clock.now()),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return pageOf(stores.records, row);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function findingsOf(raw: RawTable, prepared: Prepared): TableFindings {
  const { columns, targetValues, leaks, leftOut, faults } = prepared;
  return {
    ...{ rows: raw.rows, columns: raw.columns.length, format: raw.format, bytes: raw.bytes },
    ...{ sampled: raw.lines.length, refused: raw.refused },
    overview: columns.map(({ overview }) => overview),
    ...{ target_values: targetValues, leaks, left_out: leftOut, faults },
  };
}

/**
 * Takes a person's choices and looks at the table again with them.
 *
 * @throws AppError `table.unknown`, `table.column_missing`
 */
export async function chooseForTable(
  stores: Stores,
  id: string,
  choices: TableChoices,
  work: Work = {},
): Promise<TablePage> {
  const { file_path, file_name } = await tableRow(stores.records, id);
  const raw = await readTable({ path: file_path, name: file_name }, work);
  const prepared = prepareTable(raw, choices);
  const row = await stores.records
    .updateTable('learned_tables')
    .set({
      page: JSON.stringify(findingsOf(raw, prepared)),
      choices: JSON.stringify(prepared.choices),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return pageOf(stores.records, row);
}

/** @throws AppError `table.unknown` */
export async function tableRow(records: Records, id: string): Promise<TableRow> {
  const row = await records.selectFrom('learned_tables').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('table.unknown', `there is no table ${id}`);
  return row;
}

/** @throws AppError `table.unknown` */
export async function tablePage(records: Records, id: string): Promise<TablePage> {
  return pageOf(records, await tableRow(records, id));
}

/** Every table, the newest first. */
export async function listTables(records: Records): Promise<TableSummary[]> {
  const rows = await records.selectFrom('learned_tables').selectAll().orderBy('created_at', 'desc').execute();
  const summaries: TableSummary[] = [];
  for (const row of rows) summaries.push(summaryOf(row, await versionsOf(records, row.id)));
  return summaries;
}

/**
 * Forgets a table with its versions; the file is whose it came from.
 *
 * @throws AppError `table.unknown`
 */
export async function removeTable(records: Records, id: string): Promise<TableRow> {
  const row = await tableRow(records, id);
  await records.deleteFrom('model_versions').where('scenario', '=', scenarioOfTable(id)).execute();
  await records.deleteFrom('learned_tables').where('id', '=', id).execute();
  return row;
}

async function pageOf(records: Records, row: TableRow): Promise<TablePage> {
  const versions = await versionsOf(records, row.id);
  return { ...row.page, ...summaryOf(row, versions), choices: row.choices, versions };
}

function summaryOf(row: TableRow, versions: readonly TableVersion[]): TableSummary {
  const champion = versions.find(({ state }) => state === 'champion');
  return {
    ...{ id: row.id, file_name: row.file_name, rows: row.page.rows, columns: row.page.columns },
    target: row.choices.target ?? null,
    champion: champion?.version ?? null,
    auc: champion?.card.cross.auc ?? null,
    created_at: row.created_at.toISOString(),
  };
}

async function versionsOf(records: Records, id: string): Promise<TableVersion[]> {
  const all = await modelVersions(records, scenarioOfTable(id));
  return all.flatMap(({ card, scenario: _, ...version }) =>
    card.kind === 'table' ? [{ ...version, card }] : [],
  );
}
