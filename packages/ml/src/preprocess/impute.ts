import type { FitOptions, FittedTransformer, Transformer } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { columnOf, dictionaryOf, pick, type Table } from '../table.ts';
import { withDictionaries } from './columnwise.ts';
import { momentsOf } from './moments.ts';
import { weightsOf } from './one-hot.ts';
import { quantileOf, sortedOf } from './quantile.ts';

export interface ImputeParameters {
  /** What stands for a missing number: the column's median or mean, or one number for all. */
  numbers?: 'median' | 'mean' | number;
  /** What stands for a missing word: the column's most frequent one, or a word of its own, such as "none". */
  words?: { readonly word: string } | 'most-frequent';
  /** Whether a column `NAME__missing` tells where something was missing. */
  marks?: boolean;
}

const KIND = 'impute';
const VERSION = 2;
const SUFFIX = '__missing';
const NO_TARGET = new Float32Array();

/**
 * Puts something where a value is missing: the column's median, or as the parameters say. Adds a column `NAME__missing`
 * of 0 and 1 where values were missing from some rows that were learned from, but not from all: that a value is missing
 * can itself tell something. A column without any value becomes 0, or stays as it is where it is one of words. Weights
 * act as repeated rows.
 *
 * @example
 * pipeline([impute({ numbers: 'mean', words: { word: 'none' } }), oneHot()], logistic())
 */
export function impute(parameters: ImputeParameters = {}): Transformer {
  const { numbers = 'median', words = 'most-frequent', marks = true } = parameters;
  required(
    numbers === 'median' || numbers === 'mean' || Number.isFinite(numbers),
    'numbers',
    'median, mean or a number',
    numbers,
  );
  required(
    words === 'most-frequent' || typeof words.word === 'string',
    'words',
    'most-frequent or { word }',
    words,
  );
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ numbers, words, marks }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) =>
      fit(table, { numbers, words, marks }, options),
  });
}

/** What stands for a missing value: a number, a word, or nothing in a column of words without any. */
type Substitute = number | string | null;

function fit(
  table: Table,
  { numbers, words, marks }: Required<ImputeParameters>,
  options: FitOptions,
): FittedTransformer {
  soundTable(table, NO_TARGET, options, { method: KIND, missing: true, categories: true });
  const { weights } = options;
  const substitutes = table.names.map((name, j): Substitute => {
    const dictionary = dictionaryOf(table, name);
    const column = table.columns[j];
    if (!dictionary) return numberFor(column, numbers, weights);
    return words === 'most-frequent' ? mostFrequent(column, dictionary, weights) : words.word;
  });
  const marked = marks ? table.names.filter((_, j) => hasHoles(table.columns[j], weights)) : [];
  return fitted(table.names, substitutes, marked);
}

function numberFor(
  column: Float32Array,
  numbers: 'median' | 'mean' | number,
  weights: Float32Array | undefined,
): number {
  if (numbers === 'median') return quantileOf(sortedOf(column, weights), 0.5);
  return numbers === 'mean' ? momentsOf(column, weights).mean : numbers;
}

/** The first of the dictionary among those that are as frequent. */
function mostFrequent(
  codes: Float32Array,
  words: readonly string[],
  weights: Float32Array | undefined,
): string | null {
  const counts = weightsOf(codes, words.length, weights);
  const most = Math.max(...counts);
  return most > 0 ? words[counts.indexOf(most)] : null;
}

/** Whether some values are missing, but not all; of rows that count. */
function hasHoles(column: Float32Array, weights: Float32Array | undefined): boolean {
  let [holes, values] = [false, false];
  for (let row = 0; row < column.length && !(holes && values); row++) {
    if (weights?.[row] === 0) continue;
    if (Number.isNaN(column[row])) holes = true;
    else values = true;
  }
  return holes && values;
}

function fitted(
  features: readonly string[],
  substitutes: readonly Substitute[],
  marked: readonly string[],
): FittedTransformer {
  return {
    kind: KIND,
    features,
    sources: [...features, ...marked],
    transform: table => transform(pick(table, features), substitutes, marked),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, marked, substitutes },
      arrays: {},
      parts: [],
    }),
  };
}

function transform(table: Table, substitutes: readonly Substitute[], marked: readonly string[]): Table {
  const dictionaries: Record<string, readonly string[]> = {};
  const filled = table.columns.map((column, j) => {
    const [name, substitute] = [table.names[j], substitutes[j]];
    const words = dictionaryOf(table, name);
    if ((words === undefined) !== (typeof substitute === 'number'))
      throw new MlError(
        'ml.bad_table',
        `column "${name}" is of ${words ? 'words' : 'numbers'}; impute learned it as one of ${words ? 'numbers' : 'words'}`,
      );
    if (!words) return replaced(column, Number(substitute));
    dictionaries[name] = substitute === null ? words : withWord(words, String(substitute));
    return substitute === null ? column : replaced(column, dictionaries[name].indexOf(String(substitute)));
  });
  const marks = marked.map(name => columnOf(table, name).map(x => Number(Number.isNaN(x))));
  const names = [...table.names, ...marked.map(name => name + SUFFIX)];
  return withDictionaries({ names, rows: table.rows, columns: [...filled, ...marks] }, dictionaries);
}

/** A word that the dictionary lacks comes last, so that the others keep their codes. */
function withWord(words: readonly string[], word: string): readonly string[] {
  return words.includes(word) ? words : [...words, word];
}

function replaced(column: Float32Array, by: number): Float32Array {
  return column.map(x => (Number.isNaN(x) ? by : x));
}

export function loadImpute(saved: Saved): FittedTransformer {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  const substitutes = reader.saved.values['substitutes'];
  const sound =
    Array.isArray(substitutes) && substitutes.length === features.length && substitutes.every(isSubstitute);
  if (!sound) throw reader.bad('substitutes');
  return fitted(features, substitutes, reader.names('marked'));
}

function isSubstitute(value: unknown): value is Substitute {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
