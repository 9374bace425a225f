import { MlError } from '../errors.ts';

/** How long each subject was watched, and whether that ended with the event (1) or the watching just stopped (0). */
export interface SurvivalTarget {
  time: Float32Array;
  event: Float32Array;
}

/** @throws MlError `ml.bad_table`, `ml.bad_value` naming the row */
export function soundSurvival({ time, event }: SurvivalTarget, rows = time.length): void {
  if (time.length !== rows || event.length !== rows)
    throw new MlError('ml.bad_table', `${time.length} times and ${event.length} events for ${rows} rows`);
  for (let row = 0; row < rows; row++) {
    if (!(time[row] >= 0 && time[row] < Infinity))
      throw new MlError('ml.bad_value', `row ${row} of the time is ${time[row]}; it must be 0 or more`);
    if (event[row] !== 0 && event[row] !== 1)
      throw new MlError('ml.bad_value', `row ${row} of the event is ${event[row]}; it must be 0 or 1`);
  }
}

/** Positions of the rows, the longest time first. */
export function latestFirst(time: Float32Array): Uint32Array {
  return Uint32Array.from(time, (_, row) => row).sort((a, b) => time[b] - time[a]);
}

/** Calls back with each run of equal times in an order, as the bounds of the run. */
export function eachTime(
  order: Uint32Array,
  time: Float32Array,
  visit: (from: number, to: number) => void,
): void {
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && time[order[to]] === time[order[from]]) to++;
    visit(from, to);
    from = to;
  }
}
