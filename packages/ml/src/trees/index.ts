export { boosting, type BoostingEstimator, type BoostingFitOptions } from './boosting/boosting.ts';
export type {
  BoostedClassifier,
  BoostedMulticlassifier,
  BoostedRegressor,
  BoostedTrees,
} from './boosting/model.ts';
export type { BoostingParameters, LossName } from './boosting/parameters.ts';
export { decisionTree } from './forest/decision-tree.ts';
export { randomForest } from './forest/random-forest.ts';
export type {
  OutOfBag,
  TreesClassifier,
  TreesModel,
  TreesMulticlass,
  TreesRegressor,
  TreeTask,
} from './forest/models.ts';
export type { ForestParameters, TreeParameters } from './forest/parameters.ts';
export { rulesOf, type Condition, type Rule } from './forest/rules.ts';
export type { Forest } from './forest.ts';
export { predictForest } from './predict.ts';
export { firstTrees, pruned, pruningPath, type GainedForest, type PruningPath } from './prune.ts';
export { treeShap, type ForestShap } from './shap.ts';
