import { checkEstimator } from '../testing/check-estimator.ts';
import { cells } from './cells.ts';

checkEstimator('cells', { estimator: cells({ columns: ['a', 'b'] }), task: 'binary', missing: true });
