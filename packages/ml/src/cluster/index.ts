export { adjustedRand } from './agreement.ts';
export { chooseK, type ChooseKOptions, type ChosenK, type KFigures, type KReason } from './choose-k.ts';
export { NOISE, type ClusterEstimator, type Clusterer } from './clusterer.ts';
export { dbscan, type DbscanModel, type DbscanParameters } from './dbscan.ts';
export { describeClusters, type ClusterDescription, type Difference } from './describe.ts';
export { hdbscan, type HdbscanModel, type HdbscanParameters } from './hdbscan.ts';
export {
  gaussianMixture,
  type GaussianMixtureModel,
  type GaussianMixtureParameters,
} from './gaussian-mixture.ts';
export { kMeans, type KMeans, type KMeansParameters } from './k-means.ts';
export { loadKMeans, type KMeansModel } from './k-means-model.ts';
export type { KMeansLearner, RowChunk } from './mini-batch.ts';
