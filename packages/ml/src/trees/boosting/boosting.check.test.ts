import { checkEstimator } from '../../testing/check-estimator.ts';
import { boosting } from './boosting.ts';

const small = { trees: 20, leaves: 8, minLeaf: 10 } as const;
const given = { missing: true, categories: true } as const;

// sums of weighted and of repeated rows are rounded apart, by about 1e-8 of a step
checkEstimator('boosting, logistic', {
  ...given,
  estimator: boosting({ loss: 'logistic', ...small }),
  task: 'binary',
  weights: 1e-5,
});
checkEstimator('boosting, softmax', {
  ...given,
  estimator: boosting({ loss: 'softmax', ...small }),
  task: 'multiclass',
  weights: 1e-5,
});
checkEstimator('boosting, squared', {
  ...given,
  estimator: boosting({ loss: 'squared', ...small, monotone: { a: 1 } }),
  task: 'regression',
  weights: 1e-5,
});
checkEstimator('boosting, poisson', {
  ...given,
  estimator: boosting({ loss: 'poisson', ...small }),
  task: 'count',
  weights: 1e-5,
});
checkEstimator('boosting, quantile', {
  ...given,
  estimator: boosting({ loss: 'quantile', quantile: 0.5, ...small }),
  task: 'regression',
  weights: 1e-5,
});
checkEstimator('boosting, sampled and stopped early', {
  ...given,
  estimator: boosting({
    loss: 'logistic',
    ...small,
    rowSample: 0.7,
    columnSample: 0.7,
    classWeights: 'balanced',
    earlyStopping: { share: 0.2, rounds: 10 },
  }),
  task: 'binary',
  weights: 'none',
});
