import { required } from '../errors.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { columnsToWeights } from './columns.ts';
import { fitting, gramianOf, popularOf, sweep } from './gramian.ts';
import { itemRecommender, readWeights, type ItemRecommender, type ItemWeights } from './item-weights.ts';
import {
  filledValues,
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
  type RecommendFitOptions,
} from './recommender.ts';

export interface EaseParameters {
  /** Penalty on the squared weights. */
  l2?: number;
  /**
   * Penalty in proportion to how often an item was met, as if that part of the interactions were dropped at random
   * (p / (1 - p) for a share p): weights then rest less on few common items.
   */
  dropout?: number;
  /** Whether values count; every interaction counts 1 otherwise. */
  values?: boolean;
  /** Weights that are kept for each item, those of largest size. */
  neighbours?: number;
  /** Items that are learned, the most popular; work grows with the cube of it. The others are never recommended. */
  mostItems?: number;
}

const KIND = 'ease';
const VERSION = 1;

/**
 * The linear model that predicts each item from all others, in closed form (EASE): hard to beat where there are up to
 * some thousand items. With G = X'X + penalties and P its inverse, the weight of item i for item j is -P_ij / P_jj.
 *
 * References: Steck (2019), Embarrassingly shallow autoencoders for sparse data, equation 8; for `dropout`: Steck (2020),
 * Autoencoders that don't overfit towards the identity.
 *
 * @example
 * const model = await ease({ l2: 400 }).fit(interactions);
 * model.recommend(histories, { k: 10 });
 */
export function ease(parameters: EaseParameters = {}): RecommenderEstimator<ItemRecommender> {
  const { l2 = 200, dropout = 0, values = false, neighbours = 1000, mostItems = 5000 } = parameters;
  required(l2 > 0 && Number.isFinite(l2), 'l2', 'above 0', l2);
  required(dropout >= 0 && Number.isFinite(dropout), 'dropout', 'from 0 up', dropout);
  required(
    Number.isInteger(neighbours) && neighbours >= 1,
    'neighbours',
    'a whole number from 1 up',
    neighbours,
  );
  required(Number.isInteger(mostItems) && mostItems >= 2, 'mostItems', 'a whole number from 2 up', mostItems);
  const method = { l2, dropout, values, neighbours, mostItems };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(method),
    fit: async (interactions: Interactions, options: RecommendFitOptions = {}) =>
      modelOf(await weightsBy(interactions, method, options), values),
  });
}

async function weightsBy(
  interactions: Interactions,
  { l2, dropout, values, neighbours, mostItems }: Required<EaseParameters>,
  { threads, signal }: RecommendFitOptions,
): Promise<ItemWeights> {
  const { items, data } = popularOf(merged(learnable(interactions)), mostItems, values);
  fitting(items.length, 8);
  const n = items.length;
  return withTeam('recommend', { threads, signal, work: n ** 3 }, async team => {
    const { gram, stride } = gramianOf(team, data);
    for (let i = 0; i < stride; i++)
      gram[i * stride + i] = i < n ? gram[i * stride + i] * (1 + dropout) + l2 : 1;
    await sweep(team, gram, stride);
    const column = new Float32Array(n);
    return columnsToWeights(items, interactions.width, neighbours, j => {
      const scale = -1 / gram[j * stride + j];
      for (let i = 0; i < n; i++)
        column[i] = i === j ? 0 : scale * gram[i > j ? i * stride + j : j * stride + i];
      return column;
    });
  });
}

function modelOf(weights: ItemWeights, values: boolean): ItemRecommender {
  return itemRecommender({
    kind: KIND,
    weights,
    voices: histories => ({
      ...histories,
      values: values ? filledValues(histories) : new Float32Array(histories.indices.length).fill(1),
    }),
    save: arrays => ({ kind: KIND, version: VERSION, values: { values }, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadEase(saved: Saved): ItemRecommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  return modelOf(readWeights(reader), reader.flag('values'));
}
