import {
  breath,
  throwIfStopped,
  type Contributions,
  type Convergence,
  type Estimator,
  type Explained,
  type FitOptions,
  type Regressor,
} from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { normalBelow } from '../numeric/special-normal.ts';
import { inverse } from '../numeric/symmetric.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { pick, recoded, type Table } from '../table.ts';
import { baselineHazard, coxLikelihood, type CoxData, type CoxSums, type Ties } from './cox-likelihood.ts';
import { latestFirst, soundSurvival, type SurvivalTarget } from './survival-target.ts';
import { deviationsThatHold } from './uncertainty.ts';

const KIND = 'cox';
const VERSION = 1;

export interface CoxParameters {
  /** Strength of the penalty l2/2 |b|^2 beside the summed log partial likelihood. */
  l2?: number;
  /** How events at the same time count. With `breslow` a whole weight is exactly a row repeated. */
  ties?: Ties;
  maxIterations?: number;
  /** Stop when a step promises less than this, per subject. */
  tolerance?: number;
}

export interface CoxCoefficient {
  name: string;
  /** By how much the log hazard rises with one more of the feature; 95 % interval. */
  value: number;
  low: number;
  high: number;
  standardError: number;
  /** Of the test that it is 0 (Wald). */
  p: number;
}

export interface CoxModel extends Regressor, Explained {
  readonly coefficients: readonly CoxCoefficient[];
  readonly logLikelihood: number;
  readonly convergence: Convergence;
  /** Hazard of each row over that of the average row learned from. */
  predict(table: Table): Float64Array;
  /** ln of `predict`: what contributions sum to. */
  score(table: Table): Float64Array;
  /** rows x times, by row: the probability to last longer than each time (Breslow's baseline). */
  survival(table: Table, times: ArrayLike<number>): Float64Array;
  /** The time that each row outlasts with probability 1/2; infinite where that is beyond what was seen. */
  median(table: Table): Float64Array;
}

/**
 * Cox's proportional hazards (1972), by Newton's method. Columns complete and numeric.
 *
 * @throws MlError as `soundTable`; `ml.one_class` where no event happened
 * @example
 * const model = await cox({ l2: 0.1 }).fit(table, { time, event });
 * model.survival(table, [30, 90]); // rows x 2 probabilities to last 30 and 90 days
 */
export function cox(parameters: CoxParameters = {}): Estimator<CoxModel, Table, SurvivalTarget> {
  const { l2 = 0, ties = 'efron', maxIterations = 50, tolerance = 1e-10 } = parameters;
  required(l2 >= 0 && l2 < Infinity, 'l2', 'a number from 0 up', l2);
  required(['efron', 'breslow'].includes(ties), 'ties', '"efron" or "breslow"', ties);
  required(
    Number.isInteger(maxIterations) && maxIterations > 0,
    'maxIterations',
    'a whole number from 1 up',
    maxIterations,
  );
  required(tolerance > 0, 'tolerance', 'above 0', tolerance);
  const whole = { l2, ties, maxIterations, tolerance };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ ...whole }),
    fit: (table: Table, target: SurvivalTarget, options: FitOptions = {}) =>
      fit(table, target, whole, options),
  });
}

interface Scale {
  means: Float64Array;
  deviations: Float64Array;
}

async function fit(
  table: Table,
  target: SurvivalTarget,
  parameters: Required<CoxParameters>,
  options: FitOptions,
): Promise<CoxModel> {
  soundTable(table, target.time, options, { method: KIND, target: 'any' });
  soundSurvival(target, table.rows);
  const scale = scaleOf(table, options.weights);
  const data = dataOf(table, target, scale, options.weights);
  if (!data.event.includes(1))
    throw new MlError('ml.one_class', `none of the ${data.rows} rows ended with the event; some must`);
  const penalties = scale.deviations.map(deviation => parameters.l2 / deviation ** 2);
  const top = await climbed(data, penalties, parameters, options);
  const b = top.b.map((value, j) => value / scale.deviations[j]);
  const { times, hazard } = baselineHazard(data, top.b);
  const covariance = inverse(informationOf(top.sums, penalties), b.length).map(
    (value, at) => value / (scale.deviations[Math.floor(at / b.length)] * scale.deviations[at % b.length]),
  );
  return modelOf({
    features: table.names,
    b,
    covariance,
    means: scale.means,
    times,
    hazard,
    logLikelihood: top.sums.value,
    convergence: top.convergence,
  });
}

function scaleOf({ columns }: Table, weights: Float32Array | undefined): Scale {
  const pairs = columns.map(column => {
    let [sum, squares, total] = [0, 0, 0];
    for (let row = 0; row < column.length; row++) {
      const weight = weights?.[row] ?? 1;
      const before = total === 0 ? 0 : sum / total;
      [total, sum] = [total + weight, sum + weight * column[row]];
      if (weight > 0) squares += weight * (column[row] - before) * (column[row] - sum / total);
    }
    return [sum / total, Math.sqrt(squares / total)] as const;
  });
  return {
    means: Float64Array.from(pairs, ([mean]) => mean),
    // a constant column has no spread of its own
    deviations: Float64Array.from(pairs, ([mean, spread]) => (spread > 1e-7 * Math.abs(mean) ? spread : 1)),
  };
}

function dataOf(table: Table, target: SurvivalTarget, scale: Scale, weights?: Float32Array): CoxData {
  const order = latestFirst(target.time).filter(row => weights === undefined || weights[row] > 0);
  const [rows, width] = [order.length, table.columns.length];
  const x = new Float64Array(rows * width);
  table.columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++)
      x[i * width + j] = (column[order[i]] - scale.means[j]) / scale.deviations[j];
  });
  return {
    rows,
    width,
    x,
    time: Float32Array.from(order, row => target.time[row]),
    event: Float32Array.from(order, row => target.event[row]),
    weights: Float64Array.from(order, row => weights?.[row] ?? 1),
  };
}

interface Top {
  b: Float64Array;
  sums: CoxSums;
  convergence: Convergence;
}

const MAX_HALVINGS = 30;

/** Newton's method; a step that does not climb is halved. */
async function climbed(
  data: CoxData,
  penalties: Float64Array,
  { ties, maxIterations, tolerance }: Required<CoxParameters>,
  { signal, onProgress }: FitOptions,
): Promise<Top> {
  const total = data.weights.reduce((sum, weight) => sum + weight, 0);
  let b = new Float64Array(data.width);
  let sums = coxLikelihood(data, b, ties);
  let [iterations, converged] = [0, false];
  while (iterations < maxIterations && !converged) {
    await breath();
    throwIfStopped(signal);
    const gradient = penalised(sums.gradient, b, penalties);
    const step = product(inverse(informationOf(sums, penalties), data.width), gradient);
    converged = dot(step, gradient) / total < tolerance;
    const next = stepped(data, b, step, penalties, sums, ties);
    if (next === undefined) break;
    ({ b, sums } = next);
    iterations++;
    onProgress?.({ done: iterations, total: maxIterations, unit: 'iterations' });
  }
  const gradient = Math.max(0, ...penalised(sums.gradient, b, penalties).map(Math.abs)) / total;
  const objective = -objectiveOf(sums, b, penalties) / total;
  return { b, sums, convergence: { iterations, converged, gradient, objective } };
}

function stepped(
  data: CoxData,
  from: Float64Array,
  step: Float64Array,
  penalties: Float64Array,
  before: CoxSums,
  ties: Ties,
): { b: Float64Array<ArrayBuffer>; sums: CoxSums } | undefined {
  const floor = objectiveOf(before, from, penalties);
  for (let halving = 0, t = 1; halving < MAX_HALVINGS; halving++, t /= 2) {
    const b = Float64Array.from(from, (value, j) => value + t * step[j]);
    const sums = coxLikelihood(data, b, ties);
    if (objectiveOf(sums, b, penalties) >= floor) return { b, sums };
  }
  return undefined;
}

function objectiveOf({ value }: CoxSums, b: Float64Array, penalties: Float64Array): number {
  return b.reduce((sum, own, j) => sum - 0.5 * penalties[j] * own * own, value);
}

function penalised(gradient: Float64Array, b: Float64Array, penalties: Float64Array): Float64Array {
  return gradient.map((value, j) => value - penalties[j] * b[j]);
}

/** Curvature that a direction without any is given: a constant column gets the weight 0. */
const LEAST_CURVATURE = 1e-8;

function informationOf({ information }: CoxSums, penalties: Float64Array): Float64Array {
  const width = penalties.length;
  const whole = information.slice();
  for (let j = 0; j < width; j++) whole[j * width + j] += penalties[j] + LEAST_CURVATURE;
  return whole;
}

function product(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), x));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, j) => sum + value * b[j], 0);
}

interface Fitted {
  features: readonly string[];
  b: Float64Array;
  covariance: Float64Array;
  means: Float64Array;
  times: Float64Array;
  /** The cumulative hazard of the average row at each of `times`. */
  hazard: Float64Array;
  logLikelihood: number;
  convergence: Convergence;
}

function modelOf(fitted: Fitted): CoxModel {
  const { features, b, means, hazard, times } = fitted;
  const columnsOf = (table: Table): readonly Float32Array[] =>
    recoded(pick(table, features), undefined).columns;
  const score = (table: Table): Float64Array => {
    const z = new Float64Array(table.rows);
    columnsOf(table).forEach((column, j) => column.forEach((x, row) => (z[row] += b[j] * (x - means[j]))));
    return z;
  };
  return {
    kind: KIND,
    features,
    coefficients: coefficientsOf(fitted),
    logLikelihood: fitted.logLikelihood,
    convergence: fitted.convergence,
    score,
    predict: table => score(table).map(Math.exp),
    survival: (table, at) => {
      const baseline = Float64Array.from(at, time => hazard[lastUpTo(times, time)] ?? 0);
      return gridOf(score(table).map(Math.exp), baseline, (risk, cumulative) => Math.exp(-risk * cumulative));
    },
    median: table =>
      score(table).map(z => times[hazard.findIndex(sum => sum * Math.exp(z) >= Math.LN2)] ?? Infinity),
    contributions: table => contributions(columnsOf(table), table.rows, fitted),
    save: () => save(fitted),
  };
}

/** Position of the last time that is not after this one, or -1. */
function lastUpTo(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function gridOf(
  rows: Float64Array,
  columns: Float64Array,
  of: (row: number, column: number) => number,
): Float64Array {
  const n = columns.length;
  return Float64Array.from({ length: rows.length * n }, (_, at) =>
    of(rows[Math.floor(at / n)], columns[at % n]),
  );
}

function coefficientsOf({ features, b, covariance }: Fitted): CoxCoefficient[] {
  const z = deviationsThatHold(0.95);
  return features.map((name, j) => {
    const [value, standardError] = [b[j], Math.sqrt(covariance[j * b.length + j])];
    const p = 2 * normalBelow(-Math.abs(value / standardError));
    return { name, value, standardError, low: value - z * standardError, high: value + z * standardError, p };
  });
}

/** Of a linear score: (value - mean) x weight (Lundberg and Lee 2017). The average row's score is 0. */
function contributions(
  columns: readonly Float32Array[],
  rows: number,
  { features, b, means }: Fitted,
): Contributions {
  const values = new Float64Array(rows * features.length);
  columns.forEach((column, j) =>
    column.forEach((x, row) => (values[row * features.length + j] = b[j] * (x - means[j]))),
  );
  return { base: 0, features, values };
}

function save({ features, logLikelihood, convergence, ...arrays }: Fitted): Saved {
  return {
    kind: KIND,
    version: VERSION,
    values: { features, logLikelihood, ...convergence },
    arrays,
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadCox(saved: Saved): CoxModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const features = reader.names('features');
  const times = reader.array('times');
  return modelOf({
    features,
    b: reader.array('b', features.length),
    covariance: reader.array('covariance', features.length ** 2),
    means: reader.array('means', features.length),
    times,
    hazard: reader.array('hazard', times.length),
    logLikelihood: reader.number('logLikelihood'),
    convergence: {
      iterations: reader.number('iterations'),
      converged: reader.flag('converged'),
      gradient: reader.number('gradient'),
      objective: reader.number('objective'),
    },
  });
}
