import type { IncrementalEstimator } from '../../estimator.ts';
import { required } from '../../errors.ts';
import type { TargetRule } from '../../sound.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { incremental } from './incremental.ts';
import type { RowMethod } from './learn.ts';
import {
  asClassifier,
  asRegressor,
  linearModel,
  type SparseClassifier,
  type SparseRegressor,
} from './linear-model.ts';
import { LOSS_CODES, type SgdLoss } from './losses.ts';
import { readState, ROWS, saveState, type State, type TableShape } from './state.ts';

export interface SgdParameters<Loss extends SgdLoss = SgdLoss> {
  /** `logistic` and `hinge` tell two classes apart; `squared` and `huber` meet a number. */
  loss?: Loss;
  /**
   * `adagrad`: eta / root of the sum of a weight's squared slopes, for each weight its own. `inverse`: eta / t^power at
   * the row t, for all weights the same.
   */
  rate?: 'adagrad' | 'inverse';
  eta?: number;
  power?: number;
  l1?: number;
  /**
   * Penalties beside the loss of one row: l1 |w| + l2/2 |w|^2. With `inverse` they are due at every row; with `adagrad`
   * only at rows where a weight's feature is there, so that rare features are penalised more gently.
   */
  l2?: number;
  /** From where Huber's loss is straight: residuals beyond it count as outliers. */
  delta?: number;
  epochs?: number;
  /** Whether each pass takes the rows in an order of its own. */
  shuffle?: boolean;
  /** Whether the model is the mean of the weights after each row instead of the last (Polyak and Juditsky 1992). */
  average?: boolean;
}

type Rule = Required<SgdParameters>;

const KIND = 'sgd';
const VERSION = 1;
/** What `own` holds after what all kernels keep. */
const INTERCEPT = 3;
const SCALE = 5;
const SCALES = 7;
const SHORT = 8;
const OWN = 9;

const TARGETS: Readonly<Record<SgdLoss, TargetRule>> = {
  logistic: 'share',
  hinge: 'share',
  squared: 'any',
  huber: 'any',
};

/**
 * Linear models of sparse rows by stochastic gradient descent. Classifiers tell the logistic function of their score: a
 * probability for the logistic loss, for the hinge loss only a rank (calibrate it). Rows go one after the other on one
 * thread, whatever `threads` says.
 *
 * With `inverse` and the same order of rows it makes the steps of scikit-learn's SGDClassifier and SGDRegressor: l2 by a
 * scale of all weights (Bottou), l1 cumulated (Tsuruoka and others 2009), the intercept at 1/100 of the rate.
 *
 * Duchi and others 2011, "Adaptive subgradient methods" (AdaGrad, with its proximal step for the penalties).
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter`
 * @example
 * const model = await sgd({ loss: 'huber', epochs: 5 }).fit(rows, amounts, { rng: new Rng(1) });
 */
export function sgd(
  parameters?: SgdParameters<'logistic' | 'hinge'>,
): IncrementalEstimator<SparseClassifier, SparseRows>;
export function sgd(
  parameters: SgdParameters<'squared' | 'huber'>,
): IncrementalEstimator<SparseRegressor, SparseRows>;
export function sgd(
  parameters: SgdParameters = {},
): IncrementalEstimator<SparseClassifier, SparseRows> | IncrementalEstimator<SparseRegressor, SparseRows> {
  const rule: Rule = {
    ...{ loss: 'logistic', rate: 'adagrad', eta: 0.05, power: 0.5, l1: 0, l2: 0, delta: 1 },
    ...{ epochs: 1, shuffle: true, average: false },
    ...parameters,
  };
  check(rule);
  return incremental({
    name: KIND,
    parameters: { ...rule },
    accepts: { method: KIND, target: TARGETS[rule.loss] },
    epochs: rule.epochs,
    shuffle: rule.shuffle,
    rows: () => rowMethod(rule),
    // of the kind that the loss asks for: the overloads above tell which
    model: state => modelOf(state, rule) as SparseClassifier,
  });
}

function check({ loss, rate, eta, power, l1, l2, delta, epochs }: Rule): void {
  required(Object.hasOwn(LOSS_CODES, loss), 'loss', `one of ${Object.keys(LOSS_CODES).join(', ')}`, loss);
  required(rate === 'adagrad' || rate === 'inverse', 'rate', 'adagrad or inverse', rate);
  for (const [name, value] of Object.entries({ eta, delta }))
    required(value > 0 && value < Infinity, name, 'a number above 0', value);
  for (const [name, value] of Object.entries({ power, l1, l2 }))
    required(value >= 0 && value < Infinity, name, 'a number from 0 up', value);
  required(Number.isInteger(epochs) && epochs >= 1, 'epochs', 'a whole number from 1 up', epochs);
}

function rowMethod(rule: Rule): RowMethod {
  const { loss, rate, eta, power, l1, l2, delta } = rule;
  const own = new Float64Array(OWN);
  own[SCALE] = 1;
  return {
    family: 'sparse',
    kernel: rate === 'adagrad' ? 'sgdAdagrad' : 'sgdInverse',
    tables: tablesOf(rule),
    own,
    parameters: Float32Array.of(LOSS_CODES[loss], delta, eta, l1, l2),
    scratch: () => 0,
    rate: rate === 'inverse' ? inverseRate(eta, power) : undefined,
  };
}

/** eta / t^power. */
function inverseRate(eta: number, power: number): (t: number) => number {
  if (power === 0) return () => eta;
  if (power === 0.5) return t => eta / Math.sqrt(t);
  return t => eta * Math.pow(t, -power);
}

/** The weights (beside the sum of their squared slopes); what their average is short of; penalties paid. */
function tablesOf({ rate, average, l1 }: Pick<Rule, 'rate' | 'average' | 'l1'>): readonly TableShape[] {
  return [
    { values: rate === 'adagrad' ? 2 : 1, type: 'f32' },
    { values: average ? 1 : 0, type: 'f64' },
    { values: rate === 'inverse' && l1 > 0 ? 1 : 0, type: 'f32' },
  ];
}

function modelOf(
  state: State,
  rule: Pick<Rule, 'loss' | 'rate' | 'average' | 'l1'>,
): SparseClassifier | SparseRegressor {
  const { loss, rate, average, l1 } = rule;
  const stride = rate === 'adagrad' ? 2 : 1;
  const save = () => saveState(KIND, VERSION, { loss, rate, average, penalised: l1 > 0 }, state);
  const model = linearModel({ kind: KIND, state, ...coefficients(state, stride, average), save });
  return loss === 'logistic' || loss === 'hinge' ? asClassifier(model) : asRegressor(model);
}

/**
 * Weights are kept over a scale s_t, and their average from the sum S of the scales so far and what was missed of it:
 * sum of s_t w_t = S w - missed, since a change at row t counts from there on only (Xu 2011, section 5).
 */
function coefficients(
  { width, tables, own }: State,
  stride: number,
  average: boolean,
): { weights: Float32Array; intercept: number } {
  const [table, missed] = tables;
  const weights = new Float32Array(width);
  const rows = own[ROWS];
  const scales = stride === 2 ? rows : own[SCALES];
  if (!average || rows === 0) {
    for (let j = 0; j < width; j++) weights[j] = own[SCALE] * table[stride * j];
    return { weights, intercept: own[INTERCEPT] };
  }
  for (let j = 0; j < width; j++) weights[j] = (scales * table[stride * j] - missed[j]) / rows;
  return { weights, intercept: own[INTERCEPT] - own[SHORT] / rows };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadSgd(saved: Saved): SparseClassifier | SparseRegressor {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [loss, rate] = [reader.text('loss'), reader.text('rate')];
  if (!isLoss(loss)) throw reader.bad('loss');
  if (rate !== 'adagrad' && rate !== 'inverse') throw reader.bad('rate');
  const rule = { loss, rate, average: reader.flag('average'), l1: reader.flag('penalised') ? 1 : 0 } as const;
  return modelOf(readState(reader, tablesOf(rule), OWN), rule);
}

function isLoss(loss: string): loss is SgdLoss {
  return Object.hasOwn(LOSS_CODES, loss);
}
