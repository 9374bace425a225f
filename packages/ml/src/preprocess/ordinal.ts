import type { FitOptions, FittedTransformer, Transformer } from '../estimator.ts';
import { MlError } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { encoderOf, loadEncoded, wordColumns } from './encoding.ts';
import { weightsOf } from './one-hot.ts';

export interface OrdinalParameters {
  /** The words of a column from low to high; of columns not named here, in order of the alphabet. */
  order?: Readonly<Record<string, readonly string[]>>;
}

const NO_TARGET = new Float32Array();

/**
 * A column of words becomes one of numbers: 0 for the first word, 1 for the second, and so on. Words outside the order
 * become missing values, and missing values stay. Columns of numbers pass as they are.
 *
 * @throws MlError `ml.bad_table` when an order names a column that is not one of words
 * @example
 * ordinal({ order: { size: ['small', 'medium', 'large'] } })
 */
export function ordinal({ order = {} }: OrdinalParameters = {}): Transformer {
  return Object.freeze({
    name: 'ordinal',
    parameters: Object.freeze({ order }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => {
      soundTable(table, NO_TARGET, options, { method: 'ordinal', missing: true, categories: true });
      const columns = wordColumns(table);
      const stray = Object.keys(order).find(name => !columns.some(each => each.name === name));
      if (stray !== undefined)
        throw new MlError('ml.bad_table', `order names "${stray}", which is no column of words`);
      const encodings = columns.map(({ name, words }) => {
        const own = Object.hasOwn(order, name) ? order[name] : words.toSorted();
        return { column: name, words: own, outputs: [name], values: positions(own.length) };
      });
      return encoderOf('ordinal', table.names, encodings);
    },
  });
}

function positions(words: number): Float64Array {
  return Float64Array.from({ length: words + 2 }, (_, at) => (at < words ? at : NaN));
}

export function loadOrdinal(saved: Saved): FittedTransformer {
  return loadEncoded(saved, 'ordinal');
}

/**
 * A column of words becomes the share of the rows learned from that have the word: 0 for a word never seen. Missing
 * values stay missing; columns of numbers pass as they are; weights act as repeated rows.
 *
 * @example
 * pipeline([frequency()], boosting())
 */
export function frequency(): Transformer {
  return Object.freeze({
    name: 'frequency',
    parameters: Object.freeze({}),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => {
      soundTable(table, NO_TARGET, options, { method: 'frequency', missing: true, categories: true });
      const encodings = wordColumns(table).map(({ name, words, codes }) => {
        const counts = weightsOf(codes, words.length, options.weights);
        const total = counts.reduce((sum, count) => sum + count, 0) || 1;
        const values = Float64Array.from([...counts.map(count => count / total), 0, NaN]);
        return { column: name, words, outputs: [name], values };
      });
      return encoderOf('frequency', table.names, encodings);
    },
  });
}

export function loadFrequency(saved: Saved): FittedTransformer {
  return loadEncoded(saved, 'frequency');
}
