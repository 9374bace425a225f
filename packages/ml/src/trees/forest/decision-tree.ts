import type { Estimator } from '../../estimator.ts';
import { fitTrees } from './fit.ts';
import type { TreesClassifier, TreesMulticlass, TreesRegressor } from './models.ts';
import { given, growthOf, treeSettings, type TreeParameters } from './parameters.ts';

/**
 * A decision tree (CART, Breiman, Friedman, Olshen and Stone 1984) of a binary target, of several classes or of a number.
 * It takes missing values and categories as they are: missing values go to the side where they do most good, and a set of
 * categories is found by their order of the target (the best set for two classes and for numbers, Fisher 1958; for several
 * classes the best of one order a class). Columns of up to 255 distinct values are split exactly, others at 255 quantiles;
 * thresholds lie halfway between values that the node has. It draws nothing but the 100,000 rows that
 * quantiles are taken of, where there are more.
 *
 * @throws MlError `ml.bad_parameter`
 * @example
 * const tree = await decisionTree({ maxDepth: 3 }).fit(table, target);
 * rulesOf(tree)[0]; // { conditions: [{ feature: 'age', atMost: 30.5, … }], values: [0.12], share: 0.4 }
 */
export function decisionTree(parameters: TreeParameters & { task: 'regression' }): Estimator<TreesRegressor>;
export function decisionTree(parameters: TreeParameters & { task: 'multiclass' }): Estimator<TreesMulticlass>;
export function decisionTree(parameters?: TreeParameters & { task?: 'binary' }): Estimator<TreesClassifier>;
export function decisionTree(
  parameters: TreeParameters & { task?: 'binary' | 'multiclass' | 'regression' } = {},
): Estimator<TreesClassifier | TreesMulticlass | TreesRegressor> {
  const settings = treeSettings(parameters);
  const growth = growthOf(settings, { trees: 1, perNode: 2 ** 30, bootstrap: false, outOfBag: false });
  return Object.freeze({
    name: 'decisionTree',
    parameters: given(parameters),
    fit: (table, target, options = {}) => fitTrees('decisionTree', table, target, settings, growth, options),
  } satisfies Estimator<TreesClassifier | TreesMulticlass | TreesRegressor>);
}
