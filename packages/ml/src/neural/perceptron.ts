import type { FitOptions, IncrementalEstimator, Learner } from '../estimator.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { checked, type Table } from '../table.ts';
import { averaged, noAverage } from './average.ts';
import { initialParameters } from './initial.ts';
import { PerceptronLearner } from './learner.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import {
  modelOf,
  type PerceptronClasses,
  type PerceptronClassifier,
  type PerceptronModel,
  type PerceptronRegressor,
} from './model.ts';
import { freshState, Stepper } from './optimiser.ts';
import { settingsOf, type PerceptronParameters, type Settings } from './parameters.ts';
import { constantScores, networkFor, prepared, refuseOneClass } from './prepare.ts';
import { KIND } from './saved-network.ts';
import { train, workOf } from './train.ts';

/**
 * A multi-layer perceptron of any shape, trained by back-propagation (Rumelhart, Hinton and Williams 1986). Columns of
 * numbers should be of like scale (`standardise` before it) and complete (`impute`); categorical columns are embedded,
 * a missing or unknown category as one of its own. Weights of rows count in the loss and in the statistics of batch
 * normalisation; which rows meet in a batch is drawn from `rng`.
 *
 * @returns an estimator whose model is a classifier with log-odds and reasons, a classifier of several classes, or a
 *   regressor, as the task says; each keeps the history of its training. A learner makes one pass over each chunk
 * @throws MlError `ml.bad_parameter`; from `fit` also when the loss grows beyond all numbers
 * @example
 * const model = await perceptron({ layers: [{ units: 100 }], epochs: 10, batch: 32 }).fit(table, target);
 * model.predict(table); // Float64Array of probabilities
 * model.history.loss; // Float64Array of the mean loss of each epoch
 */
export function perceptron(
  parameters: PerceptronParameters & { task: 'multiclass' },
): IncrementalEstimator<PerceptronClasses>;
export function perceptron(
  parameters: PerceptronParameters & { task: 'regression' },
): IncrementalEstimator<PerceptronRegressor>;
export function perceptron(
  parameters?: PerceptronParameters & { task?: 'binary' },
): IncrementalEstimator<PerceptronClassifier>;
export function perceptron(parameters: PerceptronParameters = {}): IncrementalEstimator<PerceptronModel> {
  const settings = settingsOf(parameters);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ ...settings }),
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(table, target, settings, options),
    learner: (options: FitOptions = {}, from?: PerceptronModel): Learner<PerceptronModel> =>
      new PerceptronLearner(settings, options, from),
  });
}

async function fit(
  table: Table,
  target: Float32Array,
  settings: Settings,
  options: FitOptions,
): Promise<PerceptronModel> {
  const { rng = new Rng(0), threads, signal, onProgress } = options;
  const { names: features, dictionaries } = checked(table);
  const columns = { features, dictionaries };
  const rows = prepared(table, target, options, settings, columns);
  refuseOneClass(settings, rows);
  const network = networkFor(settings, table, target);
  const initial = initialParameters(network, rng, constantScores(network, rows));
  return withTeam(
    KERNELS,
    { threads, signal, work: workOf(settings, table.rows, network.size) },
    async team => {
      const loaded = new LoadedNetwork(team, network, initial);
      const training = {
        ...{ team, loaded, settings, rng, onProgress },
        stepper: new Stepper(team, loaded, settings.optimiser, settings, freshState(network.size)),
        rows: loaded.labelled(rows.inputs, rows.target, rows.weights),
      };
      const history = await train(training);
      const average = averaged(noAverage(network), rows.inputs, rows.weights);
      return modelOf({ ...columns, network, parameters: loaded.parameters.slice(), average, history });
    },
  );
}
