import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { rankedBy, scoresBy, type Scoring } from './ranking.ts';
import {
  checkedHistories,
  learnable,
  type Interactions,
  type Recommender,
  type RecommenderEstimator,
} from './recommender.ts';

export interface PopularityParameters {
  /** An interaction counts half as much for every so much time before the latest; all count alike where absent. */
  halfLife?: number;
}

const KIND = 'popularity';
const VERSION = 1;

/**
 * What most people do, the same for everybody: the baseline, and what to show to whom nothing is known of.
 *
 * @example
 * const model = await popularity({ halfLife: 30 }).fit({ ...interactions, times }); // times in days
 */
export function popularity({ halfLife }: PopularityParameters = {}): RecommenderEstimator {
  required(
    halfLife === undefined || (halfLife > 0 && Number.isFinite(halfLife)),
    'halfLife',
    'above 0',
    halfLife,
  );
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(halfLife === undefined ? {} : { halfLife }),
    fit: async (interactions: Interactions) => modelOf(countsOf(learnable(interactions), halfLife)),
  });
}

function countsOf(
  { width, indices, values, times }: Interactions,
  halfLife: number | undefined,
): Float32Array {
  const counts = new Float64Array(width);
  const latest = times?.reduce((late, time) => Math.max(late, time), -Infinity) ?? 0;
  for (let at = 0; at < indices.length; at++) {
    const age = halfLife && times ? (latest - times[at]) / halfLife : 0;
    counts[indices[at]] += (values?.[at] ?? 1) * 2 ** -age;
  }
  return Float32Array.from(counts);
}

function modelOf(counts: Float32Array): Recommender {
  const scoring = ({ rows }: Interactions): Scoring => ({
    rows,
    items: counts.length,
    work: rows * counts.length,
    plain: (_, out) => out.set(counts),
    kernels: () => (lo, hi, out, width) => {
      for (let row = 0; row < hi - lo; row++) out.set(counts, row * width);
    },
  });
  const checkedScoring = (histories: Interactions): Scoring =>
    scoring(checkedHistories(histories, counts.length));
  return {
    kind: KIND,
    features: [],
    items: counts.length,
    scores: (histories, options) => scoresBy(checkedScoring(histories), options?.threads),
    recommend: (histories, options) => rankedBy(checkedScoring(histories), histories, options),
    save: () => ({ kind: KIND, version: VERSION, values: {}, arrays: { counts }, parts: [] }),
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadPopularity(saved: Saved): Recommender {
  return modelOf(new SavedReader(saved, KIND, VERSION).typed('counts', 'f32'));
}
