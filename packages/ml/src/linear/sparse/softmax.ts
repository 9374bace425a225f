import type { IncrementalEstimator, MulticlassClassifier } from '../../estimator.ts';
import { MlError, required } from '../../errors.ts';
import { withTeam } from '../../runtime/team.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { compacted } from './compact.ts';
import { incremental, type Stateful } from './incremental.ts';
import type { RowMethod } from './learn.ts';
import { learnedOf, type Learned } from './linear-model.ts';
import { fittingRows, inParts } from './scores.ts';
import { gathered, readState, saveState, type State, type TableShape } from './state.ts';

export interface SparseSoftmaxParameters {
  /** How many; as many as the target of the first rows tells where it is 0. */
  classes?: number;
  /**
   * `adagrad`: for each feature, eta / root of the sum of its squared slopes over all classes. `inverse`: eta / t^power
   * at the row t.
   */
  rate?: 'adagrad' | 'inverse';
  eta?: number;
  power?: number;
  /** Penalties beside the loss of one row, due at rows where a weight's feature is there: l1 |w| + l2/2 |w|^2. */
  l1?: number;
  l2?: number;
  epochs?: number;
  shuffle?: boolean;
}

export interface SparseSoftmaxModel extends MulticlassClassifier<SparseRows>, Stateful, Learned {
  readonly width: number;
}

const KIND = 'sparseSoftmax';
const VERSION = 1;
/** What `own` holds before the intercepts. */
const INTERCEPTS = 4;
const ROWS_A_BLOCK = 64;
const NO_CLASS = -1e30;

type Rule = Required<SparseSoftmaxParameters>;

/**
 * Softmax regression of several classes on sparse rows by stochastic gradient descent, one row after the other on one
 * thread. With `adagrad` all weights of a feature share one rate: a feature has one sum of squares, not one a class,
 * which needs half the memory and learns as well where classes are many.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter`, `ml.one_class`
 * @example
 * const model = await sparseSoftmax({ epochs: 10 }).fit(rows, classes);
 * model.predict(rows); // Float64Array, rows x classes
 */
export function sparseSoftmax(
  parameters: SparseSoftmaxParameters = {},
): IncrementalEstimator<SparseSoftmaxModel, SparseRows> {
  const rule: Rule = {
    ...{ classes: 0, rate: 'adagrad', eta: 0.5, power: 0.5, l1: 0, l2: 0, epochs: 10, shuffle: true },
    ...parameters,
  };
  check(rule);
  return incremental({
    name: KIND,
    parameters: { ...rule },
    accepts: { method: KIND, target: 'class' },
    epochs: rule.epochs,
    shuffle: rule.shuffle,
    rows: (target, from) => rowMethod(rule, classesFor(target, from ? classesOf(from) : rule.classes)),
    model: modelOf,
  });
}

function check({ classes, rate, eta, power, l1, l2, epochs }: Rule): void {
  required(
    Number.isInteger(classes) && classes !== 1 && classes >= 0 && classes <= 65_536,
    'classes',
    'a whole number from 2 to 65536, or 0 for as many as there are',
    classes,
  );
  required(rate === 'adagrad' || rate === 'inverse', 'rate', 'adagrad or inverse', rate);
  required(eta > 0 && eta < Infinity, 'eta', 'a number above 0', eta);
  for (const [name, value] of Object.entries({ power, l1, l2 }))
    required(value >= 0 && value < Infinity, name, 'a number from 0 up', value);
  required(Number.isInteger(epochs) && epochs >= 1, 'epochs', 'a whole number from 1 up', epochs);
}

/** `known` classes, or as many as the target tells; every row's must be one of them. */
function classesFor(target: Float32Array, known: number): number {
  const most = target.reduce((most, y) => Math.max(most, y), 0) + 1;
  if (known === 0 && most < 2)
    throw new MlError('ml.one_class', 'every row is of class 0; at least one other is needed');
  if (known > 0 && most > known)
    throw new MlError(
      'ml.bad_value',
      `row ${target.indexOf(most - 1)} of the target is ${most - 1}; there are ${known} classes, from 0 up`,
    );
  return known || most;
}

/** Weights of a feature, a multiple of 4. */
function lanesFor(classes: number): number {
  return (classes + 3) & ~3;
}

function rowMethod({ rate, eta, power, l1, l2 }: Rule, classes: number): RowMethod {
  const lanes = lanesFor(classes);
  const own = new Float64Array(INTERCEPTS + lanes).fill(NO_CLASS, INTERCEPTS + classes);
  return {
    family: 'softmax',
    kernel: 'softmax',
    tables: tablesOf(lanes, rate === 'adagrad'),
    own,
    parameters: Float32Array.of(lanes, eta, l1, l2, rate === 'adagrad' ? 1 : 0),
    scratch: () => lanes * 4,
    rate: rate === 'inverse' ? t => eta * Math.pow(t, -power) : undefined,
  };
}

function tablesOf(lanes: number, adaptive: boolean): readonly TableShape[] {
  return [
    { values: lanes, type: 'f32' },
    { values: adaptive ? 1 : 0, type: 'f32' },
  ];
}

function classesOf({ own }: State): number {
  return own.subarray(INTERCEPTS).filter(intercept => intercept > NO_CLASS / 2).length;
}

function modelOf(state: State): SparseSoftmaxModel {
  const { width } = state;
  const classes = classesOf(state);
  const adaptive = (state.tables[1]?.length ?? 0) > 0;
  return {
    ...{ kind: KIND, features: [], width, classes, state },
    ...learnedOf(state),
    predict: rows => probabilities(fittingRows(rows, width), state, classes),
    save: () => saveState(KIND, VERSION, { classes, adaptive }, state),
  };
}

/** Rows x classes. Of few rows only the weights that they touch are brought to the kernel. */
function probabilities(rows: SparseRows, state: State, classes: number): Float64Array {
  const compact = compacted(rows, lanesFor(classes));
  const [x, { own, tables }] = compact ? [compact.rows, gathered(state, compact.features)] : [rows, state];
  const lanes = lanesFor(classes);
  const found = new Float64Array(rows.rows * classes);
  withTeam('softmax', { work: rows.indices.length * lanes }, team => {
    const [intercepts, table] = [team.copied(own), team.copied(tables[0] ?? new Float32Array())];
    inParts(team, x, ({ from, count, offsets, indices, values }) => {
      const out = team.f32(count * lanes);
      team.run(
        'softmaxPredict',
        count,
        ROWS_A_BLOCK,
        offsets,
        indices,
        values,
        intercepts,
        lanes,
        table,
        out,
      );
      for (let row = 0; row < count; row++)
        for (let c = 0; c < classes; c++) found[(from + row) * classes + c] = out[row * lanes + c];
    });
  });
  return found;
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadSparseSoftmax(saved: Saved): SparseSoftmaxModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const classes = reader.number('classes');
  if (!(Number.isInteger(classes) && classes >= 2 && classes <= 65_536)) throw reader.bad('classes');
  const lanes = lanesFor(classes);
  const state = readState(reader, tablesOf(lanes, reader.flag('adaptive')), INTERCEPTS + lanes);
  if (classesOf(state) !== classes) throw reader.bad('own');
  return modelOf(state);
}
