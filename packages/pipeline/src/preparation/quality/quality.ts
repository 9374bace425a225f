import type { QualityReport } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '../../stores.ts';
import { bounded } from '../scratch.ts';
import { fill, isoMoment } from '../sql.ts';
import { columnsOf, INPUT_TABLES, type InputColumn, type InputTable } from './inputs.ts';

const DRIFT = sqlBeside(import.meta.url, 'drift.sql');

type TableQuality = QualityReport['tables'][number];
type Column = QualityReport['columns'][number];

/** Fewer rows than this cannot tell drift from chance. */
const ENOUGH_ROWS = 200;
/** A text of which more than this share of rows are different names things, and has no distribution to speak of. */
const NAMES = 0.5;

/**
 * Reads what came in, table by table and column by column: how much, how empty, from where to where, how fresh, how
 * often repeated, and whether the later half of the rows looks like the earlier (population stability index: below 0.1
 * it does, above 0.25 the column has moved). The report is kept.
 *
 * @example
 * const { columns } = await qualityReport(stores);
 * columns.filter(column => (column.drift ?? 0) > 0.25); // what has changed
 */
export async function qualityReport({ warehouse, clock }: Stores): Promise<QualityReport> {
  const report: QualityReport = { at: new Date(clock.now()).toISOString(), tables: [], columns: [] };
  for (const input of INPUT_TABLES) {
    const { table, columns } = await qualityOf(warehouse, input);
    report.tables.push(table);
    report.columns.push(...columns);
  }
  const row = { at: clickhouseTime(clock.now()), report: JSON.stringify(report) };
  await warehouse.insert('quality_runs', [row], { token: `quality:${report.at}` });
  return report;
}

/** The last quality report. */
export async function lastQuality(warehouse: Warehouse): Promise<QualityReport | null> {
  const [row] = await warehouse.query<{ report: string }>(
    'SELECT report FROM quality_runs ORDER BY at DESC LIMIT 1',
  );
  // written by `qualityReport` above and by nothing else
  return row === undefined ? null : (JSON.parse(row.report) as QualityReport);
}

async function qualityOf(
  warehouse: Warehouse,
  input: InputTable,
): Promise<{ table: TableQuality; columns: Column[] }> {
  const columns = await columnsOf(warehouse, input.table);
  const { middle, table } = await tableQuality(warehouse, input);
  const read = await columnQualities(warehouse, input, columns, table.rows);
  const moved = await drifts(
    warehouse,
    input,
    columns.filter(column => canDrift(column, read)),
    middle,
  );
  return { table, columns: read.map(column => ({ ...column, drift: moved.get(column.column) ?? null })) };
}

async function tableQuality(
  warehouse: Warehouse,
  { table, from, at, alike }: InputTable,
): Promise<{ middle: string; table: TableQuality }> {
  const row = await warehouse.one<Omit<TableQuality, 'table'> & { middle: string }>(
    bounded(`SELECT
      sum(copies) AS rows, sum(copies - 1) AS duplicates,
      if(rows = 0, NULL, toString(min(first))) AS first_at,
      if(rows = 0, NULL, toString(max(last))) AS last_at,
      if(rows = 0, NULL, toString(max(received))) AS last_received_at,
      (SELECT toString(quantileExactWeighted(0.5)(toStartOfHour(toDateTime(${at}, 'UTC')), 1)) FROM ${from}) AS middle
    FROM (
      SELECT count() AS copies, min(${at}) AS first, max(${at}) AS last, max(received_at) AS received
      FROM ${from} GROUP BY sipHash128(${alike.join(', ')})
    )`),
  );
  const { middle, first_at, last_at, last_received_at, ...counts } = row;
  const moments = {
    first_at: isoMoment(first_at),
    last_at: isoMoment(last_at),
    last_received_at: isoMoment(last_received_at),
  };
  return { middle, table: { table, ...counts, ...moments } };
}

/** One pass over a table for all its columns. */
async function columnQualities(
  warehouse: Warehouse,
  { table, from }: InputTable,
  columns: readonly InputColumn[],
  rows: number,
): Promise<Column[]> {
  const tuples = columns.map(({ name, reading }) => {
    const said = reading === 'text' ? `toString(${name}) NOT IN ('', '{}')` : `isNotNull(${name})`;
    const extremes = `${textOf('min', name, said)}, ${textOf('max', name, said)}`;
    return `tuple('${name}', countIf(NOT (${said})), uniqIf(${name}, ${said}), ${extremes})`;
  });
  type Counts = [column: string, nulls: number, distinct: number, min: string | null, max: string | null];
  const { counts } = await warehouse.one<{ counts: Counts[] }>(
    bounded(`SELECT [${tuples.join(',\n')}] AS counts FROM ${from}`),
  );
  return counts.map(([column, nulls, distinct, min, max]) => ({
    table,
    column,
    rows,
    nulls,
    distinct,
    min: nulls === rows ? null : min,
    max: nulls === rows ? null : max,
    drift: null,
  }));
}

const textOf = (extreme: 'min' | 'max', column: string, said: string): string =>
  `toNullable(substringUTF8(ifNull(toString(${extreme}If(${column}, ${said})), ''), 1, 100))`;

function canDrift({ name, reading }: InputColumn, read: readonly Column[]): boolean {
  const quality = read.find(({ column }) => column === name);
  if (quality === undefined || quality.rows < ENOUGH_ROWS || reading === 'moment') return false;
  return reading === 'number' || quality.distinct < NAMES * quality.rows;
}

async function drifts(
  warehouse: Warehouse,
  { from, at }: InputTable,
  columns: readonly InputColumn[],
  middle: string,
): Promise<Map<string, number | null>> {
  if (columns.length === 0) return new Map();
  const each = columns.map(column =>
    fill(DRIFT, { column: column.name, table: from, at, bin: binOf(column, from, at) }),
  );
  const rows = await warehouse.query<{ column: string; drift: number | null }>(
    bounded(each.join('\nUNION ALL\n')),
    { middle },
  );
  return new Map(rows.map(({ column, drift }) => [column, drift]));
}

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

function binOf({ name, reading }: InputColumn, from: string, at: string): string {
  if (reading === 'number') {
    const edges = `(SELECT quantilesGK(1000, ${DECILES.join(', ')})(assumeNotNull(${name})) FROM ${from} WHERE ${at} < {middle:DateTime64(3, 'UTC')} AND isNotNull(${name}))`;
    return `if(isNull(${name}), -1, toInt32(arrayCount(edge -> edge < ${name}, ${edges})))`;
  }
  const common = `(SELECT topK(20)(toString(${name})) FROM ${from} WHERE ${at} < {middle:DateTime64(3, 'UTC')})`;
  return `if(has(${common}, toString(${name})), concat('=', toString(${name})), '')`;
}
