import type {
  Contributions,
  Explained,
  Model,
  MulticlassClassifier,
  Regressor,
  ScoredClassifier,
} from '../../estimator.ts';
import { sigmoid } from '../../numeric/logistic.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import { pick, recoded, type Dictionaries, type Table } from '../../table.ts';
import type { Forest } from '../forest.ts';
import { forestFrom, saveForest } from '../forest/saved.ts';
import { predictForest } from '../predict.ts';
import { treeShap } from '../shap.ts';
import { softmaxRows } from './loss.ts';
import { LOSSES, type LossName } from './parameters.ts';
import type { History } from './train.ts';

export const BOOSTING = 'boosting';
const VERSION = 1;

/** What every model of boosted trees tells. */
export interface BoostedTrees extends Model, Explained {
  readonly loss: LossName;
  readonly forest: Forest;
  /** Where every score begins, by output. */
  readonly base: Float64Array;
  /** Mean loss after each round, that of the base first; of the rows kept out where some were. */
  readonly history: History;
  /** rows x outputs: base and trees summed up; log-odds, logarithms of means, or what is predicted itself. */
  score(table: Table): Float64Array;
  predict(table: Table): Float64Array;
  /** @param output with `softmax`, the class whose score is told of */
  contributions(table: Table, output?: number): Contributions;
  /** Share of each column in the gain of all splits. */
  importances(): ReadonlyMap<string, number>;
}

export interface BoostedRegressor extends BoostedTrees, Regressor {}
export interface BoostedClassifier extends BoostedTrees, ScoredClassifier {
  contributions(table: Table, output?: number): Contributions;
}
export interface BoostedMulticlassifier extends BoostedTrees, MulticlassClassifier {}

/** The kind of model that a loss leads to. */
export type BoostedOf<L extends LossName> = L extends 'logistic'
  ? BoostedClassifier
  : L extends 'softmax'
    ? BoostedMulticlassifier
    : BoostedRegressor;

export interface Fitted {
  loss: LossName;
  features: readonly string[];
  dictionaries: Dictionaries | undefined;
  forest: Forest;
  base: Float64Array;
  /** Gain of all splits by column. */
  gains: Float64Array;
  history: History;
}

export function modelOf<L extends LossName>(fitted: Fitted & { loss: L }): BoostedOf<L> {
  const { loss, features, dictionaries, forest, base, history } = fitted;
  const own = (table: Table): Table => recoded(pick(table, features), dictionaries);
  const score = (table: Table): Float64Array => {
    const sums = predictForest(forest, own(table));
    for (let at = 0; at < sums.length; at++) sums[at] += base[at % base.length];
    return sums;
  };
  const model = {
    kind: BOOSTING,
    loss,
    features,
    forest,
    base,
    history,
    score,
    predict: (table: Table) => responses(loss, score(table), base.length),
    contributions: (table: Table, output = 0) => contributions(fitted, own(table), output),
    importances: () => importances(fitted),
    save: () => save(fitted),
    ...(loss === 'logistic' && { logOdds: score }),
    ...(loss === 'softmax' && { classes: base.length }),
  };
  return model as unknown as BoostedOf<L>; // log-odds and classes are there for the losses that tell them
}

function responses(loss: LossName, scores: Float64Array, outputs: number): Float64Array {
  if (loss === 'logistic') return scores.map(sigmoid);
  if (loss === 'softmax') return softmaxRows(scores, outputs);
  return loss === 'poisson' ? scores.map(Math.exp) : scores;
}

function contributions({ features, forest, base }: Fitted, table: Table, output: number): Contributions {
  const { values, base: mean } = treeShap(forest, table);
  const [columns, outputs] = [features.length, base.length];
  const own = new Float64Array(table.rows * columns);
  for (let row = 0; row < table.rows; row++) {
    const from = (row * outputs + output) * columns;
    own.set(values.subarray(from, from + columns), row * columns);
  }
  return { base: mean[output] + base[output], features, values: own };
}

function importances({ features, gains }: Fitted): ReadonlyMap<string, number> {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return new Map(features.map((name, j) => [name, total > 0 ? gains[j] / total : 0]));
}

function save({ loss, features, dictionaries, forest, base, gains, history }: Fitted): Saved {
  const { values, arrays } = saveForest(forest);
  const told = {
    training: Float64Array.from(history.training),
    validation: Float64Array.from(history.validation),
  };
  return {
    kind: BOOSTING,
    version: VERSION,
    values: { loss, features, dictionaries: dictionaries ?? null, ...values },
    arrays: { base, gains, ...told, ...arrays },
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadBoosting(saved: Saved): BoostedTrees {
  const reader = new SavedReader(saved, BOOSTING, VERSION);
  const features = reader.names('features');
  const forest = forestFrom(reader, features.length);
  const loss = LOSSES.find(name => name === reader.text('loss'));
  if (loss === undefined) throw reader.bad('loss');
  return modelOf({
    loss,
    features,
    dictionaries: reader.dictionaries('dictionaries'),
    forest,
    base: reader.array('base', forest.outputs),
    gains: reader.array('gains', features.length),
    history: {
      training: [...reader.array('training')],
      validation: [...reader.array('validation')],
    },
  });
}
