import type { FittedTransformer, Transformer } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { pick, type Table } from '../table.ts';

const KIND = 'impute';
const VERSION = 1;
const SUFFIX = '__missing';

/**
 * Puts the column's median where a value is missing, and adds a column `NAME__missing` of 0 and 1 where values were
 * missing from some rows that were learned from, but not from all: that a value is missing can itself tell something.
 * A column without any value becomes 0.
 */
export function impute(): Transformer {
  return Object.freeze({ name: KIND, parameters: Object.freeze({}), fit });
}

function fit(table: Table): FittedTransformer {
  if (table.rows === 0) throw new MlError('ml.no_rows', 'there are no rows to take medians of');
  const present = table.columns.map(column => column.filter(value => !Number.isNaN(value)));
  const medians = Float64Array.from(present, values => (values.length === 0 ? 0 : medianOf(values)));
  const marked = table.names.filter((_, j) => {
    const n = present[j]?.length ?? 0;
    return n > 0 && n < table.rows;
  });
  return fitted(table.names, medians, marked);
}

/** Sorts its argument. Of an even number of values, the mean of the middle two. */
function medianOf(values: Float32Array): number {
  values.sort();
  const middle = values.length >> 1;
  const high = values[middle];
  return values.length % 2 === 1 ? high : (values[middle - 1] + high) / 2;
}

function fitted(
  features: readonly string[],
  medians: Float64Array,
  marked: readonly string[],
): FittedTransformer {
  return {
    kind: KIND,
    features,
    sources: [...features, ...marked],
    transform: table => transform(pick(table, features), medians, marked),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, marked },
      arrays: { medians },
      parts: [],
    }),
  };
}

function transform(table: Table, medians: Float64Array, marked: readonly string[]): Table {
  const filled = table.columns.map((column, j) => column.map(x => (Number.isNaN(x) ? medians[j] : x)));
  const marks = pick(table, marked).columns.map(column => column.map(x => (Number.isNaN(x) ? 1 : 0)));
  const names = [...table.names, ...marked.map(name => name + SUFFIX)];
  return { names, rows: table.rows, columns: [...filled, ...marks] };
}

export function loadImpute(saved: Saved): FittedTransformer {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  return fitted(features, reader.array('medians', features.length), reader.names('marked'));
}
