import { checkEstimatorOn } from '../../testing/check-estimator.ts';
import { sparseData } from '../../testing/check-data.ts';
import { factorisationMachine } from './factors.ts';
import { ftrl } from './ftrl.ts';
import { sgd } from './sgd.ts';
import { sparseSoftmax } from './softmax.ts';

// a weight counts as so many rows of one prediction; repeated rows are predicted anew each time, hence the distance
checkEstimatorOn('ftrl', sparseData, { estimator: ftrl({ epochs: 5 }), task: 'binary', weights: 0.2 });
checkEstimatorOn('sgd', sparseData, { estimator: sgd({ epochs: 5 }), task: 'binary', weights: 'none' });
checkEstimatorOn('sgd hinge inverse', sparseData, {
  estimator: sgd({ loss: 'hinge', rate: 'inverse', eta: 0.5, l1: 1e-4, l2: 1e-4, epochs: 5, average: true }),
  task: 'binary',
  weights: 'none',
});
checkEstimatorOn('sgd squared', sparseData, {
  estimator: sgd({ loss: 'squared', epochs: 10, l2: 1e-3 }),
  task: 'regression',
  weights: 'none',
});
checkEstimatorOn('sgd huber', sparseData, {
  estimator: sgd({ loss: 'huber', rate: 'inverse', eta: 0.3, epochs: 10 }),
  task: 'regression',
  weights: 'none',
});
checkEstimatorOn('sparseSoftmax', sparseData, {
  estimator: sparseSoftmax({ epochs: 5 }),
  task: 'multiclass',
  weights: 'none',
});
checkEstimatorOn('factorisationMachine', sparseData, {
  estimator: factorisationMachine({ epochs: 5 }),
  task: 'binary',
  weights: 'none',
});
checkEstimatorOn('factorisationMachine squared', sparseData, {
  estimator: factorisationMachine({ loss: 'squared', factors: 3, epochs: 5 }),
  task: 'regression',
  weights: 'none',
});
