import { logistic } from './linear/logistic.ts';
import { pipeline } from './pipeline.ts';
import { impute } from './preprocess/impute.ts';
import { standardise } from './preprocess/standardise.ts';
import { checkEstimator } from './testing/check-estimator.ts';

checkEstimator('impute > standardise > logistic', {
  estimator: pipeline([impute(), standardise()], logistic({ l2: 1 })),
  task: 'binary',
  missing: true,
  weights: 1e-3,
});
