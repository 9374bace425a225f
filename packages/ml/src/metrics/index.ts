export {
  auc,
  averagePrecision,
  precisionRecallCurve,
  ranked,
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
  wilson,
  type CalibrationBin,
} from './probability.ts';
export { gainAt, liftAt } from './gain.ts';
export { bootstrap, type BootstrapOptions, type Interval } from './bootstrap.ts';
export { countsIn, drift, spreadOf, type Drift, type Spread } from './drift.ts';
