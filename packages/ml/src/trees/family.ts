import type { Family } from '../family.ts';
import { boosting } from './boosting/boosting.ts';
import { loadBoosting } from './boosting/model.ts';
import { decisionTree } from './forest/decision-tree.ts';
import { loadTrees } from './forest/models.ts';
import { randomForest } from './forest/random-forest.ts';

export const treesFamily: Family = {
  makers: { boosting, decisionTree, randomForest },
  models: { boosting: loadBoosting, trees: loadTrees },
};
