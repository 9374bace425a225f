import { hashing } from '../../preprocess/hashing/hashing.ts';
import { checkEstimator, checkEstimatorOn } from '../../testing/check-estimator.ts';
import { sparseData, type DataOf } from '../../testing/check-data.ts';
import { factorisationMachine } from './factors.ts';
import { ftrl } from './ftrl.ts';
import { hashed } from './hashed.ts';
import { sgd } from './sgd.ts';
import { sparseSoftmax } from './softmax.ts';
import { textClassifier } from './text-classifier.ts';

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

checkEstimator('hashed', {
  estimator: hashed(
    hashing({ width: 1 << 12, bins: 8, crosses: [['a', 'c']] }),
    ftrl({ epochs: 5, alpha: 0.3 }),
  ),
  task: 'binary',
  missing: true,
  categories: true,
  // where bins lie is told by rows without their weights
  weights: 'none',
});
checkEstimator('hashed factors', {
  estimator: hashed(hashing({ width: 1 << 12, bins: 8, signed: true }), factorisationMachine({ epochs: 5 })),
  task: 'binary',
  missing: true,
  categories: true,
  weights: 'none',
});

/** Texts of words, some of which matter: the sparse rows of the suite with their features written out. */
const texts: DataOf<readonly string[]> = {
  make: (task, rows, seed) => {
    const { x, y } = sparseData.make(task, rows, seed);
    const text = (row: number) =>
      [...x.indices.subarray(x.offsets[row], x.offsets[row + 1])].map(word => `w${word}`);
    return { x: Array.from({ length: rows }, (_, row) => text(row).join(', ')), y };
  },
  at: (x, positions) => Array.from(positions, position => x[position] ?? ''),
  rows: x => x.length,
};
checkEstimatorOn('textClassifier', texts, {
  estimator: textClassifier({ hashing: { words: [1, 1], width: 1 << 12 }, learner: { epochs: 5 } }),
  task: 'multiclass',
  weights: 'none',
});
