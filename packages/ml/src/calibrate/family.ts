import type { Family } from '../family.ts';
import { loadBeta } from './beta.ts';
import { loadCalibrated } from './calibrated.ts';
import { conformalLoaders } from './conformal.ts';
import { loadIsotonic } from './isotonic.ts';
import { loadPlatt } from './platt.ts';
import { loadRefitted } from './refitted.ts';
import { loadTemperatureScaled } from './temperature.ts';

export const calibrateFamily: Family = {
  models: {
    calibrated: loadCalibrated,
    refitted: loadRefitted,
    temperatureScaled: loadTemperatureScaled,
    ...conformalLoaders,
  },
  calibrators: { platt: loadPlatt, beta: loadBeta, isotonic: loadIsotonic },
};
