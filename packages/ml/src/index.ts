export { MlError, type MlErrorCode } from './errors.ts';
export { tableOf, pick, columnOf, rowsAt, valuesAt, stacked, joined, type Table } from './table.ts';
export type {
  Classifier,
  Contributions,
  Convergence,
  Estimator,
  FitOptions,
  FitProgress,
  FittedTransformer,
  Model,
  OddsModel,
  Transformer,
} from './estimator.ts';
export { encode, decode, type Json, type Saved } from './saved.ts';
export { loadCalibratedModel, loadClassifier, loadOddsModel } from './load.ts';
export { Rng } from './random/rng.ts';
export { sigmoid, logit } from './numeric/logistic.ts';
export { pipeline } from './pipeline.ts';
export { impute } from './preprocess/impute.ts';
export { standardise, type StandardiseParameters } from './preprocess/standardise.ts';
export { logistic, type LogisticParameters } from './linear/logistic.ts';
export { cells, type CellsParameters } from './baseline/cells.ts';
export type { CalibrationRows, Calibrator } from './calibrate/calibrator.ts';
export { platt } from './calibrate/platt.ts';
export { isotonic } from './calibrate/isotonic.ts';
export { chooseCalibrator } from './calibrate/choose.ts';
export { calibrated, type CalibratedModel, type Judgements } from './calibrate/calibrated.ts';
export {
  auc,
  averagePrecision,
  precisionRecallCurve,
  ranked,
  rocCurve,
  type PrecisionRecallPoint,
  type RocPoint,
} from './metrics/roc.ts';
export { bestF1, decisionAt, type Decision } from './metrics/threshold.ts';
export {
  brier,
  calibrationError,
  calibrationTable,
  logLoss,
  logLosses,
  wilson,
  type CalibrationBin,
} from './metrics/probability.ts';
export { gainAt, liftAt } from './metrics/gain.ts';
export { bootstrap, type BootstrapOptions, type Interval } from './metrics/bootstrap.ts';
export { countsIn, drift, spreadOf, type Drift, type Spread } from './metrics/drift.ts';
