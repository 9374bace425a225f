import type { FittedTransformer } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { checked, columnOf, dictionaryOf, pick, type Table } from '../table.ts';
import { withDictionaries } from './columnwise.ts';

/**
 * What the words of one column become: of each column that comes out, one number for every word, then one for a word
 * never seen, then one for a missing value.
 */
export interface Encoding {
  readonly column: string;
  readonly words: readonly string[];
  readonly outputs: readonly string[];
  /** outputs x (words + 2), by output. NaN is a missing value. */
  readonly values: Float64Array;
}

const VERSION = 1;

/** Columns of words by their encodings; columns of numbers pass as they are. */
export function encoderOf(
  kind: string,
  features: readonly string[],
  encodings: readonly Encoding[],
): FittedTransformer {
  const byColumn = new Map(encodings.map(each => [each.column, each]));
  return {
    kind,
    features,
    sources: features.flatMap(name => byColumn.get(name)?.outputs.map(() => name) ?? [name]),
    transform: table => transform(kind, pick(table, features), byColumn),
    save: () => save(kind, features, encodings),
  };
}

/** The columns of words of a table. */
export function wordColumns(table: Table): { name: string; words: readonly string[]; codes: Float32Array }[] {
  return table.names.flatMap(name => {
    const words = dictionaryOf(table, name);
    return words ? [{ name, words, codes: columnOf(table, name) }] : [];
  });
}

function transform(kind: string, table: Table, encodings: ReadonlyMap<string, Encoding>): Table {
  const names = table.names.flatMap(name => encodings.get(name)?.outputs ?? [name]);
  const columns = table.names.flatMap(name => {
    const [encoding, words] = [encodings.get(name), dictionaryOf(table, name)];
    if ((encoding === undefined) !== (words === undefined))
      throw new MlError(
        'ml.bad_table',
        `column "${name}" is of ${words ? 'words' : 'numbers'}; ${kind} learned it as one of ${words ? 'numbers' : 'words'}`,
      );
    const codes = columnOf(table, name);
    return encoding && words ? lookedUp(encoding, positionsOf(encoding, words, codes)) : [codes];
  });
  return checked(withDictionaries({ names, rows: table.rows, columns }, {}));
}

/** For each row: where its word stands in the encoding, after the last one for a word never seen, then for none. */
export function positionsOf(
  { words: known }: Pick<Encoding, 'words'>,
  words: readonly string[],
  codes: Float32Array,
): Uint32Array {
  const at = new Map(known.map((word, position) => [word, position]));
  const positions = words.map(word => at.get(word) ?? known.length);
  return Uint32Array.from(codes, code => (Number.isNaN(code) ? known.length + 1 : positions[code]));
}

function lookedUp({ outputs, words, values }: Encoding, positions: Uint32Array): Float32Array[] {
  const width = words.length + 2;
  return outputs.map((_, output) => Float32Array.from(positions, at => values[output * width + at]));
}

function save(kind: string, features: readonly string[], encodings: readonly Encoding[]): Saved {
  const all = encodings.flatMap(each => [...each.values]);
  return {
    kind,
    version: VERSION,
    values: {
      features,
      encodings: encodings.map(({ column, words, outputs }) => ({ column, words, outputs })),
    },
    arrays: {
      values: Float64Array.from(all, value => (Number.isNaN(value) ? 0 : value)),
      missing: Uint8Array.from(all, value => Number(Number.isNaN(value))),
    },
    parts: [],
  };
}

/** The transformer that `save` gave. @throws MlError `ml.bad_model` */
export function loadEncoded(saved: Saved, kind: string): FittedTransformer {
  const reader = new SavedReader(saved, kind, VERSION);
  const features = reader.names('features');
  const shapes = reader.saved.values['encodings'];
  if (!Array.isArray(shapes) || !shapes.every(isShape)) throw reader.bad('encodings');
  const count = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  const values = reader.array('values', count);
  reader.typed('missing', 'u8', count).forEach((missing, at) => {
    if (missing) values[at] = NaN;
  });
  let at = 0;
  const encodings = shapes.map(shape => ({ ...shape, values: values.slice(at, (at += sizeOf(shape))) }));
  return encoderOf(kind, features, encodings);
}

type Shape = Omit<Encoding, 'values'>;

function sizeOf({ words, outputs }: Shape): number {
  return outputs.length * (words.length + 2);
}

function isShape(value: unknown): value is Shape {
  if (typeof value !== 'object' || value === null) return false;
  const { column, words, outputs } = value as Record<string, unknown>; // each is looked at next
  return typeof column === 'string' && isWords(words) && isWords(outputs);
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
