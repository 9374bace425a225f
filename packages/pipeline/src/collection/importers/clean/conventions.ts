import type { CanonicalTable, Field, Mapping } from '@bellwether/contracts';
import type { Warehouse } from '@bellwether/warehouse';
import { DAY_FIRST, DOTTED, MONTH_FIRST, SLASHED } from './dates.ts';
import { COMMA_DECIMALS, POINT_DECIMALS } from './numbers.ts';
import { FLOAT_ID } from './text.ts';

/** How a file writes what can be written in more than one way. */
export interface Conventions {
  dayFirst: boolean;
  decimalComma: boolean;
  /** Fields whose ids became decimal numbers on their way: 17850.0. */
  floatIds: ReadonlySet<string>;
  /** Those that the data showed, for the mapping. */
  found: Pick<Mapping, 'day_first' | 'decimal_comma'>;
}

/** A field of the table and the staged column that it comes from. */
export interface MappedField extends Field {
  /** `c3`, or nothing when the file has no column for it. */
  cell: string | undefined;
}

export function mappedFields(
  table: CanonicalTable,
  columns: readonly string[],
  mapping: Mapping,
): MappedField[] {
  return table.fields.map(field => {
    const place = columns.indexOf(mapping.fields[field.name] ?? '');
    return { ...field, cell: place < 0 ? undefined : `c${place}` };
  });
}

type Counts = Record<string, number>;

/** Finds the conventions in all rows of a staged file; what a person said in the mapping stands. */
export async function conventionsOf(
  warehouse: Warehouse,
  staging: string,
  fields: readonly MappedField[],
  mapping: Mapping,
): Promise<Conventions> {
  const counts = await warehouse.one<Counts>(
    `SELECT count() AS n${fields.flatMap(evidence).join('')} FROM ${staging} WHERE fault = ''`,
  );
  const sum = (what: string): number =>
    fields.reduce((total, field) => total + (counts[`${what}_${field.name}`] ?? 0), 0);
  const byOrder = sum('day_first') - sum('month_first') || sum('dotted') - sum('slashed');
  const dayFirst = mapping.day_first ?? byOrder > 0;
  const decimalComma = mapping.decimal_comma ?? sum('comma') > sum('point');
  return {
    dayFirst,
    decimalComma,
    floatIds: new Set(fields.filter(({ name }) => isFloat(counts, name)).map(field => field.name)),
    found: {
      ...(byOrder === 0 ? {} : { day_first: dayFirst }),
      ...(sum('comma') + sum('point') === 0 ? {} : { decimal_comma: decimalComma }),
    },
  };
}

function isFloat(counts: Counts, field: string): boolean {
  const floats = counts[`floats_${field}`] ?? 0;
  return floats > 0 && floats === counts[`said_${field}`];
}

/** What a column shows of its ways of writing, counted; a cheap condition before a pattern spares most rows of it. */
function evidence({ name, type, cell }: MappedField): string[] {
  if (cell === undefined) return [];
  const said = `trimBoth(${cell})`;
  const count = (what: string, condition: string): string => `, countIf(${condition}) AS ${what}_${name}`;
  const yearLast = (what: string, pattern: string): string =>
    count(what, `NOT match(${said}, '^[0-9]{4}') AND match(${said}, '${pattern}')`);
  if (type === 'date')
    return [
      yearLast('day_first', DAY_FIRST),
      yearLast('month_first', MONTH_FIRST),
      yearLast('dotted', DOTTED),
      yearLast('slashed', SLASHED),
    ];
  if (type === 'number')
    return [
      count('comma', `position(${cell}, ',') > 0 AND match(${said}, '${COMMA_DECIMALS}')`),
      count('point', `position(${cell}, '.') > 0 AND match(${said}, '${POINT_DECIMALS}')`),
    ];
  if (!name.endsWith('_id')) return [];
  return [
    count('floats', `endsWith(${said}, '.0') AND match(${said}, '${FLOAT_ID}')`),
    count('said', `${said} != ''`),
  ];
}
