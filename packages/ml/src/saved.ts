import { MlError } from './errors.ts';
import type { Dictionaries } from './table.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A model as data: plain values, arrays of numbers, and the models it is made of. */
export interface Saved {
  kind: string;
  /** Version of this kind's shape; a reader refuses a later one. */
  version: number;
  values: Readonly<Record<string, Json>>;
  arrays: Readonly<Record<string, SavedArray>>;
  parts: readonly Saved[];
}

/** Numbers as they are kept: with the type that they have. */
export type SavedArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Int8Array | Uint8Array;

const TYPES = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
} as const;
type TypeName = keyof typeof TYPES;
type ArrayOf<T extends TypeName> = InstanceType<(typeof TYPES)[T]>;

interface Header {
  kind: string;
  version: number;
  values: Record<string, Json>;
  /**
   * Name, length and type of each array; their numbers follow the header in this order, part after part. Format 1 had
   * no types: everything was f64.
   */
  arrays: [name: string, length: number, type?: string][];
  parts: Header[];
}

const MAGIC = 0x4c4d5742; // "BWML", little-endian
const FORMAT = 2;
const PREFIX_BYTES = 12;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes of a saved model: magic, format, length of the header; the header in JSON; then every array, little-endian. */
export function encode(saved: Saved): Uint8Array {
  const blobs = arraysOf(saved).map(bytesOf);
  const json = new TextEncoder().encode(JSON.stringify(headerOf(saved)));
  const bytes = new Uint8Array(
    PREFIX_BYTES + json.length + blobs.reduce((sum, blob) => sum + blob.length, 0),
  );
  const view = new DataView(bytes.buffer);
  [MAGIC, FORMAT, json.length].forEach((word, at) => view.setUint32(at * 4, word, true));
  bytes.set(json, PREFIX_BYTES);
  let at = PREFIX_BYTES + json.length;
  for (const blob of blobs) {
    bytes.set(blob, at);
    at += blob.length;
  }
  return bytes;
}

/**
 * The model that `encode` wrote.
 *
 * @throws MlError `ml.bad_model` when the bytes are something else, cut short, or of a later format
 */
export function decode(bytes: Uint8Array): Saved {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREFIX_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new MlError('ml.bad_model', 'these bytes are not a saved model');
  const format = view.getUint32(4, true);
  if (format < 1 || format > FORMAT)
    throw new MlError('ml.bad_model', `the model is of format ${format}; this version reads 1 to ${FORMAT}`);
  const headerEnd = PREFIX_BYTES + view.getUint32(8, true);
  const header = headerFrom(bytes.subarray(PREFIX_BYTES, headerEnd));
  const reader = { bytes, at: headerEnd };
  const saved = savedFrom(header, reader);
  if (reader.at !== bytes.length)
    throw new MlError('ml.bad_model', `the model has ${bytes.length - reader.at} bytes too many`);
  return saved;
}

function arraysOf(saved: Saved): SavedArray[] {
  return [...Object.values(saved.arrays), ...saved.parts.flatMap(arraysOf)];
}

function headerOf({ kind, version, values, arrays, parts }: Saved): Header {
  const shapes = Object.entries(arrays).map(([name, array]): [string, number, string] => [
    name,
    array.length,
    typeOf(array),
  ]);
  return { kind, version, values, arrays: shapes, parts: parts.map(headerOf) };
}

function typeOf(array: SavedArray): TypeName {
  const names = Object.keys(TYPES) as TypeName[]; // exactly its keys: it is declared above
  const name = names.find(each => array instanceof TYPES[each]);
  if (name === undefined) throw new MlError('ml.bad_model', 'an array of a type that is not kept');
  return name;
}

function bytesOf(array: SavedArray): Uint8Array {
  const bytes = new Uint8Array(array.byteLength);
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return turned(bytes, array.BYTES_PER_ELEMENT);
}

/** Little-endian from this machine's order, or back. */
function turned(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  if (!IS_LITTLE_ENDIAN)
    for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}

function headerFrom(bytes: Uint8Array): Header {
  try {
    // shape is checked value by value as it is read, below and in each kind's loader
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Header;
  } catch {
    throw new MlError('ml.bad_model', 'the header of the model is damaged');
  }
}

interface BlobReader {
  bytes: Uint8Array;
  at: number;
}

function savedFrom(header: Header, reader: BlobReader): Saved {
  const { kind, version, values, arrays, parts } = header;
  const sound =
    typeof kind === 'string' &&
    Number.isInteger(version) &&
    typeof values === 'object' &&
    Array.isArray(arrays) &&
    Array.isArray(parts);
  if (!sound) throw new MlError('ml.bad_model', 'the header of the model lacks a field');
  const read = arrays.map(([name, length, type]): [string, SavedArray] => [name, take(reader, length, type)]);
  return {
    kind,
    version,
    values,
    arrays: Object.fromEntries(read),
    parts: parts.map(p => savedFrom(p, reader)),
  };
}

function take(reader: BlobReader, length: number, type = 'f64'): SavedArray {
  if (!isTypeName(type))
    throw new MlError('ml.bad_model', `the model has an array of the unknown type "${type}"`);
  const size = length * TYPES[type].BYTES_PER_ELEMENT;
  if (!Number.isInteger(length) || length < 0 || reader.at + size > reader.bytes.length)
    throw new MlError('ml.bad_model', 'the model is cut short');
  // in a buffer of its own, where it is aligned
  const own = new Uint8Array(size);
  own.set(reader.bytes.subarray(reader.at, reader.at + size));
  reader.at += size;
  return new TYPES[type](turned(own, TYPES[type].BYTES_PER_ELEMENT).buffer);
}

function isTypeName(type: string): type is TypeName {
  return Object.hasOwn(TYPES, type);
}

/** Reads the fields of one saved model, refusing what is not of the shape that its kind has. */
export class SavedReader {
  readonly saved: Saved;

  constructor(saved: Saved, kind: string, version: number) {
    if (saved.kind !== kind)
      throw new MlError('ml.bad_model', `expected a saved ${kind}; found a ${saved.kind}`);
    if (saved.version !== version)
      throw new MlError(
        'ml.bad_model',
        `the ${kind} is of version ${saved.version}; this version reads ${version}`,
      );
    this.saved = saved;
  }

  /** Finite numbers, `length` of them where that is known. */
  array(name: string, length?: number): Float64Array {
    return this.typed(name, 'f64', length);
  }

  /** Finite numbers of one type, `length` of them where that is known. */
  typed<T extends TypeName>(name: string, type: T, length?: number): ArrayOf<T> {
    const array = this.saved.arrays[name];
    if (!array || typeOf(array) !== type || (length !== undefined && array.length !== length))
      throw this.bad(name);
    for (let at = 0; at < array.length; at++) if (!Number.isFinite(array[at])) throw this.bad(name);
    return array as ArrayOf<T>; // of the type that was just compared
  }

  text(name: string): string {
    const value = this.saved.values[name];
    if (typeof value !== 'string') throw this.bad(name);
    return value;
  }

  /** The categories of each categorical column, as `dictionaries` of a table. */
  dictionaries(name: string): Dictionaries | undefined {
    const value = this.saved.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || !Object.values(value).every(isWords)) throw this.bad(name);
    return value as Dictionaries; // each value a list of words, as was just seen
  }

  names(name: string): string[] {
    const value = this.saved.values[name];
    if (!isWords(value)) throw this.bad(name);
    return value;
  }

  number(name: string): number {
    const value = this.saved.values[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.bad(name);
    return value;
  }

  flag(name: string): boolean {
    const value = this.saved.values[name];
    if (typeof value !== 'boolean') throw this.bad(name);
    return value;
  }

  part(position: number): Saved {
    const part = this.saved.parts[position];
    if (part === undefined) throw this.bad(`part ${position}`);
    return part;
  }

  /** The error of a field that is absent or of another shape. */
  bad(name: string): MlError {
    return new MlError('ml.bad_model', `the saved ${this.saved.kind} has no valid "${name}"`);
  }
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
