import type { FittedTransformer, Transformer } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { pick, type Table } from '../table.ts';

export interface StandardiseParameters {
  /** Columns with a long tail, taken as sign(x) ln(1 + |x|) first; those that a table lacks are passed over. */
  log?: readonly string[];
}

const KIND = 'standardise';
const VERSION = 1;

/**
 * Each column less its mean, over its standard deviation (of the population, as scikit-learn's StandardScaler). A column
 * of one value becomes 0. Missing values stay missing and count for nothing.
 */
export function standardise({ log = [] }: StandardiseParameters = {}): Transformer {
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ log }),
    fit: (table: Table) =>
      fit(
        table,
        log.filter(name => table.names.includes(name)),
      ),
  });
}

function fit(table: Table, log: readonly string[]): FittedTransformer {
  if (table.rows === 0) throw new MlError('ml.no_rows', 'there are no rows to take means of');
  const moments = logged(table, log).map(momentsOf);
  const means = Float64Array.from(moments, ({ mean }) => mean);
  const scales = Float64Array.from(moments, ({ deviation }) => deviation || 1);
  return fitted(table.names, log, means, scales);
}

/** Long tails pulled in, the other columns as they are. */
function logged(table: Table, log: readonly string[]): Float32Array[] {
  return table.columns.map((column, j) =>
    log.includes(table.names[j] ?? '') ? column.map(x => Math.sign(x) * Math.log1p(Math.abs(x))) : column,
  );
}

/** Mean and standard deviation in two passes, in double precision. */
function momentsOf(column: Float32Array): { mean: number; deviation: number } {
  let [n, sum] = [0, 0];
  for (const x of column)
    if (!Number.isNaN(x)) {
      n++;
      sum += x;
    }
  if (n === 0) return { mean: 0, deviation: 0 };
  const mean = sum / n;
  let squares = 0;
  for (const x of column) if (!Number.isNaN(x)) squares += (x - mean) ** 2;
  const deviation = Math.sqrt(squares / n);
  // what rounding to 32 bits leaves of a column of one value is not a spread
  return { mean, deviation: deviation <= Math.abs(mean) * 1e-7 ? 0 : deviation };
}

function fitted(
  features: readonly string[],
  log: readonly string[],
  means: Float64Array,
  scales: Float64Array,
): FittedTransformer {
  return {
    kind: KIND,
    features,
    sources: features,
    transform: table => {
      const columns = logged(pick(table, features), log).map((column, j) =>
        column.map(x => (x - means[j]) / scales[j]),
      );
      return { names: features, rows: table.rows, columns };
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, log },
      arrays: { means, scales },
      parts: [],
    }),
  };
}

export function loadStandardise(saved: Saved): FittedTransformer {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  const n = features.length;
  return fitted(features, reader.names('log'), reader.array('means', n), reader.array('scales', n));
}
