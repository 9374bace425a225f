export { als, type AlsFitOptions, type AlsParameters } from './als.ts';
export { blend, type BlendParameters } from './blend.ts';
export { bpr, type BprParameters } from './bpr.ts';
export { ease, type EaseParameters } from './ease.ts';
export { exactIndex, type ItemIndex, type IndexSearch } from './exact.ts';
export type { FactorRecommender, KnownUsers } from './factors.ts';
export { loadRecommender, recommenderOf } from './family.ts';
export { itemKnn, type ItemKnnParameters, type ItemWeighting } from './item-knn.ts';
export type { ItemRecommender, ItemWeights } from './item-weights.ts';
export { popularity, type PopularityParameters } from './popularity.ts';
export { randomWalk, type RandomWalkParameters } from './random-walk.ts';
export type {
  Interactions,
  RankedLists,
  Recommender,
  RecommenderEstimator,
  RecommendFitOptions,
  RecommendOptions,
  SimilarItems,
} from './recommender.ts';
export { sequential, type SequentialParameters } from './sequential.ts';
export { slim, type SlimParameters } from './slim.ts';
export {
  approximateIndex,
  loadApproximateIndex,
  type ApproximateIndex,
  type ApproximateOptions,
} from './approximate.ts';
