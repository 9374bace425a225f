import { sql } from '@bellwether/records';
import type { PrivacyStores } from '../stores.ts';
import { paramsOf, recordsPlaces, warehousePlaces } from './places.ts';
import { personOf } from './whom.ts';
import { zipOf } from './zip.ts';

type Row = Record<string, unknown>;

/** Everything held of one person, by store and table, as it is held. */
export interface PersonExport {
  exported_at: string;
  customer_id: string;
  /** Every id and address by which the person is known. */
  known_as: { ids: string[]; emails: string[]; phones: string[] };
  /** What happened: table -> rows. */
  happened: Record<string, Row[]>;
  /** What was decided and said: table -> rows. */
  decided: Record<string, Row[]>;
}

/**
 * Gathers everything that both stores hold of a person: for their right of access and to take it elsewhere (GDPR,
 * articles 15 and 20).
 *
 * @param at the moment that the export tells of itself
 * @throws AppError `customer.unknown`
 */
export async function exportPerson(stores: PrivacyStores, id: string, at: Date): Promise<PersonExport> {
  const { id: customer_id, ...known_as } = await personOf(stores, id);
  const happened: Record<string, Row[]> = {};
  for (const { table, condition } of await warehousePlaces(stores.warehouse)) {
    const query = `SELECT * FROM ${table} WHERE ${condition}`;
    const rows = await stores.warehouse.query<Row>(query, paramsOf(known_as));
    if (rows.length > 0) happened[table] = rows;
  }
  const decided: Record<string, Row[]> = {};
  for (const { table, condition } of await recordsPlaces(stores.records, known_as)) {
    const { rows } = await sql<Row>`SELECT * FROM ${sql.table(table)} WHERE ${condition}`.execute(
      stores.records,
    );
    if (rows.length > 0) decided[table] = rows;
  }
  return { exported_at: at.toISOString(), customer_id, known_as, happened, decided };
}

/** The same as CSV, a file for each table, with a page that says what is what; one ZIP file. */
export function exportZip(person: PersonExport): Buffer {
  const tables = [...Object.entries(person.happened), ...Object.entries(person.decided)];
  const files = tables.map(([table, rows]) => ({ name: `${table}.csv`, text: csvOf(rows) }));
  const listed = tables.map(([table, rows]) => `${table}.csv: ${rows.length}`);
  const readme = [
    `Everything held of customer ${person.customer_id}, as of ${person.exported_at}.`,
    `系统中关于客户 ${person.customer_id} 的全部数据，截至 ${person.exported_at}。`,
    '',
    `Known as / 编号与地址: ${[...person.known_as.ids, ...person.known_as.emails, ...person.known_as.phones].join(', ')}`,
    '',
    'Files and their lines / 文件与行数:',
    ...listed,
    '',
  ].join('\n');
  return zipOf([{ name: 'README.txt', text: readme }, ...files], new Date(person.exported_at));
}

/** RFC 4180, with a mark by which spreadsheets know UTF-8. */
function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map(row => names.map(name => cellOf(row[name])))];
  return `\uFEFF${lines.map(line => line.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A cell that a spreadsheet would run as a formula begins with an apostrophe. */
function quoted(cell: string): string {
  const safe = /^[=@\t\r]|^[+-](?![0-9.])/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
