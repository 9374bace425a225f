import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { SparseRows } from '../sparse.ts';
import { fitFactors, foldedIn, type LeastSquares } from './least-squares.ts';
import { factorRecommender, readFactors, type Factors, type FactorRecommender } from './factors.ts';
import {
  learnable,
  merged,
  type Interactions,
  type RecommenderEstimator,
  type RecommendFitOptions,
} from './recommender.ts';

export interface AlsParameters {
  /** Length of the vector of each user and item. */
  factors?: number;
  /** Each moves all users, then all items. */
  iterations?: number;
  /** Confidence in an interaction is 1 + alpha x its value; in its absence it is 1. */
  alpha?: number;
  /** Strength of the penalty on the squared length of the vectors. */
  l2?: number;
  /**
   * How the penalty grows with activity: the penalty of a user or item of n interactions is l2 (n + 1)^scaling. 0 is the
   * same for all, as Hu, Koren and Volinsky have it; 1 weighs each by its interactions, which often ranks better.
   */
  scaling?: number;
  /** Steps of conjugate gradients for each vector in each iteration. */
  steps?: number;
}

export interface AlsFitOptions extends RecommendFitOptions {
  /**
   * Goes on from the vectors of this model: users and items that it has keep their numbers, later ones are new. It must
   * have as many factors.
   */
  from?: FactorRecommender | undefined;
}

const KIND = 'als';
const VERSION = 1;

/**
 * Factors of users and items by alternating least squares on implicit interactions: every absent interaction counts as
 * a weak no. A negative value is a dislike, of which we are as sure as of a like of the same size.
 *
 * References: Hu, Koren and Volinsky (2008), Collaborative filtering for implicit feedback datasets; Takács, Pilászy and
 * Tikk (2011), Applications of the conjugate gradient method for implicit feedback collaborative filtering; for
 * `scaling`: Rendle, Krichene, Zhang and Koren (2022), Revisiting the performance of iALS.
 *
 * @example
 * const model = await als({ factors: 64, alpha: 10 }).fit(interactions);
 * model.recommend(histories, { k: 20 }).items; // the best 20 of user 0, then of user 1, …
 */
export function als(parameters: AlsParameters = {}): RecommenderEstimator<FactorRecommender, AlsFitOptions> {
  const method = sound(parameters);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ ...method }),
    fit: async (interactions: Interactions, options: AlsFitOptions = {}) => {
      const data = merged(learnable(interactions));
      return modelOf(await fitFactors(data, method, options), method);
    },
  });
}

function sound(parameters: AlsParameters): LeastSquares {
  const { factors = 64, iterations = 15, alpha = 1, l2 = 0.1, scaling = 0, steps = 3 } = parameters;
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  required(whole(factors) && factors <= 1024, 'factors', 'a whole number from 1 to 1024', factors);
  required(whole(iterations), 'iterations', 'a whole number from 1 up', iterations);
  required(alpha > 0 && Number.isFinite(alpha), 'alpha', 'above 0', alpha);
  required(l2 > 0 && Number.isFinite(l2), 'l2', 'above 0', l2);
  required(scaling >= 0 && scaling <= 2, 'scaling', 'from 0 to 2', scaling);
  required(whole(steps), 'steps', 'a whole number from 1 up', steps);
  return { factors, iterations, alpha, l2, scaling, steps };
}

function modelOf(factors: Factors, method: LeastSquares): FactorRecommender {
  return factorRecommender(factors, {
    kind: KIND,
    foldIn: (histories: SparseRows, threads) => foldedIn(merged(histories), factors, method, threads),
    save: arrays => ({ kind: KIND, version: VERSION, values: { ...method }, arrays, parts: [] }),
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadAls(saved: Saved): FactorRecommender {
  const reader = new SavedReader(saved, KIND, VERSION);
  const number = (name: keyof LeastSquares): number => reader.number(name);
  const method = {
    ...{ factors: number('factors'), iterations: number('iterations'), alpha: number('alpha') },
    ...{ l2: number('l2'), scaling: number('scaling'), steps: number('steps') },
  };
  return modelOf(readFactors(reader, method.factors), method);
}
