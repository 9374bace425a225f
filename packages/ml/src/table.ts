import { MlError } from './errors.ts';

/** Numbers by column: each has a name and `rows` values, NaN where a value is missing. */
export interface Table {
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: readonly Float32Array[];
}

/**
 * A table of named columns, checked; the arrays are kept, not copied.
 *
 * @throws MlError `ml.bad_table` when lengths differ or a name repeats
 * @example
 * tableOf({ age: Float32Array.of(31, 54), income: Float32Array.of(20_000, NaN) }).rows // 2
 */
export function tableOf(columns: Readonly<Record<string, Float32Array>>): Table {
  const names = Object.keys(columns);
  return checked({ names, rows: columns[names[0] ?? '']?.length ?? 0, columns: Object.values(columns) });
}

/** The same table, or `ml.bad_table` with what is wrong with it. */
export function checked(table: Table): Table {
  if (table.names.length !== table.columns.length)
    throw new MlError('ml.bad_table', `${table.names.length} names for ${table.columns.length} columns`);
  const seen = new Set<string>();
  table.names.forEach((name, at) => {
    const length = table.columns[at]?.length;
    if (length !== table.rows)
      throw new MlError(
        'ml.bad_table',
        `column "${name}" has ${length} values; the table has ${table.rows} rows`,
      );
    if (seen.has(name)) throw new MlError('ml.bad_table', `two columns are called "${name}"`);
    seen.add(name);
  });
  return table;
}

/**
 * The named columns, in that order, without copying.
 *
 * @throws MlError `ml.bad_table` naming the columns that are not there
 */
export function pick(table: Table, names: readonly string[]): Table {
  const at = new Map(table.names.map((name, position) => [name, position]));
  const missing = names.filter(name => !at.has(name));
  if (missing.length > 0)
    throw new MlError(
      'ml.bad_table',
      `no column ${missing.join(', ')}; the table has ${table.names.join(', ')}`,
    );
  return { names, rows: table.rows, columns: names.map(name => columnOf(table, name)) };
}

/** One column by its name. */
export function columnOf(table: Table, name: string): Float32Array {
  const column = table.columns[table.names.indexOf(name)];
  if (column === undefined)
    throw new MlError('ml.bad_table', `no column "${name}"; the table has ${table.names.join(', ')}`);
  return column;
}

/** The rows at these positions, copied, in that order; a position may repeat. */
export function rowsAt(table: Table, positions: ArrayLike<number>): Table {
  const columns = table.columns.map(column => valuesAt(column, positions));
  return { names: table.names, rows: positions.length, columns };
}

/** The values at these positions, copied. */
export function valuesAt(values: Float32Array, positions: ArrayLike<number>): Float32Array {
  const kept = new Float32Array(positions.length);
  for (let i = 0; i < kept.length; i++) kept[i] = values[positions[i]] ?? NaN;
  return kept;
}

/** Tables one below the other; all must have the same columns. */
export function stacked(tables: readonly Table[]): Table {
  const [first] = tables;
  if (first === undefined) throw new MlError('ml.no_rows', 'there is no table to stack');
  const parts = tables.map(table => pick(table, first.names));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = first.names.map((_, at) =>
    joined(parts.map(part => part.columns[at] ?? new Float32Array())),
  );
  return { names: first.names, rows, columns };
}

/** Arrays end to end. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
