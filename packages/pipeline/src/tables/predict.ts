import { AppError, type TableCheck, type TablePrediction, type Words } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import type { Records } from '@bellwether/records';
import type { Stores } from '../stores.ts';
import { encodeRows, notesOn, type Cells, type Recipe } from './encode.ts';
import { keptTable, scenarioOfTable, type KeptTable, type TableModel } from './kept.ts';
import { recordsIn, tableShape, type TableFile } from './read.ts';
import { tableRow } from './store.ts';
import { isMissing } from './values.ts';

/** Reasons that a row is told with, and the percentage points below which a column is none. */
const REASONS = 5;
const LEAST_EFFECT = 0.05;
/** Rows that are told at a time. */
const CHUNK = 2_000;

type Usable = KeptTable & { learned: TableModel };

/** Values of one row by column, as a form or a program gives them. */
export type GivenRow = Readonly<Record<string, number | string | boolean | null>>;

/**
 * What the version in use says of one row, with its interval and reasons.
 *
 * @throws AppError `table.unknown`, `scenario.no_champion`, `scenario.bad_version`, `table.nothing_given`
 * @example
 * const { probability, reasons } = await predictRow(stores, id, { age: 41, job: 'admin.' });
 */
export async function predictRow(stores: Stores, id: string, given: GivenRow): Promise<TablePrediction> {
  const version = await usable(stores.records, id);
  const cells: Cells = new Map(Object.entries(given).map(([name, value]) => [name, [textOf(value)]]));
  if (!namesOf(version.learned.recipe).some(name => cells.has(name)))
    throw new AppError(
      'table.nothing_given',
      `none of the columns that version ${version.version} reads was given: ${namesOf(version.learned.recipe).join(', ')}`,
    );
  const [told] = tellRows(version, cells);
  return {
    ...{ scenario: scenarioOfTable(id), version: version.version },
    probability: { value: told.probability, low: told.low, high: told.high, n: 1 },
    ...{ chosen: told.chosen, reasons: told.reasons, notes: notesOn(version.learned.recipe, cells) },
  };
}

function textOf(value: GivenRow[string]): string {
  return value === null ? '' : String(value);
}

async function usable(records: Records, id: string): Promise<Usable> {
  const { file_name } = await tableRow(records, id);
  const kept = await keptTable(records, id);
  if (kept === undefined)
    throw new AppError(
      'scenario.no_champion',
      `${file_name} has no version in use: train one, or promote one`,
    );
  const { version, learned } = kept;
  if (learned === undefined)
    throw new AppError(
      'scenario.bad_version',
      `version ${version} of ${file_name} was kept in a form that is not read any more: train it again`,
    );
  return { ...kept, learned };
}

const namesOf = ({ columns, time }: Recipe): string[] =>
  [...columns, ...(time === null ? [] : [time])].map(({ name }) => name);

interface ToldRow {
  probability: number;
  low: number;
  high: number;
  chosen: boolean;
  reasons: TablePrediction['reasons'];
}

function tellRows({ learned: { recipe, model }, card }: Usable, cells: Cells): ToldRow[] {
  const table = encodeRows(recipe, complete(recipe, cells));
  const { probability, low, high } = model.judge(table);
  const effects = model.effects(table);
  const width = effects.features.length;
  return Array.from(probability, (p, row) => ({
    ...{ probability: p, low: low[row], high: high[row], chosen: p >= card.threshold },
    reasons: reasonsOf(
      effects.features.map((feature, j) => ({ feature, effect: 100 * effects.values[row * width + j] })),
      { table, cells, row },
    ),
  }));
}

/** Columns that are not there are missing in every row. */
function complete(recipe: Recipe, cells: Cells): Cells {
  const rows = cells.values().next().value?.length ?? 0;
  const absent = namesOf(recipe).filter(name => !cells.has(name));
  return new Map([...cells, ...absent.map(name => [name, new Array<string>(rows).fill('')] as const)]);
}

function reasonsOf(
  effects: { feature: string; effect: number }[],
  { table, cells, row }: { table: Table; cells: Cells; row: number },
): TablePrediction['reasons'] {
  return effects
    .filter(({ effect }) => Math.abs(effect) >= LEAST_EFFECT)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, REASONS)
    .map(({ feature, effect }) => ({ feature, value: valueOf(feature, table, cells, row), effect }));
}

/** As it stands in the row; what was made of several columns, or of a date, as it was made. */
function valueOf(feature: string, table: Table, cells: Cells, row: number): string {
  const cell = cells.get(feature)?.[row];
  if (cell !== undefined) return isMissing(cell) ? '' : cell.trim();
  const value = table.columns[table.names.indexOf(feature)]?.[row] ?? NaN;
  if (Number.isNaN(value)) return '';
  return table.dictionaries?.[feature]?.[value] ?? String(value);
}

/**
 * Whether another file can be told by the version in use, and what is to be known before: by its first rows.
 *
 * @throws AppError as `predictRow`, and `import.…` where the file cannot be read
 */
export async function checkFile(stores: Stores, id: string, file: TableFile): Promise<TableCheck> {
  const { learned } = await usable(stores.records, id);
  const shape = await tableShape(file);
  for await (const rows of chunksOf(file, shape.columns)) {
    const notes = notesOn(learned.recipe, rows.cells);
    const ready = namesOf(learned.recipe).some(name => shape.columns.includes(name));
    const none: Words = {
      en: 'The file has none of the columns that were learned from.',
      'zh-CN': '该文件没有任何学习所用的列。',
    };
    return { file_name: file.name, ready, notes: ready ? notes : [none] };
  }
  throw new AppError('import.no_rows', `${file.name} has no row that can be read`);
}

interface FileRows {
  lines: number[];
  cells: Cells;
}

async function* chunksOf(file: TableFile, columns: readonly string[]): AsyncGenerator<FileRows> {
  const shape = await tableShape(file);
  let lines: number[] = [];
  let rows: string[][] = [];
  const chunk = (): FileRows => ({
    lines,
    cells: new Map(columns.map((name, j) => [name, rows.map(fields => fields[j] ?? '')])),
  });
  for await (const record of recordsIn(file, shape)) {
    if (record.fault !== '') continue;
    lines.push(record.line);
    rows.push(record.fields);
    if (rows.length < CHUNK) continue;
    yield chunk();
    [lines, rows] = [[], []];
  }
  if (rows.length > 0) yield chunk();
}

/**
 * The rows of a file with what the version in use says of each, as CSV, a part at a time: memory does not follow the file.
 * The columns of the file come first, as they are, then `probability`, `low`, `high`, `chosen` and `reasons`.
 *
 * @throws AppError as `predictRow`, and `import.…` where the file cannot be read
 */
export async function* predictedFile(stores: Stores, id: string, file: TableFile): AsyncGenerator<string> {
  const version = await usable(stores.records, id);
  const { columns } = await tableShape(file);
  yield csvLine([...columns, 'probability', 'low', 'high', 'chosen', 'reasons']);
  for await (const { cells } of chunksOf(file, columns)) {
    const lines = tellRows(version, cells).map(({ probability, low, high, chosen, reasons }, row) =>
      csvLine([
        ...columns.map(name => cells.get(name)?.[row] ?? ''),
        ...[probability, low, high].map(value => value.toFixed(6)),
        chosen ? 'yes' : 'no',
        reasons.map(({ feature, value, effect }) => `${feature}=${value} (${signed(effect)})`).join('; '),
      ]),
    );
    yield lines.join('');
  }
}

function signed(points: number): string {
  return `${points >= 0 ? '+' : ''}${points.toFixed(1)}`;
}

/** RFC 4180; a cell that a spreadsheet would run as a formula is given as text. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
