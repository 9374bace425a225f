import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { SparseRows } from '../sparse.ts';
import { itemRecommender, readWeights, type ItemRecommender, type ItemWeights } from './item-weights.ts';
import { columnSums, neighboursOf, withoutDislikes } from './neighbours.ts';
import {
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
  type RecommendFitOptions,
} from './recommender.ts';
import { transitionsOf } from './transitions.ts';

export interface SequentialParameters {
  /** Steps that a transition may be long: one over n interactions counts 1/n. */
  window?: number;
  /** In a history, transitions from the n-th last interaction count 2^(-n / halfLife). */
  halfLife?: number;
  /** The same for what items have in common with those of the history, whatever the order. */
  memory?: number;
  /** Weight of what items have in common beside the transitions, from 0 (order alone) to 1 (order counts nothing). */
  share?: number;
  /** How much items are held back by the power of their number of interactions. */
  popularity?: number;
  /** Successors and neighbours that are kept of each item. */
  neighbours?: number;
}

const KIND = 'sequential';
const VERSION = 1;
/** An item speaks by its successors and by its neighbours. */
const WAYS = 2;

/**
 * What comes next: transitions between items weighted by how far apart they are (sequential rules), and neighbours of
 * recent items, blended. Sessions of others are not kept, only what follows what: nothing of a person is in the model,
 * a new history needs no fitting, and an answer costs one sparse product. In the comparisons of Ludewig and Jannach
 * (2018) such rules and session neighbours are on a par with or above recurrent networks.
 *
 * Histories are in the order of their times, or as they stand where there are none.
 *
 * References: Ludewig and Jannach (2018), Evaluation of session-based recommendation algorithms, UMUAI 28, sections 3.1
 * and 3.2; Garg et al. (2019), Sequence and time aware neighborhood for session-based recommendations, for the decay.
 *
 * @example
 * const model = await sequential({ halfLife: 2 }).fit({ ...interactions, times });
 */
export function sequential(parameters: SequentialParameters = {}): RecommenderEstimator<ItemRecommender> {
  const {
    window = 10,
    halfLife = 3,
    memory = 30,
    share = 0.3,
    popularity = 0.3,
    neighbours = 200,
  } = parameters;
  required(Number.isInteger(window) && window >= 1, 'window', 'a whole number from 1 up', window);
  required(halfLife > 0 && Number.isFinite(halfLife), 'halfLife', 'above 0', halfLife);
  required(memory > 0 && Number.isFinite(memory), 'memory', 'above 0', memory);
  required(share >= 0 && share <= 1, 'share', 'from 0 to 1', share);
  required(popularity >= 0 && popularity <= 2, 'popularity', 'from 0 to 2', popularity);
  required(
    Number.isInteger(neighbours) && neighbours >= 1,
    'neighbours',
    'a whole number from 1 up',
    neighbours,
  );
  const method = { window, halfLife, memory, share, popularity, neighbours };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(method),
    fit: async (interactions: Interactions, options: RecommendFitOptions = {}) => {
      const data = inOrder(withoutDislikes(learnable(interactions), 'sequential'));
      return modelOf(await waysOf(data, method, options), halfLife, memory);
    },
  });
}

async function waysOf(
  data: Interactions,
  { window, share, popularity, neighbours }: Required<SequentialParameters>,
  options: RecommendFitOptions,
): Promise<ItemWeights> {
  const ones = new Float32Array(data.indices.length).fill(1);
  const counts = columnSums(data, ones);
  const heldBack = Float32Array.from(counts, count => Math.max(1, count) ** popularity);
  const follow = transitionsOf(data, window, heldBack, neighbours);
  const once = merged({ ...data, values: undefined });
  const byUser = { ...once, values: new Float32Array(once.indices.length).fill(1) };
  const rowNorms = Float32Array.from(counts, count => Math.max(1, count));
  const alike = await neighboursOf(
    { byUser, forItem: byUser.values, rowNorms, columnNorms: heldBack, shrinkage: 0 },
    neighbours,
    options,
  );
  return stackedWeights([scaled(follow, 1 - share), scaled(alike, share)]);
}

/** The rows sum to `weight` on average, so that the ways are of one size before they are weighed. */
function scaled(weights: ItemWeights, weight: number): ItemWeights {
  const sum = weights.values.reduce((total, value) => total + value, 0);
  const factor = sum === 0 ? 0 : (weight * weights.rows) / sum;
  return { ...weights, values: weights.values.map(value => value * factor) };
}

/** The rows of one below those of the other. */
function stackedWeights([first, second]: readonly [ItemWeights, ItemWeights]): ItemWeights {
  const indices = new Uint32Array(first.indices.length + second.indices.length);
  const values = new Float32Array(indices.length);
  indices.set(first.indices);
  values.set(first.values);
  indices.set(second.indices, first.indices.length);
  values.set(second.values, first.indices.length);
  const offsets = new Uint32Array(first.rows + second.rows + 1);
  offsets.set(first.offsets);
  offsets.set(
    second.offsets.map(offset => offset + first.indices.length),
    first.rows,
  );
  return { rows: first.rows + second.rows, width: first.width, offsets, indices, values };
}

/** Each row by rising time; of equal times, and where there are none, as it stands. */
export function inOrder(interactions: Interactions): Interactions {
  const { rows, offsets, indices, values, times } = interactions;
  if (times === undefined) return interactions;
  const order = Uint32Array.from(indices, (_, at) => at);
  for (let row = 0; row < rows; row++)
    order.subarray(offsets[row], offsets[row + 1]).sort((a, b) => times[a] - times[b] || a - b);
  return {
    ...interactions,
    indices: Uint32Array.from(order, at => indices[at]),
    values: values && Float32Array.from(order, at => values[at]),
    times: Float64Array.from(order, at => times[at]),
  };
}

/** Every interaction twice: as one that others follow, and as one that has neighbours. */
function voicesOf(
  histories: Interactions,
  halfLife: number,
  memory: number,
): SparseRows & { readonly values: Float32Array } {
  const { rows, width, offsets, indices } = inOrder(histories);
  const [twice, values] = [new Uint32Array(WAYS * indices.length), new Float32Array(WAYS * indices.length)];
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const age = offsets[row + 1] - 1 - at;
      twice.set([indices[at], width + indices[at]], WAYS * at);
      values.set([2 ** (-age / halfLife), 2 ** (-age / memory)], WAYS * at);
    }
  return { rows, width: WAYS * width, offsets: offsets.map(offset => WAYS * offset), indices: twice, values };
}

function modelOf(weights: ItemWeights, halfLife: number, memory: number): ItemRecommender {
  return itemRecommender({
    kind: KIND,
    weights,
    voices: histories => voicesOf(histories, halfLife, memory),
    save: arrays => ({ kind: KIND, version: VERSION, values: { halfLife, memory }, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadSequential(saved: Saved): ItemRecommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  return modelOf(readWeights(reader, WAYS), reader.number('halfLife'), reader.number('memory'));
}
