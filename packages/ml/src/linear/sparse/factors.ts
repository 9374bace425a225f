import type { Classifier, IncrementalEstimator, Regressor } from '../../estimator.ts';
import { required } from '../../errors.ts';
import { sigmoid } from '../../numeric/logistic.ts';
import { withTeam } from '../../runtime/team.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { compacted } from './compact.ts';
import { incremental, type Stateful } from './incremental.ts';
import type { RowMethod } from './learn.ts';
import { learnedOf, type Learned } from './linear-model.ts';
import { fittingRows, inParts } from './scores.ts';
import { gathered, readState, saveState, type State, type TableShape } from './state.ts';

export interface FactorisationMachineParameters {
  /** `logistic` for two classes, `squared` for a number. */
  loss?: 'logistic' | 'squared';
  /** Numbers that describe a feature: how well two features go together is the product of theirs. */
  factors?: number;
  eta?: number;
  /** Penalties l2/2 of the squares of weights and of factors, due at rows where their feature is there. */
  l2?: number;
  l2Factors?: number;
  /** Factors begin even on -spread..spread. */
  spread?: number;
  /** Of where factors begin; a feature's are the same whenever it is met. */
  seed?: number;
  epochs?: number;
  shuffle?: boolean;
}

interface FactorModel extends Stateful, Learned {
  readonly width: number;
  readonly intercept: number;
  /** Intercept, weights and the products of each pair of features of a row. */
  score(rows: SparseRows): Float64Array;
}

export interface FactorClassifier extends FactorModel, Classifier<SparseRows> {
  logOdds(rows: SparseRows): Float64Array;
}
export interface FactorRegressor extends FactorModel, Regressor<SparseRows> {}

type Rule = Required<FactorisationMachineParameters>;

const KIND = 'factorisationMachine';
const VERSION = 1;
const INTERCEPT = 3;
const OWN = 5;
const ROWS_A_BLOCK = 256;

/**
 * A factorisation machine of second order: a linear model plus, for each pair of features of a row, the product of their
 * factors, so that it knows how features go together that it rarely saw together. Learned by AdaGrad, one row after the
 * other on one thread.
 *
 *   z = b + sum_i w_i x_i + sum_{i<j} <v_i, v_j> x_i x_j
 *
 * Features that were never learned from count nothing.
 *
 * Rendle 2010, "Factorization machines", equations 1 and 5; Duchi and others 2011.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter`
 * @example
 * const model = await factorisationMachine({ factors: 8, epochs: 3 }).fit(rows, clicked);
 */
export function factorisationMachine(
  parameters?: FactorisationMachineParameters & { loss?: 'logistic' },
): IncrementalEstimator<FactorClassifier, SparseRows>;
export function factorisationMachine(
  parameters: FactorisationMachineParameters & { loss: 'squared' },
): IncrementalEstimator<FactorRegressor, SparseRows>;
export function factorisationMachine(
  parameters: FactorisationMachineParameters = {},
): IncrementalEstimator<FactorClassifier, SparseRows> | IncrementalEstimator<FactorRegressor, SparseRows> {
  const rule: Rule = {
    ...{ loss: 'logistic', factors: 8, eta: 0.05, l2: 0, l2Factors: 0, spread: 0.02, seed: 0 },
    ...{ epochs: 5, shuffle: true },
    ...parameters,
  };
  check(rule);
  return incremental({
    name: KIND,
    parameters: { ...rule },
    accepts: { method: KIND, target: rule.loss === 'logistic' ? 'share' : 'any' },
    epochs: rule.epochs,
    shuffle: rule.shuffle,
    rows: () => rowMethod(rule),
    // of the kind that the loss asks for: the overloads above tell which
    model: state => modelOf(state, rule.loss, rule.factors) as FactorClassifier,
  });
}

function check({ loss, factors, eta, l2, l2Factors, spread, seed, epochs }: Rule): void {
  required(loss === 'logistic' || loss === 'squared', 'loss', 'logistic or squared', loss);
  required(
    Number.isInteger(factors) && factors >= 1 && factors <= 1024,
    'factors',
    'a whole number from 1 to 1024',
    factors,
  );
  required(eta > 0 && eta < Infinity, 'eta', 'a number above 0', eta);
  for (const [name, value] of Object.entries({ l2, l2Factors, spread }))
    required(value >= 0 && value < Infinity, name, 'a number from 0 up', value);
  required(
    Number.isInteger(seed) && seed >= 0 && seed <= 2 ** 24,
    'seed',
    'a whole number from 0 to 16777216',
    seed,
  );
  required(Number.isInteger(epochs) && epochs >= 1, 'epochs', 'a whole number from 1 up', epochs);
}

/** Factors of a cell, a multiple of 4. */
function lanesFor(factors: number): number {
  return (factors + 3) & ~3;
}

/** Factors, weight and a mark that they were made, then as many sums of squared slopes. */
function tablesOf(factors: number): readonly TableShape[] {
  return [{ values: (lanesFor(factors) + 4) * 2, type: 'f32' }];
}

function rowMethod({ loss, factors, eta, l2, l2Factors, spread, seed }: Rule): RowMethod {
  const lanes = lanesFor(factors);
  const squared = loss === 'squared' ? 1 : 0;
  return {
    family: 'factors',
    kernel: 'factors',
    tables: tablesOf(factors),
    own: new Float64Array(OWN),
    parameters: Float32Array.of(lanes, factors, eta, l2, l2Factors, spread, squared, seed),
    scratch: () => lanes * 4,
    named: true,
  };
}

function modelOf(
  state: State,
  loss: 'logistic' | 'squared',
  factors: number,
): FactorClassifier | FactorRegressor {
  const { width, own } = state;
  const score = (rows: SparseRows): Float64Array =>
    scores(fittingRows(rows, width), state, lanesFor(factors)).map(pairs => own[INTERCEPT] + pairs);
  const model = {
    ...{ kind: KIND, features: [], width, intercept: own[INTERCEPT], state, score },
    ...learnedOf(state),
    save: () => saveState(KIND, VERSION, { loss, factors }, state),
  };
  return loss === 'squared'
    ? { ...model, predict: score }
    : { ...model, logOdds: score, predict: rows => score(rows).map(sigmoid) };
}

/** Without the intercept. Of few rows only the cells that they touch are brought to the kernel. */
function scores(rows: SparseRows, state: State, lanes: number): Float64Array {
  const compact = compacted(rows, 2 * lanes);
  const [x, { tables }] = compact ? [compact.rows, gathered(state, compact.features)] : [rows, state];
  const found = new Float64Array(rows.rows);
  withTeam('factors', { work: rows.indices.length * lanes }, team => {
    team.scratch(lanes * 4);
    const table = team.copied(tables[0] ?? new Float32Array());
    inParts(team, x, ({ from, count, offsets, indices, values }) => {
      const out = team.f64(count);
      team.run('factorScores', count, ROWS_A_BLOCK, offsets, indices, values, lanes, table, out);
      found.set(out, from);
    });
  });
  return found;
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadFactorisationMachine(saved: Saved): FactorClassifier | FactorRegressor {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [loss, factors] = [reader.text('loss'), reader.number('factors')];
  if (loss !== 'logistic' && loss !== 'squared') throw reader.bad('loss');
  if (!(Number.isInteger(factors) && factors >= 1 && factors <= 1024)) throw reader.bad('factors');
  return modelOf(readState(reader, tablesOf(factors), OWN), loss, factors);
}
