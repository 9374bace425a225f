import { expect, test } from 'vitest';
import type { Model } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { tableOf, type Table } from '../table.ts';
import { tables } from './check-data.ts';
import { attempt, farthest, fitted, told, type EstimatorCase } from './check-estimator.ts';

const ROWS = 300;

/** The part of the suite that is about columns: missing, infinite, constant, extreme, in another order, of words. */
export function checkTables<M extends Model>(name: string, given: EstimatorCase<M, Table>): void {
  checkHoles(name, given);
  checkExtremes(name, given);
  checkOrder(name, given);
}

function checkHoles<M extends Model>(name: string, given: EstimatorCase<M, Table>): void {
  test(`${name} ${given.missing ? 'learns from' : 'refuses'} a column with missing values`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 21);
    const [a, ...rest] = x.columns;
    const holes = { ...x, columns: [a.map((value, row) => (row % 3 === 0 ? NaN : value)), ...rest] };
    const outcome = await attempt(given, holes, y);
    if (!given.missing) return expect(refusalNaming(outcome, '"a"')).toBe(true);
    if (outcome instanceof MlError) throw outcome;
    expect(told(given, outcome, holes).every(Number.isFinite)).toBe(true);
  });

  test(`${name} refuses an infinite value, naming its column`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 22);
    x.columns[1][7] = Infinity;
    expect(refusalNaming(await attempt(given, x, y), '"b"')).toBe(true);
  });

  test(`${name} ${given.categories ? 'learns from' : 'refuses'} a column of words`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 23);
    const words = Array.from(
      { length: ROWS },
      (_, row) => ['Lyon', 'Paris', null][row % (given.missing ? 3 : 2)] ?? null,
    );
    const city = tableOf({ city: words });
    const whole = {
      ...x,
      names: [...x.names, 'city'],
      columns: [...x.columns, ...city.columns],
      dictionaries: city.dictionaries,
    };
    const outcome = await attempt(given, whole, y);
    if (!given.categories) return expect(refusalNaming(outcome, '"city"')).toBe(true);
    if (outcome instanceof MlError) throw outcome;
    const unseen = { ...whole, dictionaries: { city: ['Nice', 'Paris'] } };
    expect(told(given, outcome, whole).every(Number.isFinite)).toBe(true);
    expect(told(given, outcome, unseen).every(Number.isFinite)).toBe(true);
  });
}

function checkExtremes<M extends Model>(name: string, given: EstimatorCase<M, Table>): void {
  test(`${name} takes constant columns and columns of very large and very small numbers`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 24);
    const rng = new Rng(24);
    const filled = (value: () => number) => Float32Array.from({ length: ROWS }, value);
    const odd = {
      ...x,
      names: [...x.names, 'zero', 'same', 'large', 'small'],
      columns: [
        ...x.columns,
        ...[
          filled(() => 0),
          filled(() => 0.1),
          filled(() => 1e9 * rng.normal()),
          filled(() => 1e-9 * rng.normal()),
        ],
      ],
    };
    const outcome = await attempt(given, odd, y);
    if (outcome instanceof MlError) throw outcome;
    expect(told(given, outcome, odd).every(Number.isFinite)).toBe(true);
  });
}

function checkOrder<M extends Model>(name: string, given: EstimatorCase<M, Table>): void {
  test(`${name} finds its columns by name, and names one that is not there`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 25);
    const model = await fitted(given, x, y);
    const turned = { ...x, names: x.names.toReversed(), columns: x.columns.toReversed() };
    expect(told(given, model, turned)).toEqual(told(given, model, x));
    const lacking = { ...x, names: x.names.slice(1), columns: x.columns.slice(1) };
    expect(() => told(given, model, lacking)).toThrow(/no column "?a"?/);
  });

  test(`${name} says the same of a row alone as among others`, async () => {
    const { x, y } = tables.make(given.task, ROWS, 26);
    const model = await fitted(given, x, y);
    const all = told(given, model, x);
    const width = all.length / ROWS;
    const alone = [3, 77, 299].flatMap(row => told(given, model, tables.at(x, [row])));
    const among = [3, 77, 299].flatMap(row => all.slice(row * width, (row + 1) * width));
    expect(farthest(alone, among)).toBeLessThan(1e-6);
  });
}

function refusalNaming(outcome: unknown, what: string): boolean {
  return outcome instanceof MlError && outcome.message.includes(what);
}
