import type { Family } from '../family.ts';
import { loadKMeans } from './k-means-model.ts';
import { kMeans } from './k-means.ts';

export const clusterFamily: Family = { makers: { kMeans }, models: { kMeans: loadKMeans } };
