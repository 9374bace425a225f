import { checkEstimator } from '../testing/check-estimator.ts';
import { logistic } from './logistic.ts';

checkEstimator('logistic', { estimator: logistic({ l2: 1, tolerance: 1e-8 }), task: 'binary' });
checkEstimator('logistic with an L1 penalty', {
  estimator: logistic({ l2: 0.1, l1: 3, tolerance: 1e-8 }),
  task: 'binary',
});
