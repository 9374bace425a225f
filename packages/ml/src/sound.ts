import { MlError } from './errors.ts';
import { throwIfStopped, type FitOptions } from './estimator.ts';
import { checkedSparse, type SparseRows } from './sparse.ts';
import { checked, dictionaryOf, type Table } from './table.ts';

/** What a method can take. */
export interface Accepts {
  /** Name of the method, for the sentence. */
  method: string;
  missing?: boolean;
  categories?: boolean;
  /** Absent where nothing is to be learned from a target. */
  target?: TargetRule;
}

export type TargetRule = 'any' | 'share' | 'class' | 'positive' | 'not negative';

const VALID: Readonly<Record<TargetRule, [string, (y: number) => boolean]>> = {
  any: ['finite', Number.isFinite],
  share: ['from 0 to 1', y => y >= 0 && y <= 1],
  class: ['a class: 0, 1, 2 …', y => Number.isInteger(y) && y >= 0],
  positive: ['above 0', y => y > 0 && y < Infinity],
  'not negative': ['from 0 up', y => y >= 0 && y < Infinity],
};

/**
 * The same table, or why a method cannot learn from it: every fit begins with this.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value` (each names the column and the row), `ml.stopped`
 */
export function soundTable(table: Table, target: Float32Array, options: FitOptions, accepts: Accepts): Table {
  soundTarget(checked(table).rows, target, options, accepts);
  table.names.forEach((name, j) => {
    if (!accepts.categories && dictionaryOf(table, name))
      throw new MlError(
        'ml.bad_table',
        `column "${name}" is of words, which ${accepts.method} cannot take: encode it first (oneHot, targetEncode)`,
      );
    const valid = accepts.missing ? 'finite or missing' : 'finite';
    const row = accepts.missing ? firstInfinite(table.columns[j]) : firstNotFinite(table.columns[j]);
    if (row >= 0) throw badValue(table.columns[j], row, `column "${name}"`, valid);
  });
  return table;
}

/** As `soundTable`, for sparse rows. */
export function soundSparse(
  sparse: SparseRows,
  target: Float32Array,
  options: FitOptions,
  accepts: Accepts,
): SparseRows {
  soundTarget(sparse.rows, target, options, accepts);
  return checkedSparse(sparse);
}

function soundTarget(
  rows: number,
  target: Float32Array,
  { weights, signal }: FitOptions,
  { target: rule }: Accepts,
): void {
  throwIfStopped(signal);
  if (rows === 0) throw new MlError('ml.no_rows', 'there are no rows to learn from');
  if (rule) {
    lengthOf('target', target, rows);
    refuse(target, 'the target', ...VALID[rule]);
  }
  if (!weights) return;
  lengthOf('weights', weights, rows);
  refuse(weights, 'the weights', 'finite and not negative', w => w >= 0 && w < Infinity);
  if (!weights.some(w => w > 0)) throw new MlError('ml.no_rows', 'every row has weight 0');
}

function lengthOf(what: string, values: Float32Array, rows: number): void {
  if (values.length !== rows)
    throw new MlError('ml.bad_table', `${values.length} values of the ${what} for ${rows} rows`);
}

/** Loops of their own: columns are long, and a call for each value would take longer than some fits. */
function firstInfinite(values: Float32Array): number {
  for (let row = 0; row < values.length; row++) if (Math.abs(values[row]) === Infinity) return row;
  return -1;
}

function firstNotFinite(values: Float32Array): number {
  for (let row = 0; row < values.length; row++) if (!(Math.abs(values[row]) < Infinity)) return row;
  return -1;
}

function refuse(values: Float32Array, what: string, valid: string, fits: (value: number) => boolean): void {
  for (let row = 0; row < values.length; row++)
    if (!fits(values[row])) throw badValue(values, row, what, valid);
}

function badValue(values: Float32Array, row: number, what: string, valid: string): MlError {
  return new MlError('ml.bad_value', `row ${row} of ${what} is ${values[row]}; it must be ${valid}`);
}
