import { required } from '../errors.ts';
import { columnOf, dictionaryOf, type Table } from '../table.ts';
import { meansOf, replaced, someRows, type Predicts } from './replaced.ts';

export interface DependenceOptions {
  /** Points of a column of numbers at most. */
  points?: number | undefined;
  /** The points themselves, by column: numbers, or codes of categories. */
  at?: Readonly<Record<string, readonly number[]>> | undefined;
}

export interface PartialDependence {
  features: readonly string[];
  /** The points of each feature; codes of a categorical one. */
  points: Float32Array[];
  /** The words of the points of a categorical feature. */
  words: (readonly string[] | undefined)[];
  /** Numbers that the model tells of a row. */
  width: number;
  /** Mean of what the model tells, of all rows with the features at these points: by the points of the first, second, width. */
  values: Float64Array;
}

/**
 * What a model tells on average when one feature, or two, are set to given values in every row (Friedman 2001). Where
 * features hang together it asks the model about rows that cannot be: `accumulatedEffects` does not.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_parameter`
 * @example
 * const { points, values } = partialDependence(model, table, ['age']);
 */
export function partialDependence(
  model: Predicts,
  table: Table,
  features: readonly string[],
  options: DependenceOptions = {},
): PartialDependence {
  const { points = 20, at = {} } = options;
  required(features.length === 1 || features.length === 2, 'features', 'one or two', features.length);
  required(Number.isInteger(points) && points >= 2, 'points', 'a whole number from 2 up', points);
  someRows(table);
  const grids = features.map(name => (at[name] ? Float32Array.from(at[name]) : gridOf(table, name, points)));
  const means = over(grids, (first, second) => {
    const one = replaced(table, features[0], new Float32Array(table.rows).fill(first));
    const set =
      second === undefined ? one : replaced(one, features[1], new Float32Array(table.rows).fill(second));
    return meansOf(model.predict(set), table.rows);
  });
  const width = means[0]?.length ?? 1;
  return {
    features,
    points: grids,
    words: features.map((name, i) => wordsOf(table, name, grids[i])),
    width,
    values: Float64Array.from(means.flatMap(values => [...values])),
  };
}

function over<T>(grids: readonly Float32Array[], use: (first: number, second?: number) => T): T[] {
  const [first, second] = grids;
  return Array.from(first).flatMap(a =>
    second === undefined ? [use(a)] : Array.from(second, b => use(a, b)),
  );
}

function wordsOf(table: Table, name: string, codes: Float32Array): readonly string[] | undefined {
  const dictionary = dictionaryOf(table, name);
  return dictionary && Array.from(codes, code => dictionary[code] ?? '');
}

/** The categories that occur; distinct numbers where they are few, else quantiles from 5 % to 95 %. */
function gridOf(table: Table, name: string, points: number): Float32Array {
  const sorted = columnOf(table, name)
    .filter(value => !Number.isNaN(value))
    .sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (dictionaryOf(table, name) || distinct.length <= points) return distinct;
  const at = Array.from({ length: points }, (_, i) => quantile(sorted, 0.05 + (0.9 * i) / (points - 1)));
  return Float32Array.from(new Set(at));
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}

export interface AccumulatedEffects {
  feature: string;
  /** Ascending. */
  edges: Float32Array;
  /** What the model tells more (or less) at each edge than on average: edges x width. */
  effects: Float64Array;
  width: number;
  /** Rows between each edge and the next. */
  counts: Uint32Array;
}

/**
 * Accumulated local effects of one column of numbers (Apley and Zhu 2020, equations 15 and 16): by how much the model's
 * answer changes across each stretch of the column, for the rows that lie in it, summed from the left and centred. Other
 * columns stay as they are, so that it holds where columns hang together. Rows without a value are left out.
 *
 * @param bins stretches of about as many rows each
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_parameter`
 * @example
 * const { edges, effects } = accumulatedEffects(model, table, 'age', { bins: 10 });
 */
export function accumulatedEffects(
  model: Predicts,
  table: Table,
  feature: string,
  { bins = 20 }: { bins?: number } = {},
): AccumulatedEffects {
  required(Number.isInteger(bins) && bins >= 1, 'bins', 'a whole number from 1 up', bins);
  required(!dictionaryOf(table, feature), 'feature', 'a column of numbers (see partialDependence)', feature);
  const column = columnOf(table, feature);
  const edges = edgesOf(column, bins);
  someRows({ ...table, rows: edges.length });
  const stretch = Int32Array.from(column, value => stretchOf(edges, value));
  const at = (offset: number): Float64Array =>
    model.predict(
      replaced(
        table,
        feature,
        column.map((value, row) => (stretch[row] < 0 ? value : edges[stretch[row] + offset])),
      ),
    );
  const [low, high] = [at(0), at(1)];
  const width = low.length / table.rows;
  const counts = new Uint32Array(Math.max(1, edges.length - 1));
  const effects = new Float64Array(edges.length * width);
  stretch.forEach(bin => bin >= 0 && counts[bin]++);
  stretch.forEach((bin, row) => {
    if (bin < 0 || edges.length < 2) return;
    for (let k = 0; k < width; k++)
      effects[(bin + 1) * width + k] += (high[row * width + k] - low[row * width + k]) / counts[bin];
  });
  for (let i = width; i < effects.length; i++) effects[i] += effects[i - width];
  centre(effects, counts, width);
  return { feature, edges, effects, width, counts };
}

/** Less the mean over the rows, each counted halfway between its stretch's ends. */
function centre(effects: Float64Array, counts: Uint32Array, width: number): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (let k = 0; k < width; k++) {
    let mean = 0;
    for (let bin = 0; (bin + 1) * width < effects.length; bin++)
      mean += ((effects[bin * width + k] + effects[(bin + 1) * width + k]) / 2) * (counts[bin] / total);
    for (let i = k; i < effects.length; i += width) effects[i] -= mean;
  }
}

function edgesOf(column: Float32Array, bins: number): Float32Array {
  const sorted = column.filter(value => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return sorted;
  return Float32Array.from(new Set(Array.from({ length: bins + 1 }, (_, i) => quantile(sorted, i / bins))));
}

/** The stretch that a value lies in, its upper edge included; -1 for a missing one. */
function stretchOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value) || edges.length < 2) return -1;
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle + 1]) high = middle;
    else low = middle + 1;
  }
  return low;
}
