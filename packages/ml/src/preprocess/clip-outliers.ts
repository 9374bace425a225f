import type { FittedTransformer, Transformer } from '../estimator.ts';
import { required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { columnwise, loadColumnwise, type ColumnRule } from './columnwise.ts';
import { quantileOf, sortedOf } from './quantile.ts';

/** One of the two; shares of 0.01 and 0.99 where neither is given. */
export interface ClipOutliersParameters {
  /** Shares of the rows whose values are the limits. */
  shares?: readonly [low: number, high: number];
  /** How many distances of the quartiles beyond them the limits lie: 1.5 are Tukey's fences. */
  fences?: number;
}

const KIND = 'clipOutliers';

/**
 * Values of a column of numbers beyond its limits become the limits. Missing values stay missing; columns of words pass
 * as they are; weights act as repeated rows.
 *
 * @example
 * clipOutliers({ fences: 3 }) // nothing lies further than 3 interquartile ranges beyond the quartiles
 */
export function clipOutliers(parameters: ClipOutliersParameters = {}): Transformer {
  return columnwise(ruleOf(parameters));
}

function ruleOf({ shares, fences }: ClipOutliersParameters): ColumnRule {
  required(shares === undefined || fences === undefined, 'shares', 'absent where fences are given', shares);
  const [low, high] = shares ?? [0.01, 0.99];
  required(0 <= low && low < high && high <= 1, 'shares', 'two rising shares from 0 to 1', shares);
  required(
    fences === undefined || (fences >= 0 && fences < Infinity),
    'fences',
    'a number from 0 up',
    fences,
  );
  return {
    kind: KIND,
    parameters: fences === undefined ? { shares: [low, high] } : { fences },
    learn: (column, weights) => {
      const sorted = sortedOf(column, weights);
      if (fences === undefined) return [quantileOf(sorted, low), quantileOf(sorted, high)];
      const [first, third] = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)];
      return [first - fences * (third - first), third + fences * (third - first)];
    },
    applied:
      ([least, most]) =>
      x =>
        Math.min(most, Math.max(least, x)),
  };
}

export function loadClipOutliers(saved: Saved): FittedTransformer {
  return loadColumnwise(saved, KIND, ruleOf);
}
