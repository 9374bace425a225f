import type { Estimator } from '../../estimator.ts';
import { required } from '../../errors.ts';
import { fitTrees } from './fit.ts';
import type { TreesClassifier, TreesMulticlass, TreesRegressor, TreeTask } from './models.ts';
import { given, growthOf, treeSettings, type ForestParameters } from './parameters.ts';

type AnyTrees = TreesClassifier | TreesMulticlass | TreesRegressor;

/**
 * A random forest (Breiman 2001): the mean of trees, each grown on rows drawn with replacement (in proportion to their
 * weights), with a few columns drawn at each node. Trees grow one to a thread; each draws from a generator of its own, so
 * that the forest is the same on any number of threads. As `decisionTree` in all else.
 *
 * @throws MlError `ml.bad_parameter`
 * @example
 * const forest = await randomForest({ trees: 200, outOfBag: true }).fit(table, target, { rng: new Rng(7) });
 * forest.outOfBag?.score; // area under the ROC curve, 0.81
 */
export function randomForest(
  parameters: ForestParameters & { task: 'regression' },
): Estimator<TreesRegressor>;
export function randomForest(
  parameters: ForestParameters & { task: 'multiclass' },
): Estimator<TreesMulticlass>;
export function randomForest(parameters?: ForestParameters & { task?: 'binary' }): Estimator<TreesClassifier>;
export function randomForest(parameters: ForestParameters & { task?: TreeTask } = {}): Estimator<AnyTrees> {
  const settings = treeSettings(parameters);
  const { trees = 100, bootstrap = true, outOfBag = false } = parameters;
  const { columnSample = settings.task === 'regression' ? 1 / 3 : 'sqrt' } = parameters;
  required(trees >= 1 && Number.isInteger(trees), 'trees', 'a whole number from 1 up', trees);
  required(bootstrap || !outOfBag, 'outOfBag', 'false where no rows are left out (bootstrap)', outOfBag);
  const share = typeof columnSample === 'string' ? 1 : columnSample;
  const named = ['sqrt', 'all'].includes(String(columnSample));
  required(
    named || (share > 0 && share <= 1),
    'columnSample',
    'sqrt, all, or a share above 0, 1 at most',
    columnSample,
  );
  const perNode = (columns: number): number =>
    Math.max(1, columnSample === 'sqrt' ? Math.floor(Math.sqrt(columns)) : Math.round(columns * share));
  return Object.freeze({
    name: 'randomForest',
    parameters: given(parameters),
    fit: (table, target, options = {}) => {
      const sampling = { trees, perNode: perNode(table.columns.length), bootstrap, outOfBag };
      return fitTrees('randomForest', table, target, settings, growthOf(settings, sampling), options);
    },
  } satisfies Estimator<AnyTrees>);
}
