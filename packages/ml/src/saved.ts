import { MlError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A model as data: plain values, arrays of numbers, and the models it is made of. */
export interface Saved {
  kind: string;
  /** Version of this kind's shape; a reader refuses a later one. */
  version: number;
  values: Readonly<Record<string, Json>>;
  arrays: Readonly<Record<string, Float64Array>>;
  parts: readonly Saved[];
}

interface Header {
  kind: string;
  version: number;
  values: Record<string, Json>;
  /** Name and length of each array; their numbers follow the header in this order, part after part. */
  arrays: [name: string, length: number][];
  parts: Header[];
}

const MAGIC = 0x4c4d5742; // "BWML", little-endian
const FORMAT = 1;
const PREFIX_BYTES = 12;

/**
 * Bytes of a saved model: magic, format, length of the header; the header in JSON; then every array as little-endian
 * 64-bit floats.
 */
export function encode(saved: Saved): Uint8Array {
  const arrays = arraysOf(saved);
  const json = new TextEncoder().encode(JSON.stringify(headerOf(saved)));
  const numbers = arrays.reduce((sum, array) => sum + array.length, 0);
  const bytes = new Uint8Array(PREFIX_BYTES + json.length + numbers * 8);
  const view = new DataView(bytes.buffer);
  [MAGIC, FORMAT, json.length].forEach((word, at) => view.setUint32(at * 4, word, true));
  bytes.set(json, PREFIX_BYTES);
  let at = PREFIX_BYTES + json.length;
  for (const array of arrays)
    for (const value of array) {
      view.setFloat64(at, value, true);
      at += 8;
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
  if (view.getUint32(4, true) !== FORMAT)
    throw new MlError(
      'ml.bad_model',
      `the model is of format ${view.getUint32(4, true)}; this version reads ${FORMAT}`,
    );
  const headerEnd = PREFIX_BYTES + view.getUint32(8, true);
  const header = headerFrom(bytes.subarray(PREFIX_BYTES, headerEnd));
  const reader = { view, at: headerEnd };
  const saved = savedFrom(header, reader);
  if (reader.at !== bytes.length)
    throw new MlError('ml.bad_model', `the model has ${bytes.length - reader.at} bytes too many`);
  return saved;
}

function arraysOf(saved: Saved): Float64Array[] {
  return [...Object.values(saved.arrays), ...saved.parts.flatMap(arraysOf)];
}

function headerOf({ kind, version, values, arrays, parts }: Saved): Header {
  const lengths = Object.entries(arrays).map(([name, array]): [string, number] => [name, array.length]);
  return { kind, version, values, arrays: lengths, parts: parts.map(headerOf) };
}

function headerFrom(bytes: Uint8Array): Header {
  try {
    // shape is checked value by value as it is read, below and in each kind's loader
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Header;
  } catch {
    throw new MlError('ml.bad_model', 'the header of the model is damaged');
  }
}

function savedFrom(header: Header, reader: { view: DataView; at: number }): Saved {
  const { kind, version, values, arrays, parts } = header;
  const sound =
    typeof kind === 'string' &&
    Number.isInteger(version) &&
    typeof values === 'object' &&
    Array.isArray(arrays) &&
    Array.isArray(parts);
  if (!sound) throw new MlError('ml.bad_model', 'the header of the model lacks a field');
  const read = arrays.map(([name, length]): [string, Float64Array] => [name, take(reader, length)]);
  return {
    kind,
    version,
    values,
    arrays: Object.fromEntries(read),
    parts: parts.map(p => savedFrom(p, reader)),
  };
}

function take(reader: { view: DataView; at: number }, length: number): Float64Array {
  if (!Number.isInteger(length) || length < 0 || reader.at + length * 8 > reader.view.byteLength)
    throw new MlError('ml.bad_model', 'the model is cut short');
  const array = new Float64Array(length);
  for (let i = 0; i < length; i++) array[i] = reader.view.getFloat64(reader.at + i * 8, true);
  reader.at += length * 8;
  return array;
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
    const array = this.saved.arrays[name];
    if (
      array === undefined ||
      (length !== undefined && array.length !== length) ||
      !array.every(Number.isFinite)
    )
      throw this.#bad(name);
    return array;
  }

  names(name: string): string[] {
    const value = this.saved.values[name];
    if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string'))
      throw this.#bad(name);
    return value;
  }

  number(name: string): number {
    const value = this.saved.values[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#bad(name);
    return value;
  }

  flag(name: string): boolean {
    const value = this.saved.values[name];
    if (typeof value !== 'boolean') throw this.#bad(name);
    return value;
  }

  part(position: number): Saved {
    const part = this.saved.parts[position];
    if (part === undefined) throw this.#bad(`part ${position}`);
    return part;
  }

  #bad(name: string): MlError {
    return new MlError('ml.bad_model', `the saved ${this.saved.kind} has no valid "${name}"`);
  }
}
