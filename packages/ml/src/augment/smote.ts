import type { FitOptions } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { momentsOf } from '../preprocess/moments.ts';
import { Rng } from '../random/rng.ts';
import { soundTable } from '../sound.ts';
import { joined, stacked, valuesAt, type Table } from '../table.ts';
import { drawn, isOfWords, ones, type Augmentation, type TrainingRows } from './augmentation.ts';

export interface SmoteParameters {
  /** Rows of the same class, the nearest to each, that new rows lie towards. */
  neighbours?: number;
  /** How many rows each rarer class is brought up to, as a share of the most frequent one's. */
  share?: number;
}

/**
 * Adds rows of the rarer classes, each between a row and one of its nearest of the same class (SMOTE, Chawla et al. 2002).
 * Distances are in standard deviations; two different words are as far apart as the median deviation (SMOTE-NC), and a
 * new row has the word that most of the neighbours have. Numbers must be complete. A new row has its origin's weight.
 *
 * It changes how frequent the classes seem: probabilities need calibration on rows as they are.
 *
 * @throws MlError `ml.one_class` when there is only one class
 * @example
 * augmented(logistic(), smote({ share: 0.5 }))
 */
export function smote({ neighbours = 5, share = 1 }: SmoteParameters = {}): Augmentation {
  required(
    Number.isInteger(neighbours) && neighbours >= 1,
    'neighbours',
    'a whole number from 1 up',
    neighbours,
  );
  required(share > 0 && share <= 1, 'share', 'above 0 and at most 1', share);
  return Object.freeze({
    name: 'smote',
    parameters: Object.freeze({ neighbours, share }),
    apply: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      apply(table, target, options, { neighbours, share }),
  });
}

function apply(
  table: Table,
  target: Float32Array,
  options: FitOptions,
  { neighbours, share }: Required<SmoteParameters>,
): TrainingRows {
  soundTable(table, target, options, { method: 'smote', missing: true, categories: true, target: 'class' });
  refuseHoles(table);
  const { rng = new Rng(0), weights = ones(table.rows) } = options;
  const classes = rowsByClass(target);
  if (classes.size < 2)
    throw new MlError('ml.one_class', 'every row has the same class; there is none to add to');
  const most = Math.round(share * Math.max(...[...classes.values()].map(rows => rows.length)));
  const space = spaceOf(table);
  const made = [...classes.values()].map(rows =>
    between(table, space, rows, Math.max(0, most - rows.length), neighbours, rng),
  );
  return {
    table: stacked([table, ...made.map(part => part.table)]),
    target: joined([target, ...made.map(part => valuesAt(target, part.origins))]),
    weights: joined([weights, ...made.map(part => valuesAt(weights, part.origins))]),
  };
}

function refuseHoles(table: Table): void {
  table.columns.forEach((column, j) => {
    const row = column.findIndex(value => Number.isNaN(value));
    if (row >= 0)
      throw new MlError(
        'ml.bad_value',
        `row ${row} of column "${table.names[j]}" is missing, which smote cannot take: impute it first`,
      );
  });
}

function rowsByClass(target: Float32Array): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  target.forEach((y, row) => {
    const own = rows.get(y);
    if (own) own.push(row);
    else rows.set(y, [row]);
  });
  return rows;
}

/** How distances are measured: numbers over their deviation, words by whether they are the same. */
interface Space {
  words: boolean[];
  scales: number[];
}

function spaceOf(table: Table): Space {
  const words = table.names.map(name => isOfWords(table, name));
  const deviations = table.columns.map(column => momentsOf(column, undefined).deviation || 1);
  // in standard deviations the median deviation is 1, so that a different word is a distance of 1
  return { words, scales: deviations.map((deviation, j) => (words[j] ? 1 : 1 / deviation)) };
}

/** New rows, and the row that each came from. */
function between(
  table: Table,
  space: Space,
  rows: readonly number[],
  count: number,
  neighbours: number,
  rng: Rng,
): { table: Table; origins: number[] } {
  const known = new Map<number, number[]>();
  const near = (row: number): number[] => {
    const found = known.get(row) ?? nearest(table, space, rows, row, neighbours);
    known.set(row, found);
    return found;
  };
  const origins = Array.from({ length: count }, () => drawn(rows, rng));
  const columns = table.columns.map(() => new Float32Array(count));
  origins.forEach((row, i) => {
    const around = near(row);
    const other = around.length > 0 ? drawn(around, rng) : row;
    const part = rng.uniform();
    table.columns.forEach((column, j) => {
      columns[j][i] = space.words[j]
        ? mostFrequent(around.length > 0 ? around.map(each => column[each]) : [column[row]])
        : column[row] + part * (column[other] - column[row]);
    });
  });
  return { table: { ...table, rows: count, columns }, origins };
}

/** The nearest other rows of these, nearest first. */
function nearest(table: Table, space: Space, rows: readonly number[], from: number, count: number): number[] {
  const found: { row: number; apart: number }[] = [];
  for (const row of rows) {
    if (row === from) continue;
    const apart = squaredDistance(table, space, from, row);
    if (found.length === count && apart >= found[count - 1].apart) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].apart > apart) at--;
    found.splice(at, 0, { row, apart });
    if (found.length > count) found.pop();
  }
  return found.map(({ row }) => row);
}

function squaredDistance({ columns }: Table, { words, scales }: Space, a: number, b: number): number {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) {
    const column = columns[j];
    sum += words[j] ? Number(column[a] !== column[b]) : ((column[a] - column[b]) * scales[j]) ** 2;
  }
  return sum;
}

/** The first among those that are as frequent. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
