export { NOISE, type ClusterEstimator, type Clusterer } from './clusterer.ts';
export {
  gaussianMixture,
  type GaussianMixtureModel,
  type GaussianMixtureParameters,
} from './gaussian-mixture.ts';
export { kMeans, type KMeans, type KMeansParameters } from './k-means.ts';
export type { KMeansModel } from './k-means-model.ts';
export type { KMeansLearner, RowChunk } from './mini-batch.ts';
