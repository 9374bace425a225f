import { checkEstimator } from '../testing/check-estimator.ts';
import type { Table } from '../table.ts';
import type { Clusterer } from './clusterer.ts';
import { kMeans } from './k-means.ts';

const predict = (model: Clusterer, table: Table): Int32Array => model.assign(table);
const common = { task: 'regression', supervised: false, weights: 'none', predict } as const;

checkEstimator('k-means', { estimator: kMeans({ k: 4 }), ...common });
checkEstimator('k-means by batches', {
  estimator: kMeans({ k: 4, batch: 64, restarts: 1, maxIterations: 3 }),
  ...common,
});
