import { checkEstimator } from '../../testing/check-estimator.ts';
import { decisionTree } from './decision-tree.ts';
import { randomForest } from './random-forest.ts';

const takes = { missing: true, categories: true } as const;

checkEstimator('decisionTree', {
  estimator: decisionTree({ leaves: 12, minLeaf: 5 }),
  task: 'binary',
  weights: 1e-9,
  ...takes,
});
checkEstimator('decisionTree of classes', {
  estimator: decisionTree({ task: 'multiclass', criterion: 'entropy', maxDepth: 5, minLeaf: 4 }),
  task: 'multiclass',
  weights: 1e-9,
  ...takes,
});
checkEstimator('decisionTree of numbers', {
  estimator: decisionTree({ task: 'regression', maxDepth: 5, ccpAlpha: 0.001 }),
  task: 'regression',
  weights: 1e-6,
  ...takes,
});
checkEstimator('randomForest', {
  estimator: randomForest({ trees: 12, outOfBag: true, classWeights: 'balanced' }),
  task: 'binary',
  weights: 'none',
  ...takes,
});
checkEstimator('randomForest of classes', {
  estimator: randomForest({ task: 'multiclass', trees: 8, columnSample: 'all', smoothing: 1 }),
  task: 'multiclass',
  weights: 'none',
  ...takes,
});
checkEstimator('randomForest of numbers', {
  estimator: randomForest({ task: 'regression', trees: 12, minLeaf: 3, columnSample: 0.7 }),
  task: 'regression',
  weights: 'none',
  ...takes,
});
