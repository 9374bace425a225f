import {
  aucScore,
  boosting,
  calibrationError,
  choice,
  crossValidate,
  dataAt,
  fittedAndPredicted,
  logistic,
  logUniform,
  oneHot,
  pipeline,
  Rng,
  search,
  standardise,
  stratifiedFold,
  uniform,
  whole,
  type CrossValidation,
  type Data,
  type Estimator,
  type Point,
  type Space,
} from '@bellwether/ml';
import { publicData } from '@bellwether/testing';
import type { Bench, Figure } from './lib/bench.ts';
import { tableOfFile, without } from './lib/csv.ts';

const FILE = 'purchase/bank-additional-full.csv.gz';
const FOLDS = 5;
const TRIALS = 20;
const INNER_FOLDS = 3;

const SPACE: Space = {
  leaves: whole(4, 40, { log: true }),
  learningRate: logUniform(0.02, 0.1),
  trees: choice(100, 200, 400),
  minLeaf: whole(10, 200, { log: true }),
  columnSample: uniform(0.3, 1),
  rowSample: uniform(0.5, 1),
  l2: logUniform(0.1, 30),
};

/** Bank Marketing (Moro 2014) by 5-fold AUC, without `duration`, which is known only after the call. */
export const bench: Bench = {
  title: 'ml-bank: who subscribes, 5-fold AUC without `duration`',
  run: async report => {
    const path = publicData(FILE);
    if (path === undefined) return console.log(`skipped: ${FILE} is not on this machine`);
    const all = tableOfFile(path, ';');
    const target = all.columns[all.names.indexOf('y')];
    const data: Data = { table: without(all, ['y', 'duration']), target };
    const linear = pipeline([oneHot(), standardise()], logistic({ l2: 1 }));
    report(await judged('logistic regression', linear, data, 'published .791'));
    report(
      await judged('boosted trees as they come', boosting({ loss: 'logistic' }), data, 'published .804'),
    );
    report(await tuned(data));
  },
};

const outer = (target: Float32Array) => stratifiedFold(target, FOLDS, new Rng(1));

async function judged(work: string, estimator: Estimator, data: Data, known: string): Promise<Figure> {
  const found = await crossValidate(estimator, data, outer(data.target), { score: aucScore });
  return figureOf(work, found, data.target, known);
}

/** Each fold's trees are chosen by cross-validation within the four folds that they learn from. */
async function tuned(data: Data): Promise<Figure> {
  const predicted = new Float64Array(data.target.length);
  const scores: number[] = [];
  for (const [fold, split] of outer(data.target).entries()) {
    const train = dataAt(data, split.train);
    const inner = stratifiedFold(train.target, INNER_FOLDS, new Rng(2));
    const { estimator } = await search(treesAt, SPACE, train, inner, {
      score: aucScore,
      trials: TRIALS,
      seed: fold,
    });
    const found = await fittedAndPredicted(estimator, data, split, 3);
    split.test.forEach((row, i) => (predicted[row] = found[i]));
    scores.push(aucScore.of(found, dataAt(data, split.test).target));
  }
  const mean = scores.reduce((sum, value) => sum + value, 0) / FOLDS;
  const squares = scores.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (FOLDS - 1) / FOLDS);
  return figureOf(
    'boosted trees, tuned within each fold',
    { mean, error, predicted },
    data.target,
    'goal .81',
  );
}

function treesAt(point: Point): Estimator {
  return boosting({ ...point, loss: 'logistic' }); // each name of SPACE is one of its own
}

function figureOf(
  work: string,
  { mean, error, predicted }: Pick<CrossValidation, 'mean' | 'error' | 'predicted'>,
  target: Float32Array,
  known: string,
): Figure {
  const calibration = calibrationError(predicted, target).toFixed(4);
  const quality = `${known}; standard error ${error.toFixed(4)}, calibration error ${calibration} (goal .01)`;
  return { work, ours: mean, unit: 'AUC', quality };
}
