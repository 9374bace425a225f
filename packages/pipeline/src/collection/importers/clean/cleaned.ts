import type { FileFormat } from '@bellwether/contracts';
import type { Params } from '@bellwether/warehouse';
import type { Conventions, MappedField } from './conventions.ts';
import { dateValue } from './dates.ts';
import { numberValue } from './numbers.ts';
import type { Check } from '../kinds/importer.ts';
import { boolValue, idText, saidText, saidValue } from './text.ts';

/** A staged file, what its columns mean and how it writes. */
export interface Staged {
  /** The table that holds its records as text. */
  table: string;
  columns: readonly string[];
  format: FileFormat;
  fields: readonly MappedField[];
  conventions: Conventions;
  /** The kind's own checks. */
  checks: readonly Check[];
}

const NO_MOMENT = "toDateTime64(0, 3, 'UTC')";

/**
 * SQL of a staged file's rows, cleaned and checked. One row is one record: `line`, `reason` and `detail` (empty for a
 * good one) and `raw` of a refused one, `content` (a hash of what its fields say), `extra` (the columns that no field
 * takes, as JSON), and each field of the kind by its name: text, numbers, moments in UTC. Fields that must be there
 * are never null; the others are null where nothing is said, text is empty.
 */
export function cleanedSql(staged: Staged): string {
  const { fields, conventions } = staged;
  const said = fields.map(field => `${saidOf(field)} AS said_${field.name}`);
  const values = fields.flatMap(field => valueOf(field, conventions));
  const checks = [...fields.flatMap(checksOf), ...staged.checks];
  // one hash of one text: of many arguments each would be hashed alone, several times as slow
  const content = fields.map(contentOf).join(", '\\0', ");
  return `SELECT
  line,
  multiIf(fault != '', toString(fault), ${checks.map(check => `${check.broken}, '${check.reason}', `).join('')}'') AS reason,
  if(reason = '', '', multiIf(fault != '', fault_detail, ${checks.map(check => `${check.broken}, ${check.detail}, `).join('')}'')) AS detail,
  multiIf(reason = '', '', fault != '', fault_raw, ${rawOf(staged)}) AS raw,
  lower(hex(sipHash128(concat(${content})))) AS content,
  ${extraOf(staged)} AS extra,
  ${values.join(',\n  ')}
FROM (SELECT *, ${said.join(', ')} FROM ${staged.table})`;
}

/** The values that `cleanedSql` names. */
export function cleanedParams(
  { columns, format, fields }: Staged,
  timezone: string,
  currency: string,
): Params {
  const taken = new Set(fields.map(field => field.cell));
  return {
    timezone,
    currency,
    delimiter: format.delimiter ?? ',',
    column_names: columns,
    spare_names: columns.filter((_, place) => !taken.has(`c${place}`)),
  };
}

function saidOf({ cell, type }: MappedField): string {
  if (cell === undefined) return "''";
  return type === 'text' ? saidText(cell) : saidValue(cell);
}

function valueOf(
  { name, type, required }: MappedField,
  { dayFirst, decimalComma, floatIds }: Conventions,
): string[] {
  const said = `said_${name}`;
  switch (type) {
    case 'text':
      return [`${name === 'currency' ? currencyText(said) : idText(said, floatIds.has(name))} AS ${name}`];
    case 'bool':
      return [`${boolValue(said)} AS value_${name}`, `value_${name} AS ${name}`];
    case 'number':
      return [
        `${numberValue(said, decimalComma)} AS value_${name}`,
        `${required ? `ifNull(value_${name}, 0)` : `value_${name}`} AS ${name}`,
      ];
    case 'date':
      return [
        `${dateValue(said, dayFirst)} AS moment_${name}`,
        `if(toYear(moment_${name}) BETWEEN 1970 AND 2099, moment_${name}, NULL) AS value_${name}`,
        `${required ? `ifNull(value_${name}, ${NO_MOMENT})` : `value_${name}`} AS ${name}`,
      ];
  }
}

function currencyText(said: string): string {
  return `if(${said} = '', {currency:String}, upper(${said}))`;
}

const WRONG_VALUE = { number: 'not_a_number', date: 'not_a_date', bool: 'invalid_field' } as const;

function checksOf({ name, type, required }: MappedField): Check[] {
  const missing: Check = {
    broken: `said_${name} = ''`,
    reason: 'missing_required',
    detail: `'${name} is empty'`,
  };
  const checks: Check[] = required ? [missing] : [];
  if (type === 'text') return checks;
  const detail = `concat('${name} is “', said_${name}, '”')`;
  return [
    ...checks,
    { broken: `said_${name} != '' AND isNull(value_${name})`, reason: WRONG_VALUE[type], detail },
  ];
}

function contentOf({ name, type, required }: MappedField): string {
  if (type === 'text') return name;
  return required ? `toString(${name})` : `ifNull(toString(${name}), '')`;
}

function cellsOf(columns: readonly string[]): string {
  return `[${columns.map((_, place) => `c${place}`).join(', ')}]`;
}

/** The record as it stood in the file, or the same in other words: quoted where it must be, JSON on one line. */
function rawOf({ columns, format }: Staged): string {
  const cells = cellsOf(columns);
  if (format.container !== 'csv')
    return `toJSONString(mapFromArrays({column_names:Array(String)}, ${cells}))`;
  const quoted = `concat('"', replaceAll(cell, '"', '""'), '"')`;
  const special = `match(cell, '["\\\\r\\\\n]') OR position(cell, {delimiter:String}) > 0`;
  return `arrayStringConcat(arrayMap(cell -> if(${special}, ${quoted}, cell), ${cells}), {delimiter:String})`;
}

function extraOf({ columns, fields }: Staged): string {
  const taken = new Set(fields.map(field => field.cell));
  const spare = columns.map((_, place) => `c${place}`).filter(cell => !taken.has(cell));
  if (spare.length === 0) return "'{}'";
  const map = `mapFromArrays({spare_names:Array(String)}, [${spare.join(', ')}])`;
  return `toJSONString(mapFilter((name, cell) -> cell != '', ${map}))`;
}
