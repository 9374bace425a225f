import { MlError, required } from '../errors.ts';
import { columnOf, dictionaryOf, rowsAt, type Table } from '../table.ts';
import type { Predicts } from './replaced.ts';

/** What may become of a feature: a number within a range, by steps; or one of some categories. */
export type Change = { from: number; to: number; step?: number } | { oneOf: readonly string[] };

export interface CounterfactualOptions {
  /** Columns that may change; all others stay as they are. */
  changes: Readonly<Record<string, Change>>;
  /** The prediction to be reached; either may be absent. */
  atLeast?: number;
  atMost?: number;
  /** Features changed together at most. */
  most?: number;
  /** Ways that are followed at once: the more, the surer that no better one is missed. */
  beam?: number;
}

export interface ChangedFeature {
  feature: string;
  /** A word of a categorical column. NaN where there was no value. */
  from: number | string;
  to: number | string;
}

export interface Counterfactual {
  /** Whether the prediction wanted was reached. */
  found: boolean;
  changes: ChangedFeature[];
  /** With the changes; where none was found, the nearest that was. */
  prediction: number;
  before: number;
  /** Sum of the changes, each as a share of its range, a category as 1. */
  cost: number;
}

/** What is tried of one feature. */
interface Choices {
  feature: string;
  column: Float32Array;
  values: Float32Array;
  /** What going to each value costs. */
  costs: Float64Array;
}

/** A way that has been gone: the place of the value chosen for some of the features, by their position. */
interface Way {
  chosen: ReadonlyMap<number, number>;
  prediction: number;
  cost: number;
}

const MOST_VALUES = 60;

/**
 * What would have to be different of one row for a model to tell something else: as few changes as suffice, and of these the
 * smallest (Wachter, Mittelstadt and Russell 2018), within what may change at all. Ways are followed one feature further at a
 * time, the most promising ones of each length (a beam search, as good as complete for one feature), and the first that
 * arrive are drawn back value by value towards the row as it is. It says what the model would tell, not what would happen.
 *
 * @param row position of the row in the table
 * @throws MlError `ml.bad_table`, `ml.bad_parameter`
 * @example
 * counterfactual(model, table, 7, { atLeast: 0.5, changes: { visits: { from: 0, to: 20, step: 1 } } });
 * // { found: true, changes: [{ feature: 'visits', from: 2, to: 5 }], prediction: 0.53, before: 0.31, cost: 0.15 }
 */
export function counterfactual(
  model: Predicts,
  table: Table,
  row: number,
  options: CounterfactualOptions,
): Counterfactual {
  const { changes, most = 3, beam = 30, atLeast = -Infinity, atMost = Infinity } = options;
  required(Number.isInteger(row) && row >= 0 && row < table.rows, 'row', 'one of the table', row);
  required(atLeast > -Infinity || atMost < Infinity, 'atLeast', 'a number, or atMost', atLeast);
  required(atLeast <= atMost, 'atLeast', `not above atMost (${atMost})`, atLeast);
  required(Number.isInteger(most) && most >= 1, 'most', 'a whole number from 1 up', most);
  required(Number.isInteger(beam) && beam >= 1, 'beam', 'a whole number from 1 up', beam);
  const choices = Object.entries(changes).map(([name, change]) => choicesOf(table, row, name, change));
  const ask = askerOf(model, rowsAt(table, [row]), choices);
  const short = (way: Way): number => Math.max(atLeast - way.prediction, way.prediction - atMost, 0);
  const [start] = ask([new Map()]);
  const best = searched(start, choices, ask, short, Math.min(most, choices.length), beam);
  const end = short(best) > 0 ? best : drawnBack(best, choices, ask, short);
  return told(end, start, table, row, choices, short(end) === 0);
}

type Ask = (ways: readonly ReadonlyMap<number, number>[]) => Way[];

/** Tells the prediction and the cost of many ways in one call to the model. */
function askerOf(model: Predicts, one: Table, choices: readonly Choices[]): Ask {
  return ways => {
    if (ways.length === 0) return [];
    const rows = rowsAt(one, new Uint8Array(ways.length));
    choices.forEach(({ feature, values }, j) => {
      const column = columnOf(rows, feature);
      ways.forEach((chosen, i) => {
        const value = chosen.get(j);
        if (value !== undefined) column[i] = values[value];
      });
    });
    const predictions = model.predict(rows);
    if (predictions.length !== ways.length)
      throw new MlError('ml.bad_parameter', 'a counterfactual needs a model that tells one number a row');
    return ways.map((chosen, i) => ({
      chosen,
      prediction: predictions[i],
      cost: [...chosen].reduce((sum, [j, value]) => sum + choices[j].costs[value], 0),
    }));
  };
}

/** The cheapest of the shortest ways that arrive, or the one that comes nearest. */
function searched(
  start: Way,
  choices: readonly Choices[],
  ask: Ask,
  short: (way: Way) => number,
  most: number,
  beam: number,
): Way {
  let [ways, nearest] = [[start], start];
  for (let length = 1; length <= most && short(nearest) > 0; length++) {
    const next = ask(longer(ways, choices)).sort((a, b) => short(a) - short(b) || a.cost - b.cost);
    ways = next.slice(0, beam);
    if (ways.length > 0 && short(ways[0]) < short(nearest)) nearest = ways[0];
  }
  return nearest;
}

/** The ways with one feature more, at each of its values; each set of choices once. */
function longer(ways: readonly Way[], choices: readonly Choices[]): ReadonlyMap<number, number>[] {
  const next = new Map<string, ReadonlyMap<number, number>>();
  for (const { chosen } of ways)
    choices.forEach(({ values }, j) => {
      if (chosen.has(j)) return;
      values.forEach((_, value) => {
        const entries = [...chosen, [j, value] as const].sort(([x], [y]) => x - y);
        next.set(entries.join(' '), new Map(entries));
      });
    });
  return [...next.values()];
}

/** Takes each change back, or moves it to a cheaper value, as long as the way still arrives. */
function drawnBack(way: Way, choices: readonly Choices[], ask: Ask, short: (way: Way) => number): Way {
  for (let best = way; ;) {
    const cheaper = [...best.chosen].flatMap(([j]) => {
      const without = new Map([...best.chosen].filter(([other]) => other !== j));
      return [without, ...Array.from(choices[j].values, (_, value) => new Map(without).set(j, value))];
    });
    const arrived = ask(cheaper).filter(each => short(each) === 0 && isBetter(each, best));
    const next = arrived.sort((a, b) => a.chosen.size - b.chosen.size || a.cost - b.cost)[0];
    if (next === undefined) return best;
    best = next;
  }
}

function isBetter(a: Way, b: Way): boolean {
  return a.chosen.size < b.chosen.size || (a.chosen.size === b.chosen.size && a.cost < b.cost - 1e-12);
}

function choicesOf(table: Table, row: number, feature: string, change: Change): Choices {
  const column = columnOf(table, feature);
  const dictionary = dictionaryOf(table, feature);
  const values =
    'oneOf' in change ? codesOf(feature, change.oneOf, dictionary) : stepsOf(feature, change, dictionary);
  const range = 'oneOf' in change ? 0 : change.to - change.from;
  const others = values.filter(value => value !== column[row]);
  const costs = Float64Array.from(others, value =>
    range > 0 && !Number.isNaN(column[row]) ? Math.abs(value - column[row]) / range : 1,
  );
  return { feature, column, values: others, costs };
}

function codesOf(
  feature: string,
  words: readonly string[],
  dictionary: readonly string[] | undefined,
): Float32Array {
  const unknown = words.find(word => !dictionary?.includes(word));
  required(
    dictionary !== undefined && unknown === undefined,
    `changes of "${feature}"`,
    dictionary ? `among ${dictionary.join(', ')}` : 'a range: it is a column of numbers',
    unknown ?? words,
  );
  return Float32Array.from(words, word => dictionary?.indexOf(word) ?? NaN);
}

function stepsOf(
  feature: string,
  { from, to, step }: { from: number; to: number; step?: number },
  dictionary: readonly string[] | undefined,
): Float32Array {
  required(!dictionary, `changes of "${feature}"`, 'oneOf: it is a column of categories', `${from} to ${to}`);
  required(
    from <= to && Number.isFinite(to - from),
    `changes of "${feature}"`,
    'a range',
    `${from} to ${to}`,
  );
  const least = step ?? (to - from) / MOST_VALUES;
  required(least > 0 || from === to, `step of "${feature}"`, 'above 0', step);
  const count = from === to ? 1 : Math.floor((to - from) / least + 1e-9) + 1;
  required(count <= 10_000, `step of "${feature}"`, 'so large that there are 10000 values at most', step);
  return Float32Array.from({ length: count }, (_, i) => from + i * least);
}

function told(
  way: Way,
  start: Way,
  table: Table,
  row: number,
  choices: readonly Choices[],
  found: boolean,
): Counterfactual {
  const word = (feature: string, value: number): number | string =>
    dictionaryOf(table, feature)?.[value] ?? value;
  const changes = [...way.chosen].map(([j, at]) => {
    const { feature, column, values } = choices[j];
    return { feature, from: word(feature, column[row]), to: word(feature, values[at]) };
  });
  return { found, changes, prediction: way.prediction, before: start.prediction, cost: way.cost };
}
