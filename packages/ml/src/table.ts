import { MlError } from './errors.ts';

/**
 * Numbers by column: each has a name and `rows` values, NaN where a value is missing. A column with a dictionary is
 * categorical: its values are positions in the dictionary.
 */
export interface Table {
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: readonly Float32Array[];
  readonly dictionaries?: Dictionaries | undefined;
}

/** The categories of each categorical column, by its name. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>;

/** The categories of a column; nothing where it is a column of numbers. */
export function dictionaryOf(table: Table, name: string): readonly string[] | undefined {
  const { dictionaries } = table;
  return dictionaries && Object.hasOwn(dictionaries, name) ? dictionaries[name] : undefined;
}

/**
 * A table of named columns, checked; the arrays are kept, not copied.
 *
 * @throws MlError `ml.bad_table` when lengths differ or a name repeats
 * @example
 * tableOf({ age: Float32Array.of(31, 54), city: ['Lyon', null] }).rows // 2
 */
export function tableOf(columns: Readonly<Record<string, Float32Array | readonly (string | null)[]>>): Table {
  const names = Object.keys(columns);
  const dictionaries: Record<string, readonly string[]> = {};
  const read = Object.entries(columns).map(([name, values]) => {
    if (values instanceof Float32Array) return values;
    const { dictionary, codes } = encoded(values);
    dictionaries[name] = dictionary;
    return codes;
  });
  const table = { names, rows: read[0]?.length ?? 0, columns: read };
  return checked(Object.keys(dictionaries).length > 0 ? { ...table, dictionaries } : table);
}

/** Words as codes: the dictionary in order of the alphabet (by code unit), null as NaN. */
export function encoded(values: readonly (string | null)[]): { dictionary: string[]; codes: Float32Array } {
  const dictionary = [...new Set(values.filter(value => value !== null))].sort();
  const codeOf = new Map(dictionary.map((word, code) => [word, code]));
  return {
    dictionary,
    codes: Float32Array.from(values, value => (value === null ? NaN : (codeOf.get(value) ?? NaN))),
  };
}

/**
 * The table with its categorical columns in the codes of other dictionaries, as a model needs them whose dictionaries
 * were made from the rows that it learned from. A category that they do not have becomes NaN. Nothing is copied where
 * they agree.
 *
 * @throws MlError `ml.bad_table` when a column is categorical on one side only
 */
export function recoded(table: Table, dictionaries: Dictionaries | undefined): Table {
  const columns = table.names.map((name, j) => {
    const column = columnOf(table, name, j);
    const from = dictionaryOf(table, name);
    const to = dictionaries && Object.hasOwn(dictionaries, name) ? dictionaries[name] : undefined;
    if ((from === undefined) !== (to === undefined))
      throw new MlError(
        'ml.bad_table',
        `column "${name}" has ${from ? '' : 'no '}categories; the model learned it ${to ? 'with' : 'without'} them`,
      );
    if (from === undefined || to === undefined || sameWords(from, to)) return column;
    const codes = from.map(word => {
      const code = to.indexOf(word);
      return code < 0 ? NaN : code;
    });
    return column.map(code => codes[code] ?? NaN);
  });
  return { ...table, columns, dictionaries };
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((word, at) => word === b[at]));
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
    checkCodes(table, name, at);
  });
  return table;
}

function checkCodes(table: Table, name: string, at: number): void {
  const categories = dictionaryOf(table, name)?.length;
  if (categories === undefined) return;
  table.columns[at]?.forEach((code, row) => {
    if (!Number.isNaN(code) && !(Number.isInteger(code) && code >= 0 && code < categories))
      throw new MlError(
        'ml.bad_value',
        `row ${row} of column "${name}" is ${code}; it must be one of ${categories} categories, or NaN`,
      );
  });
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
  return { ...table, names, columns: names.map(name => columnOf(table, name, at.get(name))) };
}

/** One column by its name. */
export function columnOf(table: Table, name: string, at = table.names.indexOf(name)): Float32Array {
  const column = table.columns[at];
  if (column === undefined)
    throw new MlError('ml.bad_table', `no column "${name}"; the table has ${table.names.join(', ')}`);
  return column;
}

/** The rows at these positions, copied, in that order; a position may repeat. */
export function rowsAt(table: Table, positions: ArrayLike<number>): Table {
  const columns = table.columns.map(column => valuesAt(column, positions));
  return { ...table, rows: positions.length, columns };
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
  const parts = tables.map(table => recoded(pick(table, first.names), first.dictionaries));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = first.names.map((_, at) =>
    joined(parts.map(part => part.columns[at] ?? new Float32Array())),
  );
  return { ...first, rows, columns };
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
