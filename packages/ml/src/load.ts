import { loadCells } from './baseline/cells.ts';
import { loadCalibrated, type CalibratedModel } from './calibrate/calibrated.ts';
import type { Calibrator } from './calibrate/calibrator.ts';
import { loadIsotonic } from './calibrate/isotonic.ts';
import { loadPlatt } from './calibrate/platt.ts';
import { MlError } from './errors.ts';
import type { Classifier, FittedTransformer, OddsModel } from './estimator.ts';
import { loadLogistic } from './linear/logistic.ts';
import { loadPipeline } from './pipeline.ts';
import { loadImpute } from './preprocess/impute.ts';
import { loadStandardise } from './preprocess/standardise.ts';
import type { Saved } from './saved.ts';

/** A loader by the kind that it loads. */
type Loaders<T> = Readonly<Record<string, (saved: Saved) => T>>;

const TRANSFORMERS: Loaders<FittedTransformer> = { impute: loadImpute, standardise: loadStandardise };
const ODDS_MODELS: Loaders<OddsModel> = {
  logistic: loadLogistic,
  pipeline: saved => loadPipeline(saved, { step: loadTransformer, last: loadOddsModel }),
};
const CALIBRATORS: Loaders<Calibrator> = { platt: loadPlatt, isotonic: loadIsotonic };

function by<T>(loaders: Loaders<T>, what: string): (saved: Saved) => T {
  return saved => {
    const load = Object.hasOwn(loaders, saved.kind) ? loaders[saved.kind] : undefined;
    if (load === undefined)
      throw new MlError('ml.bad_model', `"${saved.kind}" is no ${what} that this version knows`);
    return load(saved);
  };
}

const loadTransformer = by(TRANSFORMERS, 'transformer');
const loadCalibrator = by(CALIBRATORS, 'calibrator');

/** A model that is linear in the log-odds, from what its `save` gave. @throws MlError `ml.bad_model` */
export const loadOddsModel = by(ODDS_MODELS, 'model of log-odds');

/** A calibrated model, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadCalibratedModel(saved: Saved): CalibratedModel {
  return loadCalibrated(saved, { model: loadOddsModel, calibrator: loadCalibrator });
}

/** Any classifier, from what its `save` gave. @throws MlError `ml.bad_model` */
export const loadClassifier = by<Classifier>(
  { ...ODDS_MODELS, cells: loadCells, calibrated: loadCalibratedModel },
  'classifier',
);
