import type { Family } from '../family.ts';
import { loadPca, pca } from './pca.ts';
import { loadTruncatedSvd, truncatedSvd } from './truncated-svd.ts';

export const reduceFamily: Family = {
  makers: { pca, truncatedSvd },
  transformers: { pca: loadPca, truncatedSvd: loadTruncatedSvd },
};
