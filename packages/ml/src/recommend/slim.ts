import { required } from '../errors.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { columnsToWeights } from './columns.ts';
import { fitting, gramianOf, popularOf } from './gramian.ts';
import { itemRecommender, readWeights, type ItemRecommender, type ItemWeights } from './item-weights.ts';
import { withoutDislikes } from './neighbours.ts';
import {
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
  type RecommendFitOptions,
} from './recommender.ts';

export interface SlimParameters {
  /** Penalty on the sum of the weights: the larger, the fewer are not zero. */
  l1?: number;
  /** Penalty on the squared weights. */
  l2?: number;
  /** Items that are learned, the most popular; the others are never recommended. */
  mostItems?: number;
}

const KIND = 'slim';
const VERSION = 1;
const ROUNDS = 60;
const TOLERANCE = 1e-3;

/**
 * Few weights, none negative, that predict each item from others: an elastic net for every item (SLIM). Smaller and
 * easier to explain than `ease`, and as good where interactions are few.
 *
 * Reference: Ning and Karypis (2011), SLIM: sparse linear methods for top-n recommender systems.
 *
 * @example
 * const model = await slim({ l1: 2, l2: 20 }).fit(interactions);
 */
export function slim(parameters: SlimParameters = {}): RecommenderEstimator<ItemRecommender> {
  const { l1 = 2, l2 = 20, mostItems = 5000 } = parameters;
  required(l1 >= 0 && Number.isFinite(l1), 'l1', 'from 0 up', l1);
  required(l2 > 0 && Number.isFinite(l2), 'l2', 'above 0', l2);
  required(Number.isInteger(mostItems) && mostItems >= 2, 'mostItems', 'a whole number from 2 up', mostItems);
  const method = { l1, l2, mostItems };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(method),
    fit: async (interactions: Interactions, options: RecommendFitOptions = {}) =>
      modelOf(await weightsBy(interactions, method, options)),
  });
}

async function weightsBy(
  interactions: Interactions,
  { l1, l2, mostItems }: Required<SlimParameters>,
  { threads, signal, onProgress }: RecommendFitOptions,
): Promise<ItemWeights> {
  const all = withoutDislikes(merged(learnable(interactions)), 'slim');
  const { items, data } = popularOf(all, mostItems, false);
  fitting(items.length, 16);
  const n = items.length;
  return withTeam('recommend', { threads, signal, work: n * n * 100 }, async team => {
    const { gram: exact, stride } = gramianOf(team, data);
    const gram = team.copied(Float32Array.from(exact));
    const weights = team.f32(n * stride);
    team.scratch(stride * 4);
    const step = 64;
    for (let from = 0; from < n; from += step) {
      await team.pause();
      // kernels count from 0: places are told by the first item's own
      team.run(
        'slim',
        Math.min(step, n - from),
        1,
        gram,
        n,
        stride,
        l1,
        l2,
        ROUNDS,
        TOLERANCE,
        weights,
        from,
      );
      onProgress?.({ done: Math.min(n, from + step), total: n, unit: 'items' });
    }
    return columnsToWeights(items, interactions.width, n, j => weights.subarray(j * stride, j * stride + n));
  });
}

function modelOf(weights: ItemWeights): ItemRecommender {
  return itemRecommender({
    kind: KIND,
    weights,
    voices: histories => ({ ...histories, values: new Float32Array(histories.indices.length).fill(1) }),
    save: arrays => ({ kind: KIND, version: VERSION, values: {}, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadSlim(saved: Saved): ItemRecommender {
  return modelOf(readWeights(new SavedReader(saved, KIND, VERSION)));
}
