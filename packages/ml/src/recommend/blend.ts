import { MlError, required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { SavedReader } from '../saved.ts';
import { bestOf, listsOf, type OpenList } from './lists.reference.ts';
import {
  checkedHistories,
  checkedOptions,
  learnable,
  type Interactions,
  type RankedLists,
  type RecommendFitOptions,
  type RecommendOptions,
  type Recommender,
  type RecommenderEstimator,
} from './recommender.ts';

export interface BlendParameters {
  parts: readonly RecommenderEstimator[];
  /** How much each part counts, in their order; all alike where absent. */
  weights?: readonly number[];
}

const KIND = 'blend';
const VERSION = 1;
/** Scores that are held at a time, of each part. */
const HELD = 2_097_152;

/**
 * Several recommenders as one: for each history, each part's scores are brought to mean 0 and deviation 1 over the items
 * and then summed by weight. Parts that err differently (factors beside walks) are better together than the best alone.
 *
 * @example
 * const model = await blend({ parts: [als({ factors: 64 }), randomWalk()], weights: [1, 0.5] }).fit(interactions);
 */
export function blend({ parts, weights = parts.map(() => 1) }: BlendParameters): RecommenderEstimator {
  required(parts.length > 0, 'parts', 'one recommender or more', parts.length);
  required(
    weights.length === parts.length && weights.every(weight => Number.isFinite(weight) && weight >= 0),
    'weights',
    `${parts.length} numbers from 0 up, one a part`,
    weights.join(', '),
  );
  const described = parts.map(({ name, parameters }) => ({ name, parameters }));
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ parts: described, weights }), // plain values, as each part's are
    fit: async (interactions: Interactions, options: RecommendFitOptions = {}) => {
      learnable(interactions);
      const models: Recommender[] = [];
      for (const part of parts) models.push(await part.fit(interactions, options));
      return modelOf(models, weights);
    },
  });
}

function modelOf(models: readonly Recommender[], weights: readonly number[]): Recommender {
  const items = models[0].items;
  const scores = (histories: Interactions, threads: number | undefined): Float32Array =>
    summed(
      models.map(model => model.scores(histories, { threads })),
      weights,
      items,
    );
  return {
    kind: KIND,
    features: [],
    items,
    scores: (histories, options) => scores(checkedHistories(histories, items), options?.threads),
    recommend: (histories, options) => {
      checkedOptions(options, items);
      return ranked(checkedHistories(histories, items), options, part => scores(part, options.threads));
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { weights },
      arrays: {},
      parts: models.map(model => model.save()),
    }),
  };
}

/** The weighted sum of scores that are standardised row by row. */
function summed(parts: readonly Float32Array[], weights: readonly number[], items: number): Float32Array {
  const sum = new Float32Array(parts[0].length);
  parts.forEach((scores, part) => {
    for (let from = 0; from < scores.length; from += items) {
      const row = scores.subarray(from, from + items);
      const mean = row.reduce((total, score) => total + score, 0) / items;
      const deviation = Math.sqrt(row.reduce((total, score) => total + (score - mean) ** 2, 0) / items);
      // a row without any difference says nothing
      if (!(deviation > 1e-12)) continue;
      for (let i = 0; i < items; i++) sum[from + i] += (weights[part] * (row[i] - mean)) / deviation;
    }
  });
  return sum;
}

function ranked(
  histories: Interactions,
  options: RecommendOptions,
  scoresOf: (part: Interactions) => Float32Array,
): RankedLists {
  const { rows, width, offsets, indices } = histories;
  const step = Math.max(1, Math.floor(HELD / width));
  const lists: OpenList[] = [];
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    const scores = scoresOf(rowsBetween(histories, from, to));
    for (let row = from; row < to; row++) {
      const own = scores.subarray((row - from) * width, (row - from + 1) * width);
      lists.push(bestOf(own, options, options.seen ? [] : indices.subarray(offsets[row], offsets[row + 1])));
    }
  }
  return listsOf(lists);
}

function rowsBetween(histories: Interactions, from: number, to: number): Interactions {
  const { width, offsets, indices, values, times } = histories;
  const [start, end] = [offsets[from], offsets[to]];
  return {
    rows: to - from,
    width,
    offsets: offsets.slice(from, to + 1).map(offset => offset - start),
    indices: indices.subarray(start, end),
    values: values?.subarray(start, end),
    times: times?.subarray(start, end),
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadBlend(saved: Saved, load: (part: Saved) => Recommender): Recommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  const { weights } = saved.values;
  const sound =
    Array.isArray(weights) &&
    weights.length === saved.parts.length &&
    weights.length > 0 &&
    weights.every(weight => typeof weight === 'number');
  if (!sound) throw reader.bad('weights');
  const models = saved.parts.map(load);
  if (models.some(model => model.items !== models[0].items))
    throw new MlError('ml.bad_model', 'the parts of the saved blend are of unequal numbers of items');
  return modelOf(models, weights); // as was just checked
}
