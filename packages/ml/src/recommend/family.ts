import type { Family } from '../family.ts';
import { als, loadAls } from './als.ts';
import { bpr, loadBpr } from './bpr.ts';
import { ease, loadEase } from './ease.ts';
import { itemKnn, loadItemKnn } from './item-knn.ts';
import { loadPopularity, popularity } from './popularity.ts';
import { loadRandomWalk, randomWalk } from './random-walk.ts';
import { loadSlim, slim } from './slim.ts';

export const recommendFamily: Family = {
  makers: { als, bpr, ease, itemKnn, popularity, randomWalk, slim },
  models: {
    als: loadAls,
    bpr: loadBpr,
    ease: loadEase,
    itemKnn: loadItemKnn,
    popularity: loadPopularity,
    randomWalk: loadRandomWalk,
    slim: loadSlim,
  },
};
