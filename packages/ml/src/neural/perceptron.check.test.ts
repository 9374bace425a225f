import { pipeline } from '../pipeline.ts';
import { standardise } from '../preprocess/standardise.ts';
import { checkEstimator } from '../testing/check-estimator.ts';
import { perceptron } from './perceptron.ts';

const layers = [{ units: 16 }] as const;
const quick = { layers, epochs: 12, batch: 32, learningRate: 0.01 } as const;

checkEstimator('perceptron', {
  estimator: perceptron(quick),
  ...{ task: 'binary', categories: true, weights: 'none' },
});
checkEstimator('perceptron by gradient descent', {
  estimator: pipeline(
    [standardise()],
    perceptron({
      ...{ layers, epochs: 40, batch: 'all', learningRate: 0.3 },
      ...{ optimiser: { kind: 'sgd', momentum: 0.5 } },
    }),
  ),
  ...{ task: 'binary', categories: true, weights: 1e-4 },
});
checkEstimator('perceptron of classes', {
  estimator: perceptron({ ...quick, task: 'multiclass', epochs: 30 }),
  ...{ task: 'multiclass', categories: true, weights: 'none' },
});
checkEstimator('perceptron of numbers', {
  estimator: perceptron({ ...quick, task: 'regression', epochs: 30 }),
  ...{ task: 'regression', categories: true, weights: 'none' },
});
checkEstimator('perceptron with batch normalisation and dropout, standardised', {
  estimator: pipeline(
    [standardise()],
    perceptron({ ...quick, batchNorm: true, dropout: 0.2, validationShare: 0.2, patience: 5 }),
  ),
  ...{ task: 'binary', categories: true, weights: 'none' },
});
