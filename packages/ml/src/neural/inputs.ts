import { dictionaryOf, pick, recoded, type Dictionaries, type Table } from '../table.ts';

/** What a network reads of a table. */
export interface Inputs {
  rows: number;
  numbers: Table;
  /** One code for each categorical column, by row; that of a missing or unknown category follows the known ones. */
  codes: Uint32Array;
}

/** The categorical columns, in their order. */
export function categoricals(features: readonly string[], dictionaries: Dictionaries | undefined): string[] {
  return features.filter(name => dictionaries !== undefined && Object.hasOwn(dictionaries, name));
}

/**
 * The columns of a table as a network takes them, its categories in the codes that the network learned.
 *
 * @throws MlError `ml.bad_table` when a column is not there, or categorical on one side only
 */
export function inputsOf(
  table: Table,
  features: readonly string[],
  dictionaries: Dictionaries | undefined,
): Inputs {
  const known = recoded(pick(table, features), dictionaries);
  const words = categoricals(features, dictionaries);
  const numbers = pick(
    known,
    features.filter(name => !words.includes(name)),
  );
  const codes = new Uint32Array(table.rows * words.length);
  pick(known, words).columns.forEach((column, e) => {
    const unknown = dictionaryOf(known, words[e])?.length ?? 0;
    for (let i = 0; i < table.rows; i++)
      codes[i * words.length + e] = Number.isNaN(column[i]) ? unknown : column[i];
  });
  return { rows: table.rows, numbers: { ...numbers, dictionaries: undefined }, codes };
}
