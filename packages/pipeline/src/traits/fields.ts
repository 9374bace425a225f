import { traitFieldKind, type TraitSource } from '@bellwether/contracts';

/** Places of values in the text of a query, and the values. Has state: what was bound so far. */
export class Bound {
  readonly params: Record<string, unknown> = {};

  /** The place of a value. */
  place(value: string | number, type: 'String' | 'Float64' | 'UInt32'): string {
    const name = `t${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

/** A field of a source's row: as text, empty where there is none, and as a number, null where it is none. */
export interface FieldSql {
  text: string;
  number: string;
}

/** How a number is written; what else ClickHouse would read as one (`inf`, ` 12`) is none. */
export const NUMBER = String.raw`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`;

const EVENT_FIELDS: Readonly<Record<string, string>> = {
  $name: 'name',
  $weekday: 'toString(toDayOfWeek(at, 0, {zone:String}))',
  $hour: 'toString(toHour(at, {zone:String}))',
};

/** The field as SQL over the rows of its source. Its name is one that the contract lets through, or is bound. */
export function fieldSql(from: TraitSource, field: string, bound: Bound): FieldSql {
  const kind = traitFieldKind(from, field);
  if (kind === 'number') return { text: `toString(${field})`, number: `toNullable(${field})` };
  if (kind === 'text' && from !== 'events') return asText(field);
  if (kind === 'text') return asText(EVENT_FIELDS[field]);
  const property = bound.place(field, 'String');
  return asText(`multiIf(
      JSONType(properties, ${property}) = 'String', JSONExtractString(properties, ${property}),
      JSONType(properties, ${property}) IN ('Int64', 'UInt64', 'Double', 'Bool'), JSONExtractRaw(properties, ${property}),
      '')`);
}

function asText(text: string): FieldSql {
  return {
    text,
    number: `if(match(${text}, '${NUMBER.replaceAll('\\', '\\\\')}'), toFloat64OrNull(${text}), NULL)`,
  };
}
