import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { itemRecommender, readWeights, type ItemRecommender, type ItemWeights } from './item-weights.ts';
import {
  columnSums,
  neighboursOf,
  rowOfEntries,
  rowSums,
  withoutDislikes,
  type Likeness,
} from './neighbours.ts';
import {
  filledValues,
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
} from './recommender.ts';

export interface RandomWalkParameters {
  /** Items that are kept of each item's walks. */
  neighbours?: number;
  /** Power of the probabilities of each step. */
  alpha?: number;
  /** How much popular items are held back: walks that end in an item are divided by its number of users to this power. */
  beta?: number;
}

const KIND = 'randomWalk';
const VERSION = 1;

/**
 * Walks of three steps from a user over an item and another user to an item (RP3beta): strong where interactions are
 * few, and quick to learn.
 *
 * Reference: Paudel, Christoffel, Newell and Bernstein (2017), Updatable, accurate, diverse, and scalable recommendations
 * for interactive applications, ACM TiiS 7(1).
 *
 * @example
 * const model = await randomWalk({ alpha: 0.6, beta: 0.3 }).fit(interactions);
 */
export function randomWalk(parameters: RandomWalkParameters = {}): RecommenderEstimator<ItemRecommender> {
  const { neighbours = 200, alpha = 0.8, beta = 0.3 } = parameters;
  required(
    Number.isInteger(neighbours) && neighbours >= 1,
    'neighbours',
    'a whole number from 1 up',
    neighbours,
  );
  required(alpha > 0 && alpha <= 4, 'alpha', 'above 0, up to 4', alpha);
  required(beta >= 0 && beta <= 2, 'beta', 'from 0 to 2', beta);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ neighbours, alpha, beta }),
    fit: async (interactions: Interactions, options = {}) => {
      const likeness = likenessOf(withoutDislikes(learnable(interactions), 'randomWalk'), alpha, beta);
      return modelOf(await neighboursOf(likeness, neighbours, options), alpha);
    },
  });
}

function likenessOf(interactions: Interactions, alpha: number, beta: number): Likeness {
  const data = merged(interactions);
  const values = filledValues(data);
  const users = rowOfEntries(data);
  const [byUser, byItem] = [rowSums(data, values), columnSums(data, values)];
  return {
    byUser: { ...data, values: values.map((value, at) => share(value, byUser[users[at]]) ** alpha) },
    forItem: values.map((value, at) => share(value, byItem[data.indices[at]]) ** alpha),
    rowNorms: new Float32Array(data.width).fill(1),
    columnNorms: Float32Array.from(columnSums(data, values, 0), count => Math.max(1, count) ** beta),
    shrinkage: 0,
  };
}

function share(value: number, sum: number): number {
  return sum === 0 ? 0 : value / sum;
}

function modelOf(weights: ItemWeights, alpha: number): ItemRecommender {
  return itemRecommender({
    kind: KIND,
    weights,
    voices: histories => {
      const values = filledValues(histories);
      const [users, sums] = [rowOfEntries(histories), rowSums(histories, values)];
      return { ...histories, values: values.map((value, at) => share(value, sums[users[at]]) ** alpha) };
    },
    save: arrays => ({ kind: KIND, version: VERSION, values: { alpha }, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadRandomWalk(saved: Saved): ItemRecommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  return modelOf(readWeights(reader), reader.number('alpha'));
}
