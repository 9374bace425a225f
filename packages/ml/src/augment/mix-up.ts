import type { FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { soundTable } from '../sound.ts';
import { joined, stacked, type Table } from '../table.ts';
import { isOfWords, ones, type Augmentation, type TrainingRows } from './augmentation.ts';

export interface MixUpParameters {
  /** Both parameters of the beta distribution that the mixing share is drawn from; small ones mix little. */
  alpha?: number;
  /** Mixed rows for each row there is. */
  share?: number;
  /**
   * What becomes of the target: `soft` mixes it like the columns, for a method that takes a target between 0 and 1;
   * `weights` adds each mixed row twice, with either target, weighted by its share.
   */
  targets?: 'soft' | 'weights';
}

/**
 * Adds rows between rows: a share of one and the rest of another, columns and target alike (Zhang et al. 2018). A word is
 * that of the row with the larger share; a value missing in either is missing.
 *
 * @example
 * augmented(perceptron({ hidden: [32] }), mixUp({ alpha: 0.2 }))
 */
export function mixUp({ alpha = 0.2, share = 1, targets = 'soft' }: MixUpParameters = {}): Augmentation {
  required(alpha > 0 && alpha < Infinity, 'alpha', 'a number above 0', alpha);
  required(share > 0 && share < Infinity, 'share', 'a number above 0', share);
  required(['soft', 'weights'].includes(targets), 'targets', 'soft or weights', targets);
  return Object.freeze({
    name: 'mixUp',
    parameters: Object.freeze({ alpha, share, targets }),
    apply: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      apply(table, target, options, { alpha, share, targets }),
  });
}

interface Pair {
  first: number;
  second: number;
  /** Of the first. */
  share: number;
}

function apply(
  table: Table,
  target: Float32Array,
  options: FitOptions,
  { alpha, share, targets }: Required<MixUpParameters>,
): TrainingRows {
  soundTable(table, target, options, { method: 'mixUp', missing: true, categories: true, target: 'any' });
  const { rng = new Rng(0), weights = ones(table.rows) } = options;
  const pairs = Array.from({ length: Math.round(share * table.rows) }, (): Pair => ({
    first: rng.integer(table.rows),
    second: rng.integer(table.rows),
    share: beta(alpha, rng),
  }));
  const between = mixed(table, pairs);
  const mean = (values: Float32Array) =>
    Float32Array.from(pairs, ({ first, second, share: s }) => s * values[first] + (1 - s) * values[second]);
  if (targets === 'soft')
    return {
      table: stacked([table, between]),
      target: joined([target, mean(target)]),
      weights: joined([weights, mean(weights)]),
    };
  return {
    table: stacked([table, between, between]),
    target: joined([
      target,
      Float32Array.from(pairs, pair => target[pair.first]),
      Float32Array.from(pairs, pair => target[pair.second]),
    ]),
    weights: joined([
      weights,
      Float32Array.from(pairs, pair => pair.share * weights[pair.first]),
      Float32Array.from(pairs, pair => (1 - pair.share) * weights[pair.second]),
    ]),
  };
}

function mixed(table: Table, pairs: readonly Pair[]): Table {
  const columns = table.columns.map((column, j) => {
    const words = isOfWords(table, table.names[j]);
    return Float32Array.from(pairs, ({ first, second, share }) => {
      if (words) return column[share >= 0.5 ? first : second];
      return share * column[first] + (1 - share) * column[second];
    });
  });
  return { ...table, rows: pairs.length, columns };
}

/** From the symmetric beta distribution, by two gamma variables. */
function beta(alpha: number, rng: Rng): number {
  const [a, b] = [logGamma(alpha, rng), logGamma(alpha, rng)];
  return 1 / (1 + Math.exp(b - a));
}

/** Logarithm of a gamma variable (Marsaglia and Tsang 2000); its own is 0 in 64 bits where the shape is small. */
function logGamma(shape: number, rng: Rng): number {
  if (shape < 1) return logGamma(shape + 1, rng) + Math.log(1 - rng.uniform()) / shape;
  const d = shape - 1 / 3;
  for (;;) {
    const x = rng.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return Math.log(d * v);
  }
}
