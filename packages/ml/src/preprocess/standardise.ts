import type { FittedTransformer, Transformer } from '../estimator.ts';
import type { Saved } from '../saved.ts';
import { columnwise, loadColumnwise, type ColumnRule } from './columnwise.ts';
import { momentsOf } from './moments.ts';

export interface StandardiseParameters {
  /** Columns with a long tail, taken as sign(x) ln(1 + |x|) first; those that a table lacks are passed over. */
  log?: readonly string[];
}

const KIND = 'standardise';

/**
 * Each column of numbers less its mean, over its standard deviation (of the population, as scikit-learn's
 * StandardScaler). A column of one value becomes 0. Missing values stay missing and count for nothing; columns of words
 * pass as they are; weights act as repeated rows.
 *
 * @example
 * pipeline([impute(), standardise({ log: ['revenue'] })], logistic())
 */
export function standardise(parameters: StandardiseParameters = {}): Transformer {
  return columnwise(ruleOf(parameters));
}

function ruleOf({ log = [] }: StandardiseParameters): ColumnRule {
  return {
    kind: KIND,
    parameters: { log },
    learn: (column, weights, name) => {
      const { mean, deviation } = momentsOf(log.includes(name) ? column.map(logged) : column, weights);
      return [mean, deviation || 1];
    },
    applied: ([mean, scale], name) =>
      log.includes(name) ? x => (Math.fround(logged(x)) - mean) / scale : x => (x - mean) / scale,
  };
}

/** Long tails pulled in, either side of 0. */
function logged(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

export function loadStandardise(saved: Saved): FittedTransformer {
  return loadColumnwise(saved, KIND, ruleOf);
}
