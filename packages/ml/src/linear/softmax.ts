import type {
  Contributions,
  Convergence,
  Estimator,
  FitOptions,
  MulticlassClassifier,
} from '../estimator.ts';
import { MlError } from '../errors.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { convergenceOf } from './convergence.ts';
import { designOf, type Design } from './design.ts';
import { optimum } from './optimum.ts';
import { descentParameters, type DescentParameters } from './parameters.ts';
import { linearContributions, numbersOf } from './scores.ts';
import { softmaxProbabilities } from './softmax-probabilities.ts';

export type SoftmaxParameters = DescentParameters;

export interface SoftmaxModel extends MulticlassClassifier {
  readonly convergence: Convergence;
  /** By how much each feature moved each row's score of one class. Probabilities are the softmax of the scores. */
  classContributions(table: Table, of: number): Contributions;
}

const KIND = 'softmax';
const VERSION = 1;
const PASSES = 20;
/** What the intercept of a class without rows is taken from, so that it is finite. */
const LEAST_SHARE = 1e-12;

/**
 * Softmax (multinomial logistic) regression with L2 and L1 penalties, fitted by L-BFGS: of least
 * sum_i w_i [ln sum_k e^z_ik - z_iy] + l2/2 |B|^2 + l1 |B|_1, z_ik = b_k0 + x_i b_k, for all classes alike. Intercepts
 * sum to 0. There are as many classes as the largest target says. Columns as for `logistic`.
 *
 * @throws MlError `ml.one_class` when every row is of one class
 * @example
 * const model = await softmax({ l2: 1 }).fit(table, Float32Array.of(0, 2, 1, 2));
 * model.predict(table); // Float64Array of 4 x 3 probabilities, by row
 */
export function softmax(parameters: SoftmaxParameters = {}): Estimator<SoftmaxModel> {
  const checked = descentParameters(parameters);
  return Object.freeze({
    name: KIND,
    parameters: checked,
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(table, target, checked, options),
  });
}

async function fit(
  table: Table,
  target: Float32Array,
  parameters: Required<SoftmaxParameters>,
  options: FitOptions,
): Promise<SoftmaxModel> {
  soundTable(table, target, options, { method: KIND, target: 'class' });
  const { threads, signal, weights } = options;
  const classes = target.reduce((most, k) => Math.max(most, k), 0) + 1;
  const work = PASSES * table.rows * table.columns.length * classes;
  return withTeam('linear', { threads, work, signal }, async team => {
    const design = designOf(team, table, target, weights);
    const shares = sharesOf(design, classes);
    const intercepts = shares.map(share => Math.log(Math.max(LEAST_SHARE, share)));
    const curvature = shares.reduce((sum, share) => sum + share * (1 - share), 0) / classes;
    const problem = { ...parameters, intercepts, curvature, scale: 1, loss: 'softmax', classes } as const;
    const { coefficients, convergence } = await optimum(design, problem, options);
    const centred = withCentredIntercepts(coefficients, classes);
    return modelOf({
      features: table.names,
      classes,
      coefficients: centred,
      means: design.means,
      convergence,
    });
  });
}

/** The share of each class by weight. */
function sharesOf({ rows, target, weights, total }: Design, classes: number): number[] {
  const sums = new Array<number>(classes).fill(0);
  for (let row = 0; row < rows; row++) sums[target[row]] += weights[row];
  const only = sums.findIndex(sum => sum === total);
  if (only >= 0)
    throw new MlError(
      'ml.one_class',
      `every one of the ${rows} rows is of class ${only}; two or more are needed`,
    );
  return sums.map(sum => sum / total);
}

/** What is added to the intercepts of all classes alike changes no probability: so that they sum to 0. */
function withCentredIntercepts(coefficients: Float64Array, classes: number): Float64Array {
  const width = coefficients.length / classes;
  const isIntercept = (at: number): boolean => at % width === 0;
  const mean = coefficients.reduce((sum, b, at) => sum + (isIntercept(at) ? b : 0), 0) / classes;
  return coefficients.map((b, at) => (isIntercept(at) ? b - mean : b));
}

interface Fitted {
  features: readonly string[];
  classes: number;
  /** Class after class, each with its intercept first. */
  coefficients: Float64Array;
  means: Float64Array;
  convergence: Convergence;
}

function modelOf({ features, classes, coefficients, means, convergence }: Fitted): SoftmaxModel {
  const width = features.length + 1;
  return {
    kind: KIND,
    features,
    classes,
    convergence,
    predict: table => softmaxProbabilities(numbersOf(table, features), coefficients, classes),
    classContributions: (table, of) => {
      if (!(Number.isInteger(of) && of >= 0 && of < classes))
        throw new MlError('ml.bad_parameter', `the class must be from 0 to ${classes - 1}; it is ${of}`);
      const own = coefficients.subarray(of * width, (of + 1) * width);
      return linearContributions(numbersOf(table, features), own, means);
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, classes, ...convergence },
      arrays: { coefficients, means },
      parts: [],
    }),
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadSoftmax(saved: Saved): SoftmaxModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, classes] = [reader.names('features'), reader.number('classes')];
  if (!(Number.isInteger(classes) && classes >= 2)) throw reader.bad('classes');
  return modelOf({
    features,
    classes,
    coefficients: reader.array('coefficients', classes * (features.length + 1)),
    means: reader.array('means', features.length),
    convergence: convergenceOf(reader),
  });
}
