import type { CanonicalTable, Field, Mapping } from '@bellwether/contracts';
import type { Warehouse } from '@bellwether/warehouse';
import { DAY_FIRST, DOTTED, MONTH_FIRST } from './dates.ts';
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

function evidence({ name, type, cell }: MappedField): string[] {
  if (cell === undefined) return [];
  const count = (what: string, condition: string): string => `, countIf(${condition}) AS ${what}_${name}`;
  const matching = (what: string, pattern: string): string =>
    count(what, `match(trimBoth(${cell}), '${pattern}')`);
  if (type === 'date')
    return [
      matching('day_first', DAY_FIRST),
      matching('month_first', MONTH_FIRST),
      matching('dotted', DOTTED),
      matching('slashed', DOTTED.replace('[-.]', '/').replace('[-.]', '/')),
    ];
  if (type === 'number') return [matching('comma', COMMA_DECIMALS), matching('point', POINT_DECIMALS)];
  return name.endsWith('_id') ? [matching('floats', FLOAT_ID), count('said', `trimBoth(${cell}) != ''`)] : [];
}
