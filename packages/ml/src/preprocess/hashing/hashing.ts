import { MlError, required } from '../../errors.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { checked, dictionaryOf, pick, type Table } from '../../table.ts';
import { binOf, quantilesOf } from '../bins.ts';
import { murmur3, murmur3OfWords, placeOf, signOf } from './murmur.ts';

export interface HashingParameters {
  /** Places that features are hashed onto; more of them, fewer collisions. */
  width?: number;
  /** A column of numbers becomes one of so many quantile bins; with 0 its value itself, which should be of like scale. */
  bins?: number;
  /** Columns whose combination is a feature of its own. */
  crosses?: readonly (readonly string[])[];
  /** Whether values get a sign from their hash, so that collisions cancel out on average. */
  signed?: boolean;
}

/** Columns in, sparse rows out. */
export interface Hashing {
  readonly name: string;
  readonly parameters: Required<HashingParameters>;
  /** @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter` */
  fit(table: Table): FittedHashing;
}

export interface FittedHashing {
  readonly kind: string;
  readonly features: readonly string[];
  readonly width: number;
  /** Which columns each entry of a row is made of, in the order of the entries: every row has as many. */
  readonly sources: readonly (readonly string[])[];
  transform(table: Table): SparseRows;
  save(): Saved;
}

interface Fitted {
  rule: Required<HashingParameters>;
  features: readonly string[];
  /** Names of the columns of words. */
  words: readonly string[];
  /** Of each column of numbers, `bins` - 1. */
  edges: ReadonlyMap<string, Float64Array>;
}

const KIND = 'hashing';
const VERSION = 1;
const encoder = new TextEncoder();

/**
 * Hashes columns onto sparse rows (Weinberger and others 2009): "column=word" for words, "column=bin" for numbers, and
 * for a cross the hashes of its columns together. Words need not be known before; a missing value is a feature of its
 * own. What is learned from rows is only where the bins of numbers lie.
 *
 * @example
 * const fitted = hashing({ width: 2 ** 20, crosses: [['city', 'device']] }).fit(table);
 * fitted.transform(table).indices; // one a column and one a cross for each row
 */
export function hashing(parameters: HashingParameters = {}): Hashing {
  const rule = { width: 2 ** 18, bins: 32, crosses: [], signed: false, ...parameters };
  required(
    Number.isInteger(rule.width) && rule.width >= 1 && rule.width <= 2 ** 30,
    'width',
    'a whole number from 1 to 2^30',
    rule.width,
  );
  required(
    Number.isInteger(rule.bins) && rule.bins >= 0 && rule.bins <= 4096,
    'bins',
    'a whole number from 0 to 4096',
    rule.bins,
  );
  for (const cross of rule.crosses)
    required(
      new Set(cross).size >= 2 && new Set(cross).size === cross.length,
      'crosses',
      'lists of two or more columns',
      cross,
    );
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(rule),
    fit: (table: Table) => fit(rule, checked(table)),
  });
}

function fit(rule: Required<HashingParameters>, table: Table): FittedHashing {
  if (table.rows === 0) throw new MlError('ml.no_rows', 'there are no rows to take bins of');
  const words = table.names.filter(name => dictionaryOf(table, name));
  pick(table, rule.crosses.flat());
  const edges = new Map<string, Float64Array>();
  table.names.forEach((name, j) => {
    const column = table.columns[j] ?? new Float32Array();
    refuseInfinite(column, name);
    if (!words.includes(name) && rule.bins > 0) edges.set(name, edgesOf(column, rule.bins));
  });
  for (const name of rule.crosses.flat())
    required(
      words.includes(name) || rule.bins > 0,
      'bins',
      `above 0, for "${name}" is in a cross`,
      rule.bins,
    );
  return fitted({ rule, features: table.names, words, edges });
}

function refuseInfinite(column: Float32Array, name: string): void {
  const row = column.findIndex(value => Math.abs(value) === Infinity);
  if (row >= 0)
    throw new MlError(
      'ml.bad_value',
      `row ${row} of column "${name}" is ${column[row]}; it must be finite or missing`,
    );
}

/** Edges that rise: a value that many rows have is one bin. */
function edgesOf(column: Float32Array, bins: number): Float64Array {
  return Float64Array.from(new Set(quantilesOf(column, bins)));
}

function fitted(parts: Fitted): FittedHashing {
  const { rule, features } = parts;
  return {
    ...{ kind: KIND, features, width: rule.width },
    sources: [...features.map(name => [name]), ...rule.crosses],
    transform: table => transform(parts, checked(pick(table, features))),
    save: () => save(parts),
  };
}

/** A column as hashes: that of row i is hashes[codes[i]]. */
interface HashedColumn {
  hashes: Uint32Array;
  codes: Uint32Array;
  values: Float32Array | undefined;
}

function transform(parts: Fitted, table: Table): SparseRows {
  const { width, signed, crosses } = parts.rule;
  const columns = new Map(table.names.map((name, j) => [name, hashedColumn(parts, table, name, j)]));
  const entries = table.names.length + crosses.length;
  const total = table.rows * entries;
  const indices = new Uint32Array(total);
  const needsValues = signed || [...columns.values()].some(({ values }) => values);
  const values = needsValues ? new Float32Array(total).fill(1) : undefined;
  const put = (at: number, hash: number, value: number): void => {
    indices[at] = placeOf(hash, width);
    if (values) values[at] = signed ? value * signOf(hash) : value;
  };
  table.names.forEach((name, e) => {
    const column = columns.get(name);
    if (!column) return;
    for (let row = 0; row < table.rows; row++)
      put(row * entries + e, column.hashes[column.codes[row]], column.values?.[row] ?? 1);
  });
  crosses.forEach((cross, e) => {
    const parts = cross.flatMap(name => columns.get(name) ?? []);
    const hashes = new Uint32Array(parts.length);
    for (let row = 0; row < table.rows; row++) {
      for (let p = 0; p < hashes.length; p++) hashes[p] = parts[p].hashes[parts[p].codes[row]];
      put(row * entries + table.names.length + e, murmur3OfWords(hashes), 1);
    }
  });
  const offsets = Uint32Array.from({ length: table.rows + 1 }, (_, row) => row * entries);
  return { rows: table.rows, width, offsets, indices, values };
}

function hashedColumn({ words, edges }: Fitted, table: Table, name: string, j: number): HashedColumn {
  const dictionary = dictionaryOf(table, name);
  if ((dictionary !== undefined) !== words.includes(name))
    throw new MlError(
      'ml.bad_table',
      `column "${name}" has ${dictionary ? '' : 'no '}categories; it was learned ${dictionary ? 'without' : 'with'} them`,
    );
  const column = table.columns[j] ?? new Float32Array();
  refuseInfinite(column, name);
  if (dictionary) return coded(name, dictionary, column, code => code);
  const bounds = edges.get(name);
  if (!bounds) return plain(name, column);
  const bins = Array.from({ length: bounds.length + 1 }, (_, bin) => String(bin));
  return coded(name, bins, column, value => binOf(bounds, value));
}

/** The last code is that of a missing value. */
function coded(
  name: string,
  tokens: readonly string[],
  column: Float32Array,
  codeOf: (value: number) => number,
): HashedColumn {
  const hashes = Uint32Array.from([...tokens.map(token => `${name}=${token}`), name], text => hashOf(text));
  const codes = Uint32Array.from(column, value => (Number.isNaN(value) ? tokens.length : codeOf(value)));
  return { hashes, codes, values: undefined };
}

/** A number itself, 1 at another place where it is missing. */
function plain(name: string, column: Float32Array): HashedColumn {
  const codes = Uint32Array.from(column, value => (Number.isNaN(value) ? 1 : 0));
  const values = column.map(value => (Number.isNaN(value) ? 1 : value));
  return { hashes: Uint32Array.of(hashOf(name), hashOf(`${name}=`)), codes, values };
}

function hashOf(text: string): number {
  return murmur3(encoder.encode(text));
}

function save({ rule: { width, bins, crosses, signed }, features, words, edges }: Fitted): Saved {
  const arrays = Object.fromEntries([...edges].map(([name, bounds]) => [`edges ${name}`, bounds]));
  return {
    kind: KIND,
    version: VERSION,
    values: { width, bins, crosses, signed, features, words },
    arrays,
    parts: [],
  };
}

/** What `save` of a fitted hashing gave. @throws MlError `ml.bad_model` */
export function loadHashing(saved: Saved): FittedHashing {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, words] = [reader.names('features'), reader.names('words')];
  const rule = {
    ...{ width: reader.number('width'), bins: reader.number('bins'), signed: reader.flag('signed') },
    crosses: crossesOf(reader),
  };
  if (!(Number.isInteger(rule.width) && rule.width >= 1 && rule.width <= 2 ** 30)) throw reader.bad('width');
  const numeric = rule.bins > 0 ? features.filter(name => !words.includes(name)) : [];
  const edges = new Map(numeric.map(name => [name, reader.array(`edges ${name}`)]));
  return fitted({ rule, features, words, edges });
}

function crossesOf(reader: SavedReader): string[][] {
  const crosses = reader.saved.values['crosses'];
  const isWords = (value: unknown): boolean =>
    Array.isArray(value) && value.every(item => typeof item === 'string');
  if (!Array.isArray(crosses) || !crosses.every(isWords)) throw reader.bad('crosses');
  return crosses as string[][]; // lists of words, as was just seen
}
