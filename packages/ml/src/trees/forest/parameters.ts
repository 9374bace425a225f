import { required } from '../../errors.ts';
import type { Json } from '../../saved.ts';
import type { Criterion, Growth } from './grow.ts';
import type { TreeTask } from './models.ts';

/** How a tree is grown, alone or in a forest. What is absent does not limit it. */
export interface TreeParameters {
  /** What impurity is: `gini` or `entropy` of classes, `squared` errors of numbers. */
  criterion?: Criterion;
  /** Questions from the root to a leaf at most. */
  maxDepth?: number;
  /** Leaves at most: the node that gains most is parted first. */
  leaves?: number;
  /** Rows' worth of weight that a leaf has at least. */
  minLeaf?: number;
  /** Decrease of the mean impurity of the tree's rows that a question must bring. */
  minGain?: number;
  /** Price of a leaf in mean impurity: the tree is cut back to where each is worth it (minimal cost-complexity pruning). */
  ccpAlpha?: number;
  /** How much a row of each class counts; `balanced`: so that every class counts the same. */
  classWeights?: 'balanced' | readonly number[];
  /** Rows of each class that are added to each leaf before shares are taken (Laplace's rule of succession with 1). */
  smoothing?: number;
  /** Bins that a column's values fall into, 255 at most: with fewer distinct values splits are exact, else at quantiles. */
  bins?: number;
}

export interface ForestParameters extends TreeParameters {
  trees?: number;
  /** Columns asked at each node: the square root of their number, all of them, or a share of them above 0. */
  columnSample?: 'sqrt' | 'all' | number;
  /** Whether each tree learns from as many rows as there are, drawn with replacement. */
  bootstrap?: boolean;
  /** Whether to tell how well trees tell the rows that they did not draw. */
  outOfBag?: boolean;
}

/** A method's parameters with what they are where absent; plain, so that they can be kept. */
export interface TreeSettings {
  task: TreeTask;
  criterion: Criterion;
  maxDepth: number;
  leaves: number;
  minLeaf: number;
  minGain: number;
  ccpAlpha: number;
  classWeights: 'balanced' | readonly number[] | undefined;
  smoothing: number;
  bins: number;
}

const CRITERIA_OF: Readonly<Record<TreeTask, readonly Criterion[]>> = {
  binary: ['gini', 'entropy'],
  multiclass: ['gini', 'entropy'],
  regression: ['squared'],
};

export function treeSettings(parameters: TreeParameters & { task?: TreeTask }): TreeSettings {
  const { task = 'binary', classWeights } = parameters;
  required(Object.hasOwn(CRITERIA_OF, task), 'task', 'binary, multiclass or regression', task);
  const criteria = CRITERIA_OF[task];
  const { criterion = criteria[0] } = parameters;
  required(criteria.includes(criterion), `criterion of a ${task} tree`, criteria.join(' or '), criterion);
  checkClassWeights(classWeights, task);
  return { task, criterion, classWeights, ...sizesOf(parameters), ...amountsOf(parameters) };
}

function sizesOf(parameters: TreeParameters): Pick<TreeSettings, 'maxDepth' | 'leaves' | 'bins'> {
  const { maxDepth = Infinity, leaves = Infinity, bins = 255 } = parameters;
  required(maxDepth >= 0 && isWhole(maxDepth), 'maxDepth', 'a whole number from 0 up', maxDepth);
  required(leaves >= 1 && isWhole(leaves), 'leaves', 'a whole number from 1 up', leaves);
  required(bins >= 2 && bins <= 255 && isWhole(bins), 'bins', 'a whole number from 2 to 255', bins);
  return { maxDepth, leaves, bins };
}

function amountsOf(
  parameters: TreeParameters,
): Pick<TreeSettings, 'minLeaf' | 'minGain' | 'ccpAlpha' | 'smoothing'> {
  const { minLeaf = 1, minGain = 0, ccpAlpha = 0, smoothing = 0 } = parameters;
  required(minLeaf > 0 && Number.isFinite(minLeaf), 'minLeaf', 'a number above 0', minLeaf);
  for (const [name, value] of Object.entries({ minGain, ccpAlpha, smoothing }))
    required(value >= 0 && Number.isFinite(value), name, 'a number from 0 up', value);
  return { minLeaf, minGain, ccpAlpha, smoothing };
}

function checkClassWeights(weights: TreeParameters['classWeights'], task: TreeTask): void {
  if (weights === undefined) return;
  required(task !== 'regression', 'classWeights', 'absent where the target is a number', weights);
  if (weights === 'balanced') return;
  const sound = Array.isArray(weights) && weights.every(weight => weight > 0 && weight < Infinity);
  required(sound, 'classWeights', 'balanced, or a number above 0 for each class', weights);
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) || value === Infinity;
}

export function growthOf(
  settings: TreeSettings,
  sampling: Pick<Growth, 'trees' | 'perNode' | 'bootstrap' | 'outOfBag'>,
): Growth {
  const { criterion, maxDepth, leaves, minLeaf, minGain, bins } = settings;
  return { criterion, maxDepth, leaves, minLeaf, minGain, bins, ...sampling };
}

/** What was given, without what was left out: frozen, as an estimator tells it. */
export function given(
  parameters: TreeParameters & ForestParameters & { task?: TreeTask },
): Record<string, Json> {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== Infinity);
  return Object.freeze(Object.fromEntries(entries));
}
