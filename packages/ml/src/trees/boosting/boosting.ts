import { MlError } from '../../errors.ts';
import type { Estimator, FitOptions } from '../../estimator.ts';
import { Rng } from '../../random/rng.ts';
import { withTeam } from '../../runtime/team.ts';
import { soundTable } from '../../sound.ts';
import { dictionaryOf, type Table } from '../../table.ts';
import { learnBins } from '../binning.ts';
import { forestOf, gainsOf } from './assemble.ts';
import { BOOSTING, modelOf, type BoostedOf } from './model.ts';
import { objectiveOf } from './objective.ts';
import {
  monotoneOf,
  plainOf,
  settingsOf,
  type BoostingParameters,
  type LossName,
  type Settings,
} from './parameters.ts';
import { groupStarts } from './groups.ts';
import { TARGETS } from './loss.ts';
import { train, type Problem } from './train.ts';
import { rowWeights } from './weights.ts';

export interface BoostingFitOptions extends FitOptions {
  /**
   * Where the score of each row begins (the logarithm of an exposure, another model's log-odds). The model knows nothing
   * of it: its scores are what comes on top. Not with `softmax`.
   */
  offset?: Float32Array | undefined;
}

/** Boosted trees of one loss. */
export interface BoostingEstimator<L extends LossName> extends Estimator<BoostedOf<L>> {
  fit(table: Table, target: Float32Array, options?: BoostingFitOptions): Promise<BoostedOf<L>>;
}

/**
 * Gradient boosting on histograms: each tree steps down the slope of the loss at the scores of the trees before it, and
 * grows leaf by leaf over binned columns. Missing values go to the side where they gain more; columns of categories are
 * split by sets. The same seed gives the same model on any number of threads, for all sums are of whole numbers.
 *
 * Friedman 2001 (boosting), Ke et al. 2017 (histograms, leaf-wise growth), Chen and Guestrin 2016 (second order), Burges
 * 2010 (ranking).
 *
 * @example
 * const model = await boosting({ loss: 'logistic', earlyStopping: { share: 0.2, rounds: 20 } }).fit(table, target);
 * model.predict(table); // Float64Array of probabilities
 * model.importances(); // Map { 'recency' => 0.61, … }
 */
export function boosting<L extends LossName>(
  parameters: BoostingParameters & { loss: L },
): BoostingEstimator<L> {
  const settings = settingsOf(parameters);
  return Object.freeze({
    name: BOOSTING,
    parameters: plainOf(settings),
    fit: (table: Table, target: Float32Array, options: BoostingFitOptions = {}) =>
      fit<L>(table, target, settings, options),
  });
}

async function fit<L extends LossName>(
  table: Table,
  target: Float32Array,
  settings: Settings,
  options: BoostingFitOptions,
): Promise<BoostedOf<L>> {
  const { loss, bins: most } = settings;
  const { rng = new Rng(0), signal, threads } = options;
  const accepts = { method: BOOSTING, missing: true, categories: true, target: TARGETS[loss] };
  soundTable(table, target, options, accepts);
  const problem = problemOf(table, target, settings, options);
  const bins = learnBins(table, { bins: most, weights: options.weights, rng });
  const work = table.rows * table.columns.length * settings.trees * 4;
  const trained = await withTeam(BOOSTING, { threads, work, signal }, team =>
    train(team, { ...problem, bins }, rng, options),
  );
  return modelOf({
    loss: loss as L, // the settings are of the parameters, whose loss is L
    features: table.names,
    dictionaries: table.dictionaries,
    forest: forestOf(trained.trees, bins, trained.base.length),
    base: trained.base,
    gains: gainsOf(trained.trees, table.columns.length),
    history: trained.history,
  });
}

function problemOf(
  table: Table,
  target: Float32Array,
  settings: Settings,
  options: BoostingFitOptions,
): Omit<Problem, 'bins'> {
  const { loss } = settings;
  const weights = rowWeights(target, options.weights, settings.classWeights);
  if (loss === 'logistic') refuseOneClass(target, weights);
  const starts = options.groups && groupStarts(options.groups, table.rows);
  const offset = soundOffset(options.offset, table.rows, loss);
  const monotone = monotoneOf(settings, table.names, name => dictionaryOf(table, name) !== undefined);
  const objective = objectiveOf(settings, target, starts);
  return { table, target, weights, offset, starts, monotone, settings, objective };
}

function refuseOneClass(target: Float32Array, weights: Float32Array | undefined): void {
  const counts = (row: number): boolean => weights === undefined || weights[row] > 0;
  for (const only of [0, 1])
    if (target.every((y, row) => y === only || !counts(row)))
      throw new MlError(
        'ml.one_class',
        `every one of the ${target.length} rows has the target ${only}; both are needed`,
      );
}

function soundOffset(
  offset: Float32Array | undefined,
  rows: number,
  loss: LossName,
): Float32Array | undefined {
  if (!offset) return undefined;
  if (loss === 'softmax')
    throw new MlError(
      'ml.bad_parameter',
      'offset must be absent with softmax, which has a score for each class',
    );
  if (offset.length !== rows)
    throw new MlError('ml.bad_table', `${offset.length} values of the offset for ${rows} rows`);
  const bad = offset.findIndex(value => !Number.isFinite(value));
  if (bad >= 0)
    throw new MlError('ml.bad_value', `row ${bad} of the offset is ${offset[bad]}; it must be finite`);
  return offset;
}
