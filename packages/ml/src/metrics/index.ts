export {
  auc,
  averagePrecision,
  precisionRecallCurve,
  ranked,
  rankedPrecision,
  rocCurve,
  type PrecisionRecallPoint,
  type RocPoint,
} from './roc.ts';
export { bestF1, decisionAt, type Decision } from './threshold.ts';
export {
  brier,
  calibrationError,
  calibrationTable,
  logLoss,
  logLosses,
  multiclassLogLoss,
  wilson,
  type CalibrationBin,
} from './probability.ts';
export { gainAt, liftAt, rankedGain } from './gain.ts';
export {
  bootstrap,
  bootstrapAll,
  type BootstrapOptions,
  type Interval,
  type Statistic,
} from './bootstrap.ts';
export { gammaDeviance, mae, mase, pinball, poissonDeviance, r2, rmse, smape } from './amounts.ts';
export {
  accuracy,
  balancedAccuracy,
  confusion,
  fBeta,
  precision,
  recall,
  type Average,
  type Confusion,
} from './classes.ts';
export { concordance } from './concordance.ts';
export { groupedRanking, type GroupedRanking } from './grouped.ts';
export { silhouette, type SilhouetteOptions } from './silhouette.ts';
export { qini, qiniCurve, upliftAt, type UpliftPoint, type UpliftRows } from './uplift.ts';
export { countsIn, drift, spreadOf, type Drift, type Spread } from './drift.ts';
export {
  coverage,
  listMetrics,
  listMetricsByUser,
  novelty,
  type ListMetrics,
  type PerUser,
} from './ranking-lists.ts';
