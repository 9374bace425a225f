import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { SparseRows } from '../sparse.ts';
import { itemRecommender, readWeights, type ItemRecommender, type ItemWeights } from './item-weights.ts';
import { columnSums, neighboursOf, rowOfEntries, withoutDislikes, type Likeness } from './neighbours.ts';
import {
  filledValues,
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
} from './recommender.ts';

export type ItemWeighting = 'cosine' | 'tfidf' | 'bm25';

export interface ItemKnnParameters {
  /** Neighbours that are kept of each item. */
  neighbours?: number;
  /** `cosine` of the items' users; `tfidf`: the same with rare users counting more; `bm25` (not divided by lengths). */
  weighting?: ItemWeighting;
  /** Added to the product of lengths: likeness that rests on few users shrinks. */
  shrinkage?: number;
  /** Of BM25: how soon repeated interactions stop to count, and how much popular items are held back. */
  k1?: number;
  b?: number;
}

const KIND = 'itemKnn';
const VERSION = 1;
const WEIGHTINGS: readonly ItemWeighting[] = ['cosine', 'tfidf', 'bm25'];

/**
 * Items that the same people like: each item keeps its nearest neighbours, and a history is answered by the sum over
 * its items.
 *
 * References: Sarwar, Karypis, Konstan and Riedl (2001), Item-based collaborative filtering; Robertson and Zaragoza
 * (2009), The probabilistic relevance framework: BM25 and beyond, for `bm25`.
 *
 * @example
 * const model = await itemKnn({ neighbours: 50, weighting: 'bm25' }).fit(interactions);
 * model.similarItems(7, 5).items; // five items like item 7
 */
export function itemKnn(parameters: ItemKnnParameters = {}): RecommenderEstimator<ItemRecommender> {
  const { neighbours = 50, weighting = 'cosine', shrinkage = 0, k1 = 1.2, b = 0.75 } = parameters;
  required(
    Number.isInteger(neighbours) && neighbours >= 1,
    'neighbours',
    'a whole number from 1 up',
    neighbours,
  );
  required(WEIGHTINGS.includes(weighting), 'weighting', `one of ${WEIGHTINGS.join(', ')}`, weighting);
  required(shrinkage >= 0 && Number.isFinite(shrinkage), 'shrinkage', 'from 0 up', shrinkage);
  required(k1 >= 0 && Number.isFinite(k1), 'k1', 'from 0 up', k1);
  required(b >= 0 && b <= 1, 'b', 'from 0 to 1', b);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ neighbours, weighting, shrinkage, k1, b }),
    fit: async (interactions: Interactions, options = {}) => {
      const data = withoutDislikes(merged(learnable(interactions)), 'itemKnn');
      const values = weighted(data, weighting, k1, b);
      const likeness = likenessOf({ ...data, values }, weighting, shrinkage);
      return modelOf(await neighboursOf(likeness, neighbours, options));
    },
  });
}

function weighted(data: SparseRows, weighting: ItemWeighting, k1: number, b: number): Float32Array {
  const values = filledValues(data);
  if (weighting === 'cosine') return values;
  const users = rowOfEntries(data);
  const rarity = Float64Array.from({ length: data.rows }, (_, user) => {
    return Math.log(data.width) - Math.log1p(data.offsets[user + 1] - data.offsets[user]);
  });
  if (weighting === 'tfidf') return values.map((value, at) => Math.sqrt(value) * rarity[users[at]]);
  const sums = columnSums(data, values);
  const average = sums.reduce((sum, each) => sum + each, 0) / data.width;
  return values.map((value, at) => {
    const length = 1 - b + (b * sums[data.indices[at]]) / average;
    return ((value * (k1 + 1)) / (k1 * length + value)) * rarity[users[at]];
  });
}

function likenessOf(
  byUser: SparseRows & { readonly values: Float32Array },
  weighting: ItemWeighting,
  shrinkage: number,
): Likeness {
  const lengths =
    weighting === 'bm25'
      ? new Float32Array(byUser.width).fill(1)
      : Float32Array.from(columnSums(byUser, byUser.values, 2), Math.sqrt);
  return { byUser, forItem: byUser.values, rowNorms: lengths, columnNorms: lengths, shrinkage };
}

function modelOf(weights: ItemWeights): ItemRecommender {
  return itemRecommender({
    kind: KIND,
    weights,
    voices: histories => ({ ...histories, values: filledValues(histories) }),
    save: arrays => ({ kind: KIND, version: VERSION, values: {}, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadItemKnn(saved: Saved): ItemRecommender {
  return modelOf(readWeights(new SavedReader(saved, KIND, VERSION)));
}
