import type { Family } from '../family.ts';
import { dbscan, loadDbscan } from './dbscan.ts';
import { gaussianMixture, loadGaussianMixture } from './gaussian-mixture.ts';
import { hdbscan, loadHdbscan } from './hdbscan.ts';
import { loadKMeans } from './k-means-model.ts';
import { kMeans } from './k-means.ts';

export const clusterFamily: Family = {
  makers: { dbscan, gaussianMixture, hdbscan, kMeans },
  models: {
    dbscan: loadDbscan,
    gaussianMixture: loadGaussianMixture,
    hdbscan: loadHdbscan,
    kMeans: loadKMeans,
  },
};
