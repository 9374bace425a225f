import { MlError } from './errors.ts';
import { checked, type Table } from './table.ts';

/** Values as Arrow keeps them in memory; also what `apache-arrow` calls `Data`. */
export interface ArrowChunk {
  readonly length: number;
  /** Values before the first of this chunk, in `values` and in the bitmap. */
  readonly offset?: number;
  /** Numbers, or bits where the column is of booleans. Absent in a column of nothing but nulls. */
  readonly values?: ArrayLike<number | bigint> | undefined;
  /** One bit a value, lowest first: 1 where there is one. Absent or empty where there are no nulls. */
  readonly nullBitmap?: Uint8Array | undefined;
  /** Where the chunk is of codes: the words that they are positions of. */
  readonly dictionary?: Iterable<unknown> | undefined;
}

/** A column of an Arrow table; `apache-arrow`'s vectors have this shape. */
export interface ArrowVector {
  /** Told by its name as `apache-arrow` writes it: Float32, Int64, Bool, Dictionary<Int32, Utf8>, Timestamp<MILLISECOND>. */
  readonly type: { toString(): string };
  readonly data: readonly ArrowChunk[];
}

export interface ArrowColumn {
  readonly name: string;
  readonly vector: ArrowVector;
}

/**
 * A table of Arrow's columns. Numbers of 32-bit floats in one chunk without nulls are used where they lie; anything else
 * is copied: other numbers, booleans (0 and 1) and moments (in milliseconds since 1970, to two minutes) become 32-bit floats, words in a
 * dictionary become categories, nulls become NaN.
 *
 * @throws MlError `ml.bad_table` when a column is of a type that is no number, moment or dictionary of words
 * @example
 * tableFromArrow(arrow.schema.fields.map(({ name }) => ({ name, vector: arrow.getChild(name) })))
 */
export function tableFromArrow(columns: readonly ArrowColumn[]): Table {
  const dictionaries: Record<string, readonly string[]> = {};
  const read = columns.map(({ name, vector }) => {
    const type = String(vector.type);
    if (!type.startsWith('Dictionary')) return numbersOf(name, type, vector.data);
    const { codes, words } = categoriesOf(name, vector.data);
    dictionaries[name] = words;
    return codes;
  });
  const table = { names: columns.map(({ name }) => name), rows: read[0]?.length ?? 0, columns: read };
  return checked(Object.keys(dictionaries).length > 0 ? { ...table, dictionaries } : table);
}

function numbersOf(name: string, type: string, chunks: readonly ArrowChunk[]): Float32Array {
  const [first] = chunks;
  const isPlain = chunks.length === 1 && first.values instanceof Float32Array && !hasNulls(first);
  if (isPlain && type === 'Float32') return first.values.subarray(0, first.length);
  const read = readerOf(name, type);
  return filled(chunks, ({ values, offset = 0 }) => {
    if (values === undefined) return () => NaN;
    // apache-arrow has moved `values` to the chunk's first already, but cannot move bits
    return type === 'Bool' ? at => bitAt(values, offset + at) : at => read(values[at]);
  });
}

/** Milliseconds in each unit that Arrow counts moments in. */
const UNITS: Readonly<Record<string, number>> = {
  SECOND: 1000,
  MILLISECOND: 1,
  MICROSECOND: 1e-3,
  NANOSECOND: 1e-6,
  DAY: 86_400_000,
};

/** What a value of a type is as a number. */
function readerOf(name: string, type: string): (value: number | bigint) => number {
  if (type === 'Float16') return value => halfOf(Number(value));
  if (/^(Uint|Int|Float)\d+$|^Bool$|^Null$/.test(type)) return Number;
  const unit = /^(?:Timestamp|Date\d*)<(\w+)/.exec(type)?.[1];
  if (unit !== undefined && Object.hasOwn(UNITS, unit)) {
    const times = UNITS[unit];
    return value => Number(value) * times;
  }
  throw new MlError(
    'ml.bad_table',
    `column "${name}" is of Arrow's type ${type}; numbers, booleans, moments and dictionaries of words can be read`,
  );
}

/** The number that the 16 bits of a half float stand for. */
function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Codes into one dictionary for all chunks: each may have words of its own. */
function categoriesOf(name: string, chunks: readonly ArrowChunk[]): { codes: Float32Array; words: string[] } {
  const codeOf = new Map<string, number>();
  const codes = filled(chunks, ({ values, dictionary }) => {
    const own = Array.from(dictionary ?? [], word => {
      if (typeof word !== 'string' && word !== null)
        throw new MlError(
          'ml.bad_table',
          `column "${name}" has a dictionary of ${typeof word}s; it must be of words`,
        );
      if (word === null) return NaN;
      const code = codeOf.get(word) ?? codeOf.size;
      codeOf.set(word, code);
      return code;
    });
    return at => own[Number(values?.[at])] ?? NaN;
  });
  return { codes, words: [...codeOf.keys()] };
}

/** The chunks end to end, NaN for nulls. */
function filled(
  chunks: readonly ArrowChunk[],
  readerOfChunk: (chunk: ArrowChunk) => (at: number) => number,
): Float32Array {
  const out = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let from = 0;
  for (const chunk of chunks) {
    const read = readerOfChunk(chunk);
    const { nullBitmap, length, offset = 0 } = chunk;
    const nulls = hasNulls(chunk) ? nullBitmap : undefined;
    for (let at = 0; at < length; at++)
      out[from + at] = nulls && bitAt(nulls, offset + at) === 0 ? NaN : read(at);
    from += length;
  }
  return out;
}

function hasNulls({ nullBitmap, length, offset = 0 }: ArrowChunk): boolean {
  if (!nullBitmap || nullBitmap.length === 0) return false;
  for (let at = 0; at < length; at++) if (bitAt(nullBitmap, offset + at) === 0) return true;
  return false;
}

function bitAt(bits: ArrayLike<number | bigint>, at: number): number {
  return (Number(bits[at >> 3]) >> (at & 7)) & 1;
}
