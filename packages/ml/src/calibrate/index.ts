export type { CalibrationRows, Calibrator } from './calibrator.ts';
export { beta } from './beta.ts';
export { platt } from './platt.ts';
export { isotonic } from './isotonic.ts';
export { chooseCalibrator } from './choose.ts';
export { calibrated, type CalibratedModel, type Judgements } from './calibrated.ts';
export {
  conformal,
  conformalQuantiles,
  conformalSets,
  type ConformalClassifier,
  type ConformalRegressor,
  type ConformalRows,
  type SetMethod,
} from './conformal.ts';
export { refitted, type RefittedModel } from './refitted.ts';
export { temperatureOf, temperatureScaled, type TemperatureScaled } from './temperature.ts';
