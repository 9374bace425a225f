export type { CalibrationRows, Calibrator } from './calibrator.ts';
export { platt } from './platt.ts';
export { isotonic } from './isotonic.ts';
export { chooseCalibrator } from './choose.ts';
export { calibrated, type CalibratedModel, type Judgements } from './calibrated.ts';
