import { checkEstimator } from '../testing/check-estimator.ts';
import { linear } from './linear.ts';
import { gamma, poisson } from './log-link.ts';
import { logistic } from './logistic.ts';
import { softmax } from './softmax.ts';

const tolerance = 1e-8;

checkEstimator('linear', { estimator: linear(), task: 'regression' });
checkEstimator('linear with an L2 penalty', { estimator: linear({ l2: 3 }), task: 'regression' });
checkEstimator('linear with an L1 penalty', { estimator: linear({ l1: 3, tolerance }), task: 'regression' });
checkEstimator('logistic', { estimator: logistic({ tolerance }), task: 'binary' });
checkEstimator('logistic with an L1 penalty', {
  estimator: logistic({ l2: 0.1, l1: 3, tolerance }),
  task: 'binary',
});
checkEstimator('softmax', { estimator: softmax({ tolerance }), task: 'multiclass' });
checkEstimator('poisson', { estimator: poisson({ tolerance }), task: 'count' });
checkEstimator('gamma', { estimator: gamma({ tolerance }), task: 'positive' });
