import { MlError } from '../errors.ts';
import type { FitOptions } from '../estimator.ts';
import { soundTable } from '../sound.ts';
import { dictionaryOf, pick, type Table } from '../table.ts';

/** What the counting models read of each customer. */
export const HISTORY = ['frequency', 'recency', 'age'] as const;

/** Histories of customers; all times in one unit, from each customer's first purchase. */
export interface Customers {
  rows: number;
  /** Repeat purchases. */
  frequency: Float32Array;
  /** Time of the last purchase; 0 where none was repeated. */
  recency: Float32Array;
  /** Time until now. */
  age: Float32Array;
  weights: Float32Array | undefined;
  /** Sum of the weights, or the number of customers. */
  total: number;
}

/** @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value` (naming the row and the column) */
export function customersToLearn(table: Table, method: string, options: FitOptions): Customers {
  const sound = soundTable(pick(table, HISTORY), new Float32Array(), options, { method });
  return customersOf(sound, method, options.weights);
}

/** The histories that a table holds, checked. */
export function customersOf(table: Table, method: string, weights?: Float32Array): Customers {
  const read = pick(table, HISTORY);
  const words = HISTORY.find(name => dictionaryOf(read, name));
  if (words !== undefined)
    throw new MlError('ml.bad_table', `column "${words}" is of words; ${method} needs numbers there`);
  const [frequency, recency, age] = read.columns;
  for (let row = 0; row < table.rows; row++) {
    const fault = faultOf(frequency[row], recency[row], age[row]);
    if (fault) throw new MlError('ml.bad_value', `row ${row} of ${fault}`);
  }
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? table.rows;
  return { rows: table.rows, frequency, recency, age, weights, total };
}

/** What cannot be, in one customer's history. */
function faultOf(x: number, recency: number, age: number): string | undefined {
  if (!(Number.isInteger(x) && x >= 0))
    return `column "frequency" is ${x}; it must be a count of repeat purchases, 0 or more`;
  if (!(age >= 0 && age < Infinity)) return `column "age" is ${age}; it must be a time, 0 or more`;
  if (!(recency >= 0 && recency <= age))
    return `column "recency" is ${recency}; it must be from 0 to the age, ${age}`;
  if (x === 0 && recency > 0)
    return `column "recency" is ${recency}; without a repeat purchase it must be 0: times count from the first`;
  return undefined;
}

/** Each count that occurs, and the weight of the customers that have it. */
export function countsOf({ frequency, weights }: Customers): [count: number, weight: number][] {
  const counts = new Map<number, number>();
  for (let row = 0; row < frequency.length; row++)
    counts.set(frequency[row], (counts.get(frequency[row]) ?? 0) + (weights?.[row] ?? 1));
  return [...counts].sort(([a], [b]) => a - b);
}
