/** The values of a column in rising order, missing ones and those of weight 0 left out. */
export interface Sorted {
  readonly values: Float32Array;
  /** Weight of all values up to and with each; absent where every row counts once. */
  readonly reached?: Float64Array | undefined;
  readonly total: number;
}

/** @param weights how often each row counts; once where absent */
export function sortedOf(column: Float32Array, weights: Float32Array | undefined): Sorted {
  if (weights === undefined) {
    const values = column.filter(value => !Number.isNaN(value)).sort();
    return { values, total: values.length };
  }
  const order = Uint32Array.from(column.keys())
    .filter(row => !Number.isNaN(column[row]) && weights[row] > 0)
    .sort((a, b) => column[a] - column[b]);
  let total = 0;
  const reached = Float64Array.from(order, row => (total += weights[row]));
  return { values: Float32Array.from(order, row => column[row]), reached, total };
}

/**
 * The value that a share of the rows lies below, interpolated between its neighbours (type 7 of Hyndman and Fan 1996, as
 * numpy's default). Weights act as repeated rows. 0 where there is no value.
 */
export function quantileOf(sorted: Sorted, share: number): number {
  const position = Math.max(0, sorted.total - 1) * share;
  const whole = Math.floor(position);
  const low = valueAt(sorted, whole);
  if (position === whole) return low;
  return low + (position - whole) * (valueAt(sorted, whole + 1) - low);
}

/** The value at this place when each is repeated as often as it counts. */
function valueAt({ values, reached }: Sorted, place: number): number {
  if (values.length === 0) return 0;
  const at = reached === undefined ? place : firstAbove(reached, place);
  return values[Math.min(at, values.length - 1)];
}

/** Position of the first of these rising numbers that is above `value`: how many of them are at or below it. */
export function firstAbove(rising: ArrayLike<number>, value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
