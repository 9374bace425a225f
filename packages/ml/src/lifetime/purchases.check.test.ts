import type { DataOf } from '../testing/check-data.ts';
import { checkEstimatorOn } from '../testing/check-estimator.ts';
import { Rng } from '../random/rng.ts';
import { rowsAt, tableOf, type Table } from '../table.ts';
import { gammaGamma } from './gamma-gamma.ts';
import { bgNbd, mbgNbd, paretoNbd } from './purchases.ts';

/** Histories of customers, some of whom never came back. */
const histories: DataOf<Table> = {
  make: (_, rows, seed) => {
    const rng = new Rng(seed);
    const age = Float32Array.from({ length: rows }, () => 10 + 30 * rng.uniform());
    const frequency = age.map(() => Math.floor(-2 * Math.log(1 - rng.uniform())));
    const recency = age.map((T, row) => (frequency[row] === 0 ? 0 : T * rng.uniform()));
    const monetary = age.map((_T, row) => (frequency[row] === 0 ? 0 : 20 * Math.exp(0.5 * rng.normal())));
    return { x: tableOf({ frequency, recency, age, monetary }), y: new Float32Array(rows) };
  },
  at: rowsAt,
  rows: table => table.rows,
};

// a few steps of the Pareto/NBD, which takes long, are as repeatable as all
for (const estimator of [
  bgNbd({ penalty: 0.1 }),
  mbgNbd({ penalty: 0.1 }),
  paretoNbd({ penalty: 0.1, maxIterations: 2 }),
]) {
  checkEstimatorOn(estimator.name, histories, {
    ...{ estimator, task: 'count', supervised: false, weights: 1e-5 },
    predict: (model, customers) => model.expectedPurchases(customers, 10),
  });
}
checkEstimatorOn('gammaGamma', histories, {
  ...{ estimator: gammaGamma({ penalty: 0.1 }), task: 'positive', supervised: false, weights: 1e-3 },
  predict: (model, customers) => model.expectedAverage(customers),
});
