import type { Family } from '../family.ts';
import { loadCalibrated } from './calibrated.ts';
import { loadIsotonic } from './isotonic.ts';
import { loadPlatt } from './platt.ts';

export const calibrateFamily: Family = {
  models: { calibrated: loadCalibrated },
  calibrators: { platt: loadPlatt, isotonic: loadIsotonic },
};
