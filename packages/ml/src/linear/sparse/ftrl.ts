import type { IncrementalEstimator } from '../../estimator.ts';
import { required } from '../../errors.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { ftrlWeight } from './ftrl.reference.ts';
import { incremental } from './incremental.ts';
import type { RowMethod } from './learn.ts';
import { asClassifier, linearModel, type SparseClassifier } from './linear-model.ts';
import { readState, saveState, type State, type TableShape } from './state.ts';

export interface FtrlParameters {
  /** How fast a weight learns: about alpha / root of the sum of its squared slopes. */
  alpha?: number;
  /** Slows the first steps. */
  beta?: number;
  /** Weights whose evidence is below it are exactly 0. */
  l1?: number;
  l2?: number;
  /** Passes over the rows of a fit. */
  epochs?: number;
  /** Whether each pass takes the rows in an order of its own; otherwise as they lie, as time brought them. */
  shuffle?: boolean;
}

const KIND = 'ftrl';
const VERSION = 1;
/** z and the root of n, side by side, so that a weight costs one cache line. */
const TABLES: readonly TableShape[] = [{ values: 2, type: 'f32' }];
/** After what all kernels keep: z and the root of n of the intercept. */
const INTERCEPT = 3;
const OWN = 5;

/**
 * Logistic regression by FTRL-Proximal: each row is predicted, then learned from, with a rate for each weight and
 * weights of exactly 0 for features without evidence. The intercept is not penalised. A target between 0 and 1 is a
 * probability to be met; a row's weight counts as so many rows of the same prediction. One pass in the order of time is
 * enough for a click log; rows go one after the other on one thread, whatever `threads` says.
 *
 * McMahan and others 2013, "Ad click prediction: a view from the trenches", algorithm 1.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter`
 * @example
 * const model = await ftrl({ alpha: 0.1, l1: 1 }).fit(rows, clicked);
 * model.progressiveLoss; // 0.387
 */
export function ftrl(parameters: FtrlParameters = {}): IncrementalEstimator<SparseClassifier, SparseRows> {
  const { alpha = 0.1, beta = 1, l1 = 0, l2 = 0, epochs = 1, shuffle = false } = parameters;
  required(alpha > 0 && alpha < Infinity, 'alpha', 'a number above 0', alpha);
  for (const [name, value] of Object.entries({ beta, l1, l2 }))
    required(value >= 0 && value < Infinity, name, 'a number from 0 up', value);
  required(Number.isInteger(epochs) && epochs >= 1, 'epochs', 'a whole number from 1 up', epochs);
  const rule = { alpha, beta, l1, l2 };
  return incremental({
    name: KIND,
    parameters: { ...rule, epochs, shuffle },
    accepts: { method: KIND, target: 'share' },
    ...{ epochs, shuffle },
    rows: () => rowMethod(rule),
    model: state => modelOf(state, rule),
  });
}

export type FtrlRule = Readonly<Record<'alpha' | 'beta' | 'l1' | 'l2', number>>;

function rowMethod({ alpha, beta, l1, l2 }: FtrlRule): RowMethod {
  return {
    family: 'sparse',
    kernel: 'ftrl',
    tables: TABLES,
    own: new Float64Array(OWN),
    parameters: Float32Array.of(1 / alpha, beta, l1, l2),
    scratch: entries => entries * 4 + 16,
  };
}

function modelOf(state: State, rule: FtrlRule): SparseClassifier {
  const [table] = state.tables;
  const weights = new Float32Array(state.width);
  for (let j = 0; j < weights.length; j++)
    if (table[2 * j + 1] !== 0) weights[j] = ftrlWeight(table[2 * j], table[2 * j + 1], rule);
  const unpenalised = { ...rule, l1: 0, l2: 0 };
  const intercept = ftrlWeight(state.own[INTERCEPT], state.own[INTERCEPT + 1], unpenalised);
  const save = () => saveState(KIND, VERSION, rule, state);
  return asClassifier(linearModel({ kind: KIND, state, weights, intercept, save }));
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadFtrl(saved: Saved): SparseClassifier {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [alpha, beta, l1, l2] = ['alpha', 'beta', 'l1', 'l2'].map(name => reader.number(name));
  if (!(alpha > 0)) throw reader.bad('alpha');
  return modelOf(readState(reader, TABLES, OWN), { alpha, beta, l1, l2 });
}
