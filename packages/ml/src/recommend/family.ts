import { MlError } from '../errors.ts';
import type { Family } from '../family.ts';
import type { Saved } from '../saved.ts';
import { als, loadAls } from './als.ts';
import { blend, loadBlend } from './blend.ts';
import { bpr, loadBpr } from './bpr.ts';
import { ease, loadEase } from './ease.ts';
import { itemKnn, loadItemKnn } from './item-knn.ts';
import { loadPopularity, popularity } from './popularity.ts';
import { loadRandomWalk, randomWalk } from './random-walk.ts';
import type { Recommender, RecommenderEstimator } from './recommender.ts';
import { loadSequential, sequential } from './sequential.ts';
import { loadSlim, slim } from './slim.ts';

const LOADERS: Readonly<Record<string, (saved: Saved) => Recommender>> = {
  als: loadAls,
  blend: saved => loadBlend(saved, loadRecommender),
  bpr: loadBpr,
  ease: loadEase,
  itemKnn: loadItemKnn,
  popularity: loadPopularity,
  randomWalk: loadRandomWalk,
  sequential: loadSequential,
  slim: loadSlim,
};

const MAKERS = { als, bpr, ease, itemKnn, popularity, randomWalk, sequential, slim };

/** A recommender of any kind, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadRecommender(saved: Saved): Recommender {
  if (!Object.hasOwn(LOADERS, saved.kind))
    throw new MlError(
      'ml.bad_model',
      `a saved ${saved.kind} is no recommender; those are ${Object.keys(LOADERS).join(', ')}`,
    );
  return LOADERS[saved.kind](saved);
}

/**
 * The method of a name and parameters, as an estimator's `name` and `parameters` tell them.
 *
 * @throws MlError `ml.bad_model` for a name that is not known, `ml.bad_parameter` as the method says
 */
export function recommenderOf(
  name: string,
  parameters: RecommenderEstimator['parameters'],
): RecommenderEstimator {
  if (name === 'blend') return madeBlend(parameters);
  if (!Object.hasOwn(MAKERS, name))
    throw new MlError(
      'ml.bad_model',
      `"${name}" is no recommender; there are ${Object.keys(MAKERS).join(', ')}`,
    );
  const make = MAKERS[name as keyof typeof MAKERS] as (given: object) => RecommenderEstimator; // one of its keys
  return make(parameters);
}

function madeBlend({ parts, weights }: RecommenderEstimator['parameters']): RecommenderEstimator {
  if (!Array.isArray(parts)) throw new MlError('ml.bad_parameter', 'parts must be a list of recommenders');
  const described = parts as { name: string; parameters: RecommenderEstimator['parameters'] }[]; // each is checked as it is made
  return blend({
    parts: described.map(part => recommenderOf(part.name, part.parameters)),
    weights: weights as number[], // checked by blend
  });
}

export const recommendFamily: Family = { makers: { ...MAKERS, blend: madeBlend }, models: LOADERS };
