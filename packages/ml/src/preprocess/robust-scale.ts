import type { FittedTransformer, Transformer } from '../estimator.ts';
import { required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { columnwise, loadColumnwise, type ColumnRule } from './columnwise.ts';
import { quantileOf, sortedOf } from './quantile.ts';

export interface RobustScaleParameters {
  /** Shares of the rows between whose values a column is said to spread: 0.25 and 0.75, the quartiles. */
  between?: readonly [low: number, high: number];
}

const KIND = 'robustScale';

/**
 * Each column of numbers less its median, over the distance of its quartiles: a few wild values move neither. A column
 * without spread is only moved. Missing values stay missing; columns of words pass as they are; weights act as repeated
 * rows.
 *
 * @example
 * pipeline([impute(), robustScale()], logistic())
 */
export function robustScale(parameters: RobustScaleParameters = {}): Transformer {
  return columnwise(ruleOf(parameters));
}

function ruleOf({ between = [0.25, 0.75] }: RobustScaleParameters): ColumnRule {
  const [low, high] = between;
  required(0 <= low && low < high && high <= 1, 'between', 'two rising shares from 0 to 1', between);
  return {
    kind: KIND,
    parameters: { between: [low, high] },
    learn: (column, weights) => {
      const sorted = sortedOf(column, weights);
      return [quantileOf(sorted, 0.5), quantileOf(sorted, high) - quantileOf(sorted, low) || 1];
    },
    applied:
      ([median, spread]) =>
      x =>
        (x - median) / spread,
  };
}

export function loadRobustScale(saved: Saved): FittedTransformer {
  return loadColumnwise(saved, KIND, ruleOf);
}
