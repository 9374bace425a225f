import type { FitOptions, FittedTransformer, Transformer } from '../estimator.ts';
import { required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { encoderOf, loadEncoded, wordColumns, type Encoding } from './encoding.ts';

export interface OneHotParameters {
  /** Words in fewer rows than this (by weight) share one column, `COLUMN=(rare)`. */
  least?: number;
  /** What a word becomes that was not there to learn from: 0 everywhere, or 1 in a column `COLUMN=(unknown)`. */
  unknown?: 'zeros' | 'column';
  /** What a missing value becomes: missing everywhere, 0 everywhere, or 1 in a column `COLUMN=(missing)`. */
  missing?: 'missing' | 'zeros' | 'column';
}

const KIND = 'oneHot';
const NO_TARGET = new Float32Array();

/**
 * A column of words becomes one column for each word, 1 where the row has it and 0 elsewhere; columns of numbers pass as
 * they are.
 *
 * @example
 * const encoder = await oneHot().fit(tableOf({ city: ['Lyon', 'Nice', 'Lyon'] }));
 * encoder.transform(table).names // ['city=Lyon', 'city=Nice']
 */
export function oneHot(parameters: OneHotParameters = {}): Transformer {
  const { least = 1, unknown = 'zeros', missing = 'missing' } = parameters;
  required(least >= 0 && least < Infinity, 'least', 'a number from 0 up', least);
  required(['zeros', 'column'].includes(unknown), 'unknown', 'zeros or column', unknown);
  required(['missing', 'zeros', 'column'].includes(missing), 'missing', 'missing, zeros or column', missing);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ least, unknown, missing }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => {
      soundTable(table, NO_TARGET, options, { method: KIND, missing: true, categories: true });
      const encodings = wordColumns(table).map(({ name, words, codes }) =>
        encodingOf(name, words, weightsOf(codes, words.length, options.weights), { least, unknown, missing }),
      );
      return encoderOf(KIND, table.names, encodings);
    },
  });
}

/** Weight of the rows that have each word. */
export function weightsOf(
  codes: Float32Array,
  words: number,
  weights: Float32Array | undefined,
): Float64Array {
  const sums = new Float64Array(words);
  codes.forEach((code, row) => {
    if (!Number.isNaN(code)) sums[code] += weights?.[row] ?? 1;
  });
  return sums;
}

/** Words of a dictionary that no row has count as never seen. */
function encodingOf(
  column: string,
  dictionary: readonly string[],
  counts: Float64Array,
  { least, unknown, missing }: Required<OneHotParameters>,
): Encoding {
  const words = dictionary.filter((_, code) => counts[code] > 0);
  const isCommon = words.map(word => counts[dictionary.indexOf(word)] >= least);
  const common = words.filter((_, at) => isCommon[at]);
  const special = [
    ...(common.length < words.length ? ['(rare)'] : []),
    ...(unknown === 'column' ? ['(unknown)'] : []),
    ...(missing === 'column' ? ['(missing)'] : []),
  ];
  const labels = [...words.map((word, at) => (isCommon[at] ? word : '(rare)')), '(unknown)', '(missing)'];
  const columns = [...common, ...special];
  const values = columns.flatMap(label => labels.map(own => Number(own === label)));
  if (missing === 'missing') columns.forEach((_, j) => (values[(j + 1) * labels.length - 1] = NaN));
  return {
    column,
    words,
    outputs: columns.map(label => `${column}=${label}`),
    values: Float64Array.from(values),
  };
}

export function loadOneHot(saved: Saved): FittedTransformer {
  return loadEncoded(saved, KIND);
}
