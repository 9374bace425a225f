import {
  AppError,
  CANONICAL_TABLES,
  type ImportKind,
  type Mapping,
  type Preview,
} from '@bellwether/contracts';
import { basename } from 'node:path';
import { pseudonymiser } from '../file/access-log.ts';
import { recordsOf } from '../file/block.ts';
import { blocksOf } from '../file/blocks.ts';
import { shapeOf, type FileShape } from '../file/shape.ts';
import { currencyOf } from './currency.ts';
import { judgeKind, recogniseKind, type Recognised } from './kind.ts';
import { isKnownName } from './names.ts';
import { profileColumn, type ColumnProfile } from './values.ts';

const ROWS_JUDGED = 1000;
const ROWS_SHOWN = 20;
const SAMPLES = 3;

export interface PreviewOptions {
  /** The kind that a person chose; recognised when absent. */
  kind?: ImportKind | undefined;
  /** The mapping that a person edited; recognised when absent. */
  mapping?: Mapping | undefined;
}

/**
 * What a file is, what kind of data it holds and which column is which field, with how sure each is and why.
 *
 * @throws AppError `import.…` with a sentence that says what was expected and what was found
 * @example
 * const { kind, mapping, missing } = await previewFile('orders.csv', 'orders.csv');
 */
export async function previewFile(
  path: string,
  fileName = basename(path),
  options: PreviewOptions = {},
): Promise<Omit<Preview, 'upload_id'>> {
  const shape = await shapeOf(path, fileName, isKnownName);
  const rows = await firstRows(path, shape, fileName);
  const columns = shape.columns.map((name, place) =>
    profileColumn(
      name,
      rows.map(row => row[place] ?? ''),
    ),
  );
  const recognised = recognise(shape, columns, fileName, options.kind);
  const mapping = options.mapping ?? mappingOf(recognised, columns);
  return {
    file_name: fileName,
    bytes: shape.bytes,
    format: shape.format,
    kind: recognised.kind,
    confidence: round(recognised.confidence),
    why: recognised.why,
    columns: columns.map(column => describe(column, recognised, options.mapping)),
    rows: rows.slice(0, ROWS_SHOWN),
    mapping,
    missing: missingFrom(recognised, mapping),
  };
}

async function firstRows(path: string, shape: FileShape, name: string): Promise<string[][]> {
  // addresses are shown as pseudonyms here too; they need not agree with those of the import
  const options = { limits: { rows: ROWS_JUDGED, bytes: Infinity }, pseudonymise: pseudonymiser('preview') };
  for await (const block of blocksOf(path, shape, options)) {
    const rows = recordsOf(block).filter(record => record.fault === '');
    if (rows.length > 0) return rows.map(record => record.fields);
  }
  throw new AppError(
    'import.no_rows',
    `${name} has columns (${shape.columns.join(', ')}) but no row that can be read`,
  );
}

function recognise(
  shape: FileShape,
  columns: readonly ColumnProfile[],
  name: string,
  kind: ImportKind | undefined,
): Recognised {
  const isLog = shape.format.container === 'log';
  if (isLog !== (kind === 'access_log') && (isLog ? kind !== undefined : kind === 'access_log'))
    throw new AppError(
      'import.wrong_kind',
      isLog
        ? `${name} is a web access log; it can be imported as access_log, not as ${kind}`
        : `${name} is no web access log: lines of Apache's or nginx's combined format are expected`,
    );
  if (isLog)
    return {
      kind: 'access_log',
      confidence: 0.99,
      why: 'lines of the combined log format',
      matches: [],
      missing: [],
    };
  return kind === undefined || kind === 'access_log'
    ? recogniseKind(columns, name)
    : judgeKind(CANONICAL_TABLES[kind], columns, true);
}

function mappingOf({ matches }: Recognised, columns: readonly ColumnProfile[]): Mapping {
  const fields = Object.fromEntries(matches.map(({ field, column }) => [field, column]));
  const money = columns.find(({ name }) =>
    [fields['unit_price'], fields['price'], fields['cost']].includes(name),
  );
  const currency = money === undefined || 'currency' in fields ? undefined : currencyOf(money);
  return { fields, ...(currency === undefined ? {} : { currency }) };
}

function describe(
  column: ColumnProfile,
  { matches }: Recognised,
  mapping?: Mapping,
): Preview['columns'][number] {
  const samples = [...new Set(column.values)].slice(0, SAMPLES);
  const chosen = Object.entries(mapping?.fields ?? {}).find(([, name]) => name === column.name)?.[0];
  const match = matches.find(({ column: name }) => name === column.name);
  if (mapping !== undefined && chosen !== match?.field)
    return { name: column.name, samples, field: chosen ?? null, confidence: 1, why: 'chosen by hand' };
  return {
    name: column.name,
    samples,
    field: match?.field ?? null,
    confidence: round(match?.confidence ?? 0),
    why: match?.why ?? '',
  };
}

function missingFrom({ kind }: Recognised, mapping: Mapping): string[] {
  if (kind === 'access_log') return [];
  return CANONICAL_TABLES[kind].fields
    .filter(field => field.required && mapping.fields[field.name] === undefined)
    .map(field => field.name);
}

function round(share: number): number {
  return Math.round(100 * share) / 100;
}
