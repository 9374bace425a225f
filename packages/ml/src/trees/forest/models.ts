import type {
  Contributions,
  Explained,
  Model,
  MulticlassClassifier,
  Regressor,
  ScoredClassifier,
} from '../../estimator.ts';
import { logit } from '../../numeric/logistic.ts';
import { SavedReader, type Saved } from '../../saved.ts';
import { pick, recoded, type Dictionaries, type Table } from '../../table.ts';
import type { Forest } from '../forest.ts';
import { predictForest } from '../predict.ts';
import { treeShap } from '../shap.ts';
import { forestFrom, saveForest } from './saved.ts';

/** What the target of trees is. */
export type TreeTask = 'binary' | 'multiclass' | 'regression';

/** How well the trees tell rows that they did not see. */
export interface OutOfBag {
  /** Area under the ROC curve of a binary target, accuracy of classes, R squared of numbers. */
  readonly score: number;
  /** Rows that some tree did not see. */
  readonly rows: number;
  /**
   * rows x values, by row: what these trees say, NaN where all saw the row. To calibrate by without rows set aside. Not
   * kept when the model is saved.
   */
  readonly predictions?: Float64Array | undefined;
}

/** A tree, or a forest whose trees' leaf values sum to what it predicts. */
export interface TreesModel extends Model {
  readonly task: TreeTask;
  readonly forest: Forest;
  /** By node: by how much its question decreases the mean impurity of its tree's rows; 0 at a leaf. */
  readonly gain: Float64Array;
  /** The categories of the columns that have some. */
  readonly dictionaries: Dictionaries | undefined;
  readonly outOfBag?: OutOfBag | undefined;
  /**
   * Share of each feature in all decrease of impurity (Breiman 1984), over the rows learned from. It favours columns of
   * many values, and columns that trees have learned by heart; `permutationImportance` on other rows does not.
   */
  importances(): ReadonlyMap<string, number>;
}

/**
 * Probabilities are means of shares in leaves, kept half a row away from 0 and 1 (1 / (2n + 2) for n rows of training), so
 * that log-odds are finite. `contributions` are the exact Shapley values of the probability, scaled by one factor a row so
 * that they sum to the row's log-odds less the base; `probabilityContributions` are these values themselves.
 */
export interface TreesClassifier extends TreesModel, ScoredClassifier {
  probabilityContributions(table: Table): Contributions;
}

export interface TreesMulticlass extends TreesModel, MulticlassClassifier {
  /** By how much each feature moved each row's probability of one class: exact Shapley values. */
  classContributions(table: Table, ofClass: number): Contributions;
}

export interface TreesRegressor extends TreesModel, Regressor, Explained {}

/** What there is to a model of trees, before it is known what it tells. */
export interface FittedTrees {
  task: TreeTask;
  features: readonly string[];
  dictionaries: Dictionaries | undefined;
  forest: Forest;
  gain: Float64Array;
  /** Weight of the rows learned from. */
  rows: number;
  outOfBag?: OutOfBag | undefined;
}

const KIND = 'trees';
const VERSION = 1;
const TASKS: readonly string[] = ['binary', 'multiclass', 'regression'] satisfies TreeTask[];

export function modelOf(fitted: FittedTrees): TreesClassifier | TreesMulticlass | TreesRegressor {
  if (fitted.task === 'binary') return classifierOf(fitted);
  return fitted.task === 'multiclass' ? multiclassOf(fitted) : regressorOf(fitted);
}

/** What all models of trees share, and their sums for a table. */
function commonOf(fitted: FittedTrees): TreesModel {
  const { task, features, dictionaries, forest, gain, outOfBag } = fitted;
  return {
    kind: KIND,
    ...{ task, features, dictionaries, forest, gain, outOfBag },
    importances: () => importancesOf(fitted),
    save: () => save(fitted),
  };
}

/** The table as the forest was grown on one. */
function seenBy({ features, dictionaries }: FittedTrees, table: Table): Table {
  return recoded(pick(table, features), dictionaries);
}

function shapOf(fitted: FittedTrees, table: Table, output = 0): Contributions {
  const { features, forest } = fitted;
  const { base, values } = treeShap(forest, seenBy(fitted, table));
  if (forest.outputs === 1) return { base: base[0], features, values };
  const own = new Float64Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++) {
    const at = (row * forest.outputs + output) * features.length;
    own.set(values.subarray(at, at + features.length), row * features.length);
  }
  return { base: base[output], features, values: own };
}

function classifierOf(fitted: FittedTrees): TreesClassifier {
  const edge = 1 / (2 * fitted.rows + 2);
  const inside = (p: number): number => Math.min(1 - edge, Math.max(edge, p));
  const predict = (table: Table): Float64Array =>
    predictForest(fitted.forest, seenBy(fitted, table)).map(inside);
  return {
    ...commonOf(fitted),
    predict,
    logOdds: table => predict(table).map(logit),
    probabilityContributions: table => shapOf(fitted, table),
    contributions: table => onLogOdds(shapOf(fitted, table), inside),
  };
}

/** Each row's values by the slope of the log-odds between the base and the row's probability. */
function onLogOdds({ base, features, values }: Contributions, inside: (p: number) => number): Contributions {
  const d = features.length;
  const logOddsOfBase = logit(inside(base));
  for (let from = 0; from < values.length; from += d) {
    const own = values.subarray(from, from + d);
    const moved = own.reduce((sum, value) => sum + value, 0);
    const p = inside(base);
    const slope =
      Math.abs(moved) > 1e-9 ? (logit(inside(base + moved)) - logOddsOfBase) / moved : 1 / (p * (1 - p));
    for (let j = 0; j < d; j++) own[j] *= slope;
  }
  return { base: logOddsOfBase, features, values };
}

function multiclassOf(fitted: FittedTrees): TreesMulticlass {
  return {
    ...commonOf(fitted),
    classes: fitted.forest.outputs,
    predict: table => predictForest(fitted.forest, seenBy(fitted, table)),
    classContributions: (table, ofClass) => shapOf(fitted, table, ofClass),
  };
}

function regressorOf(fitted: FittedTrees): TreesRegressor {
  return {
    ...commonOf(fitted),
    predict: table => predictForest(fitted.forest, seenBy(fitted, table)),
    contributions: table => shapOf(fitted, table),
  };
}

function importancesOf({ features, forest, gain }: FittedTrees): ReadonlyMap<string, number> {
  const sums = new Float64Array(features.length);
  forest.feature.forEach((feature, node) => {
    if (feature >= 0) sums[feature] += gain[node];
  });
  const total = sums.reduce((sum, value) => sum + value, 0);
  return new Map(features.map((name, j) => [name, total > 0 ? sums[j] / total : 0]));
}

function save({ task, features, dictionaries, forest, gain, rows, outOfBag }: FittedTrees): Saved {
  const { values, arrays } = saveForest(forest);
  const kept = outOfBag ? { score: outOfBag.score, rows: outOfBag.rows } : null;
  return {
    kind: KIND,
    version: VERSION,
    values: { task, features, dictionaries: dictionaries ?? null, rows, outOfBag: kept, ...values },
    arrays: { gain, ...arrays },
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadTrees(saved: Saved): TreesClassifier | TreesMulticlass | TreesRegressor {
  const reader = new SavedReader(saved, KIND, VERSION);
  const task = reader.text('task');
  const rows = reader.number('rows');
  if (!isTask(task)) throw reader.bad('task');
  if (!(rows > 0)) throw reader.bad('rows');
  const features = reader.names('features');
  const forest = forestFrom(reader, features.length);
  if (task !== 'multiclass' && forest.outputs !== 1) throw reader.bad('outputs');
  return modelOf({
    task,
    features,
    dictionaries: reader.dictionaries('dictionaries'),
    forest,
    gain: reader.array('gain', forest.feature.length),
    rows,
    outOfBag: outOfBagFrom(reader),
  });
}

function isTask(task: string): task is TreeTask {
  return TASKS.includes(task);
}

function outOfBagFrom(reader: SavedReader): OutOfBag | undefined {
  const kept = reader.saved.values['outOfBag'];
  if (kept === null || kept === undefined) return undefined;
  if (typeof kept !== 'object' || !('score' in kept && 'rows' in kept)) throw reader.bad('outOfBag');
  const { score, rows } = kept;
  if (typeof score !== 'number' || typeof rows !== 'number') throw reader.bad('outOfBag');
  return { score, rows };
}
