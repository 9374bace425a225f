import type { FittedTransformer, Transformer } from '../estimator.ts';
import { required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { columnwise, loadColumnwise, type ColumnRule } from './columnwise.ts';
import { firstAbove, quantileOf, sortedOf } from './quantile.ts';

export interface QuantileBinsParameters {
  /** Bins of about equal numbers of rows; values that occur often leave fewer. */
  bins?: number;
  /** Whether the bins become words ("12 to 20"), to be encoded further, rather than the numbers 0, 1, 2 … */
  words?: boolean;
}

const KIND = 'quantileBins';

/**
 * Each column of numbers as the number of its bin, whose edges are quantiles of the rows learned from (as scikit-learn's
 * KBinsDiscretizer). Missing values stay missing; columns of words pass as they are; weights act as repeated rows.
 *
 * @example
 * pipeline([quantileBins({ bins: 10, words: true }), oneHot()], logistic())
 */
export function quantileBins(parameters: QuantileBinsParameters = {}): Transformer {
  return columnwise(ruleOf(parameters));
}

function ruleOf({ bins = 5, words = false }: QuantileBinsParameters): ColumnRule {
  required(Number.isInteger(bins) && bins >= 2, 'bins', 'a whole number from 2 up', bins);
  return {
    kind: KIND,
    parameters: { bins, words },
    learn: (column, weights) => edgesOf(column, weights, bins),
    applied: edges => x => firstAbove(edges, x),
    ...(words && { words: wordsOf }),
  };
}

/** Rising, without the least and the largest value: what lies beyond them belongs to the outer bins. */
function edgesOf(column: Float32Array, weights: Float32Array | undefined, bins: number): number[] {
  const sorted = sortedOf(column, weights);
  const edges = Array.from({ length: bins + 1 }, (_, i) => quantileOf(sorted, i / bins));
  return [...new Set(edges)].slice(1, -1);
}

function wordsOf(edges: Float64Array): string[] {
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return ['all'];
  const shown = Array.from(edges, edge => String(Number(edge.toPrecision(7))));
  const between = shown.slice(1).map((edge, i) => `${shown[i]} to ${edge}`);
  return [`below ${shown[0]}`, ...between, `${shown.at(-1)} and above`];
}

export function loadQuantileBins(saved: Saved): FittedTransformer {
  return loadColumnwise(saved, KIND, ruleOf);
}
