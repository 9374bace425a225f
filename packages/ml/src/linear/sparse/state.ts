import { MlError } from '../../errors.ts';
import type { Saved, SavedArray, SavedReader } from '../../saved.ts';

/** Numbers that a method keeps for each feature. */
export interface TableShape {
  /** Numbers a feature; 0 where the parameters make it unnecessary. */
  readonly values: number;
  readonly type: 'f32' | 'f64';
}

export type Numbers = Float32Array | Float64Array;

/** What a learner knows. */
export interface State {
  readonly width: number;
  /** `values` numbers of feature j from [j * values]. */
  readonly tables: readonly Numbers[];
  /** What belongs to no feature; see `Own`. */
  readonly own: Float64Array;
}

/** Positions in `own` that every kernel keeps; each has more of its own after them. */
export const LOSS = 0;
export const WEIGHT = 1;
export const ROWS = 2;

export function emptyState(width: number, shapes: readonly TableShape[], own: Float64Array): State {
  return { width, tables: shapes.map(shape => numbers(shape, width)), own: own.slice() };
}

function numbers({ type, values }: TableShape, features: number): Numbers {
  return type === 'f32' ? new Float32Array(features * values) : new Float64Array(features * values);
}

/** The same, in arrays of its own. */
export function copyOf({ width, tables, own }: State): State {
  return { width, tables: tables.map(table => table.slice()), own: own.slice() };
}

/** What is known of these features only, in their order. */
export function gathered(state: State, features: Uint32Array): State {
  const { width, tables, own } = state;
  const kept = tables.map(table => {
    const values = table.length / width;
    const part = table.slice(0, 0);
    const some =
      part instanceof Float32Array
        ? new Float32Array(features.length * values)
        : new Float64Array(features.length * values);
    for (let at = 0; at < features.length; at++)
      for (let v = 0; v < values; v++) some[at * values + v] = table[features[at] * values + v];
    return some;
  });
  return { width: features.length, tables: kept, own: own.slice() };
}

/** Puts what became of these features back into `state`, whose tables it changes. */
export function scattered(state: State, features: Uint32Array, part: State): State {
  state.tables.forEach((table, t) => {
    const values = table.length / state.width;
    const from = part.tables[t] ?? table;
    for (let at = 0; at < features.length; at++)
      for (let v = 0; v < values; v++) table[features[at] * values + v] = from[at * values + v];
  });
  return { ...state, own: part.own };
}

/** Features of which anything is known, rising. */
function known({ width, tables }: State): Uint32Array {
  const found = new Uint8Array(width);
  for (const table of tables) {
    const values = table.length / width;
    for (let at = 0; at < table.length; at++) if (table[at] !== 0) found[Math.floor(at / values)] = 1;
  }
  const features = new Uint32Array(found.reduce((sum, one) => sum + one, 0));
  let next = 0;
  for (let j = 0; j < width; j++) if (found[j]) features[next++] = j;
  return features;
}

/** As a part of a saved model: only features of which anything is known. */
export function saveState(kind: string, version: number, values: Saved['values'], state: State): Saved {
  const features = known(state);
  const { tables, own } = gathered(state, features);
  const arrays: Record<string, SavedArray> = { features, own };
  tables.forEach((table, t) => (arrays[`table${t}`] = table));
  return { kind, version, values: { ...values, width: state.width }, arrays, parts: [] };
}

/** The state that `saveState` wrote. @throws MlError `ml.bad_model` */
export function readState(reader: SavedReader, shapes: readonly TableShape[], own: number): State {
  const width = reader.number('width');
  if (!(Number.isInteger(width) && width > 0 && width <= 2 ** 32)) throw reader.bad('width');
  const features = reader.typed('features', 'u32');
  if (features.some((feature, at) => feature >= width || (at > 0 && feature <= features[at - 1])))
    throw reader.bad('features');
  const tables = shapes.map((shape, t) =>
    reader.typed(`table${t}`, shape.type, features.length * shape.values),
  );
  const part = { width: features.length, tables, own: reader.typed('own', 'f64', own) };
  return scattered(emptyState(width, shapes, part.own), features, part);
}

/** Refuses to go on from what another method, or the same with other parameters, knows. */
export function fitting(state: State, shapes: readonly TableShape[], own: number): State {
  const same =
    state.own.length === own &&
    state.tables.length === shapes.length &&
    shapes.every(({ values }, t) => state.tables[t]?.length === state.width * values);
  if (!same)
    throw new MlError(
      'ml.bad_parameter',
      'the model to go on from was learned with other parameters (its rate, l1 or average differ)',
    );
  return state;
}
