import type { Model } from '../estimator.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Json, type Saved, type SavedArray } from '../saved.ts';
import { fromHalf, toHalf } from './float16.ts';

export const PACKED = 'packed';
const VERSION = 1;

/**
 * How numbers are written smaller. `int8`: whole numbers from -127 to 127 with one scale for each row; `float16`: half as
 * many bits; `sparse`: without loss, one bit for each place and the numbers that are not 0.
 */
export type Packing = 'int8' | 'float16' | 'sparse';

/** How many numbers of an array share a scale; nothing where it is to be kept as it is. */
export type RowLength = (saved: Saved, name: string, array: SavedArray) => number | undefined;

/** Block-wise scales (Dettmers et al. 2022), where nobody knows the rows of an array. */
const BLOCK = 64;

/** Arrays of fractions with so many numbers that it is worth it. */
export const longArrays: RowLength = (_, __, array) => (array.length >= BLOCK ? BLOCK : undefined);

/**
 * A saved model with its arrays of fractions written smaller; whole numbers and small arrays stay as they are. It loads
 * as the model that it was, by way of what it was rounded to. Meant for networks, linear models and factors: a tree's
 * thresholds need their digits.
 *
 * @example
 * encode(quantiseSaved(model.save(), 'int8')).length; // about a quarter
 */
export function quantiseSaved(saved: Saved, packing: Packing, rowLength: RowLength = longArrays): Saved {
  const arrays: [string, SavedArray][] = [];
  const rows: Record<string, Json> = {};
  for (const [name, array] of Object.entries(saved.arrays)) {
    const length = isFractions(array) ? rowLength(saved, name, array) : undefined;
    if (!isFractions(array) || length === undefined) arrays.push([name, array]);
    else {
      rows[name] = { length: array.length, row: length, wide: array instanceof Float64Array };
      arrays.push(...written(name, array, packing, length));
    }
  }
  return {
    kind: PACKED,
    version: VERSION,
    values: { packing, rows, model: { kind: saved.kind, version: saved.version, values: saved.values } },
    arrays: Object.fromEntries(arrays),
    parts: saved.parts.map(part => quantiseSaved(part, packing, rowLength)),
  };
}

function isFractions(array: SavedArray): array is Float32Array | Float64Array {
  return array instanceof Float32Array || array instanceof Float64Array;
}

function written(
  name: string,
  array: Float32Array | Float64Array,
  packing: Packing,
  row: number,
): [string, SavedArray][] {
  if (packing === 'float16') return [[name, Uint16Array.from(array, toHalf)]];
  if (packing === 'int8') {
    const scales = scalesOf(array, row);
    const whole = Int8Array.from(array, (value, at) => Math.round(value / scales[Math.floor(at / row)]) || 0);
    return [
      [name, whole],
      [`${name}/scales`, scales],
    ];
  }
  const places = new Uint8Array(Math.ceil(array.length / 8));
  array.forEach((value, at) => {
    if (value !== 0) places[at >> 3] = places[at >> 3] | (1 << (at & 7));
  });
  return [
    [name, array.filter(value => value !== 0)],
    [`${name}/places`, places],
  ];
}

/** The largest number of each row is 127; a row of zeros has the scale 1. */
function scalesOf(array: Float32Array | Float64Array, row: number): Float32Array {
  const scales = new Float32Array(Math.ceil(array.length / row));
  array.forEach((value, at) => {
    const own = Math.floor(at / row);
    scales[own] = Math.max(scales[own], Math.abs(value) / 127);
  });
  return scales.map(scale => (scale > 0 ? scale : 1));
}

/** What `quantiseSaved` was given, to the digits that were kept. @throws MlError `ml.bad_model` */
export function unpackedSaved(saved: Saved): Saved {
  const reader = new SavedReader(saved, PACKED, VERSION);
  const { rows, model } = saved.values;
  if (!isObject(model) || !isObject(rows)) throw reader.bad('model');
  const { kind, version, values } = model;
  if (typeof kind !== 'string' || typeof version !== 'number' || !isObject(values)) throw reader.bad('model');
  const names = Object.keys(saved.arrays).filter(name => !/\/(scales|places)$/.test(name));
  const arrays = names.map((name): [string, SavedArray] => [name, arrayOf(reader, name, rows[name])]);
  return { kind, version, values, arrays: Object.fromEntries(arrays), parts: saved.parts.map(unpackedSaved) };
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function arrayOf(reader: SavedReader, name: string, written: Json | undefined): SavedArray {
  const array = reader.saved.arrays[name];
  if (written === undefined) return array;
  if (!isObject(written)) throw reader.bad('rows');
  const { length, row, wide } = written;
  if (!isCount(length) || !isCount(row) || typeof wide !== 'boolean') throw reader.bad('rows');
  return read(reader, name, wide ? new Float64Array(length) : new Float32Array(length), row);
}

/** Not so large that an array of as many could not be. */
function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2 ** 30;
}

function read(reader: SavedReader, name: string, to: Float32Array | Float64Array, row: number): SavedArray {
  const packing = reader.text('packing');
  if (packing === 'float16') {
    const halves = reader.typed(name, 'u16', to.length);
    return to.map((_, at) => fromHalf(halves[at]));
  }
  if (packing === 'int8') {
    const whole = reader.typed(name, 'i8', to.length);
    const scales = reader.typed(`${name}/scales`, 'f32', Math.ceil(to.length / row));
    return to.map((_, at) => whole[at] * scales[Math.floor(at / row)]);
  }
  if (packing !== 'sparse') throw reader.bad('packing');
  const places = reader.typed(`${name}/places`, 'u8', Math.ceil(to.length / 8));
  const values = to instanceof Float64Array ? reader.typed(name, 'f64') : reader.typed(name, 'f32');
  let next = 0;
  const whole = to.map((_, at) => (places[at >> 3] & (1 << (at & 7)) ? values[next++] : 0));
  if (next !== values.length) throw reader.bad(name);
  return whole;
}

/** The model that was packed; saved again, it is as small as before. @throws MlError `ml.bad_model` */
export function loadPacked(saved: Saved, load: Load): Model {
  const model = load.model(unpackedSaved(saved));
  // whatever the model tells, it tells; only how it is saved differs
  return Object.create(model, { save: { value: () => saved, enumerable: true } }) as Model;
}
