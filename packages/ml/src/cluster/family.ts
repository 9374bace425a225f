import type { Family } from '../family.ts';
import { gaussianMixture, loadGaussianMixture } from './gaussian-mixture.ts';
import { loadKMeans } from './k-means-model.ts';
import { kMeans } from './k-means.ts';

export const clusterFamily: Family = {
  makers: { gaussianMixture, kMeans },
  models: { gaussianMixture: loadGaussianMixture, kMeans: loadKMeans },
};
