import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { SparseRows } from '../sparse.ts';
import { padded } from './exact.ts';
import { factorRecommender, readFactors, type FactorRecommender, type Factors } from './factors.ts';
import { rowOfEntries, withoutDislikes } from './neighbours.ts';
import {
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
  type RecommendFitOptions,
} from './recommender.ts';

export interface BprParameters {
  /** Length of the vector of each user and item, besides the item's bias. */
  factors?: number;
  /** Each draws as many pairs as there are interactions. */
  iterations?: number;
  /** Length of a step. */
  rate?: number;
  /** Penalty on the squared vectors in each step. */
  l2?: number;
}

const KIND = 'bpr';
const VERSION = 1;
const START_DEVIATION = 0.1;
/** Steps between two looks at the signal. */
const STEPS_A_TURN = 100_000;
/** Draws for a new user's vector, for each entry of the history. */
const FOLD_ROUNDS = 60;

/**
 * Factors that put what a user did above what the user did not do (Bayesian personalised ranking), by stochastic
 * gradients. Steps follow on each other, so that it learns on one thread: the same seed gives the same model. Values
 * count for nothing. The last coordinate of an item's vector is its bias; that of a user's is 1.
 *
 * Reference: Rendle, Freudenthaler, Gantner and Schmidt-Thieme (2009), BPR: Bayesian personalized ranking from implicit
 * feedback.
 *
 * @example
 * const model = await bpr({ factors: 64, iterations: 100 }).fit(interactions, { rng: new Rng(7) });
 */
export function bpr(parameters: BprParameters = {}): RecommenderEstimator<FactorRecommender> {
  const { factors = 64, iterations = 100, rate = 0.05, l2 = 0.01 } = parameters;
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  required(whole(factors) && factors <= 1024, 'factors', 'a whole number from 1 to 1024', factors);
  required(whole(iterations), 'iterations', 'a whole number from 1 up', iterations);
  required(rate > 0 && rate <= 1, 'rate', 'above 0, up to 1', rate);
  required(l2 >= 0 && Number.isFinite(l2), 'l2', 'from 0 up', l2);
  const method = { factors, iterations, rate, l2 };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(method),
    fit: async (interactions: Interactions, options: RecommendFitOptions = {}) => {
      const data = withoutDislikes(merged(learnable(interactions)), 'bpr');
      return modelOf(await fit(data, method, options), method);
    },
  });
}

async function fit(
  data: SparseRows,
  { factors, iterations, rate, l2 }: Required<BprParameters>,
  { rng = new Rng(0), signal, onProgress }: RecommendFitOptions,
): Promise<Factors> {
  const rank = padded(factors + 1);
  return withTeam('recommend', { threads: 1, signal }, async team => {
    const [x, y] = [
      team.copied(start(data.rows, factors, rng, 1)),
      team.copied(start(data.width, factors, rng, 0)),
    ];
    const state = team.copied(Rng.seedWords(rng.bits()));
    const pairs = [data.offsets, data.indices, rowOfEntries(data)].map(array => team.copied(array));
    const [entries, width] = [data.indices.length, data.width];
    for (let done = 1; done <= iterations; done++) {
      for (let from = 0; from < entries; from += STEPS_A_TURN) {
        await team.pause();
        const steps = Math.min(STEPS_A_TURN, entries - from);
        team.run(
          'pairwiseSteps',
          steps,
          5_000,
          ...pairs,
          entries,
          width,
          x,
          y,
          rank,
          factors,
          rate,
          l2,
          state,
        );
      }
      onProgress?.({ done, total: iterations, unit: 'iterations' });
    }
    return { factors: factors + 1, users: x.slice(), items: y.slice() };
  });
}

/** Small random vectors whose last coordinate is `last`. */
function start(count: number, factors: number, rng: Rng, last: number): Float32Array {
  const rank = padded(factors + 1);
  const vectors = new Float32Array(count * rank);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < factors; j++)
      vectors[i * rank + j] = (START_DEVIATION * rng.normal()) / Math.sqrt(factors);
    vectors[i * rank + factors] = last;
  }
  return vectors;
}

function modelOf(learned: Factors, method: Required<BprParameters>): FactorRecommender {
  return factorRecommender(learned, {
    kind: KIND,
    foldIn: (histories, threads) => foldedIn(merged(histories), learned, method, threads),
    save: arrays => ({ kind: KIND, version: VERSION, values: { ...method }, arrays, parts: [] }),
  });
}

/** Vectors of users by their histories alone, items standing still; the zero vector for no history. */
function foldedIn(
  histories: SparseRows,
  { items, factors: length }: Factors,
  { factors, rate, l2 }: Required<BprParameters>,
  threads: number | undefined,
): Float32Array {
  const rank = padded(length);
  const work = histories.indices.length * FOLD_ROUNDS * rank;
  return withTeam('recommend', { threads, work }, team => {
    const [x, y] = [team.f32(histories.rows * rank), team.copied(items)];
    const seed = team.copied(Rng.seedWords(0));
    const states = team.u32(histories.rows * 4);
    const data = [team.copied(histories.offsets), team.copied(histories.indices), items.length / rank, x, y];
    team.run('pairwiseUsers', histories.rows, 8, ...data, rank, factors, rate, l2, FOLD_ROUNDS, seed, states);
    return x.slice();
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadBpr(saved: Saved): FactorRecommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [factors, iterations] = [reader.number('factors'), reader.number('iterations')];
  const method = { factors, iterations, rate: reader.number('rate'), l2: reader.number('l2') };
  return modelOf(readFactors(reader, factors + 1), method);
}
