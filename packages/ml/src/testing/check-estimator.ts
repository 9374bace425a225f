import { expect, test } from 'vitest';
import type { Contributions, Estimator, FitOptions, Model } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { auc } from '../metrics/roc.ts';
import { Rng } from '../random/rng.ts';
import { estimatorOf, loadModel } from '../registry.ts';
import { decode, encode, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { CLASSES, tables, type DataOf, type Task } from './check-data.ts';
import { checkTables } from './check-tables.ts';

/**
 * One estimator to be checked. Choose parameters that fit a few hundred rows in milliseconds; put what the method needs
 * before it (`pipeline([standardise()], …)`) into the estimator.
 */
export interface EstimatorCase<M extends Model, X> {
  estimator: Estimator<M, X>;
  task: Task;
  /** What the model says of rows; its `predict` where absent. Numbers per row are told by their count. */
  predict?: (model: M, x: X) => ArrayLike<number>;
  /** Takes NaN in a column. Refuses it by a sentence otherwise. */
  missing?: boolean;
  /** Takes categorical columns. Refuses them by a sentence otherwise. */
  categories?: boolean;
  /** Largest difference of predictions between weights and repeated rows; `none` where rows are drawn at random. */
  weights?: number | 'none';
  /** False where more than one class or value is not needed to learn (a cluster, a popularity). */
  supervised?: boolean;
  load?: (saved: Saved) => Model;
}

/**
 * What every estimator must do, whatever it learns: one suite for all. For tables; `checkEstimatorOn` for other shapes.
 * A fit that begins with `soundTable` or `soundSparse` (src/sound.ts) meets the part that is about refusals.
 *
 * @example
 * checkEstimator('logistic', { estimator: logistic({ l2: 1 }), task: 'binary', weights: 1e-6 });
 */
export function checkEstimator<M extends Model>(name: string, given: EstimatorCase<M, Table>): void {
  checkEstimatorOn(name, tables, given);
  checkTables(name, given);
}

/** The part of the suite that holds for rows of any shape. */
export function checkEstimatorOn<M extends Model, X>(
  name: string,
  data: DataOf<X>,
  given: EstimatorCase<M, X>,
): void {
  checkPredictions(name, data, given);
  checkRepeatable(name, data, given);
  checkKept(name, data, given);
  checkRefusals(name, data, given);
}

const ROWS = 300;

function checkPredictions<M extends Model, X>(
  name: string,
  data: DataOf<X>,
  given: EstimatorCase<M, X>,
): void {
  test(`${name} tells finite numbers of the right count and range, and better ones than a constant`, async () => {
    const { x, y } = data.make(given.task, ROWS, 1);
    const model = await fitted(given, x, y);
    const found = told(given, model, x);
    expect(found.length % ROWS).toBe(0);
    expect(found.every(Number.isFinite)).toBe(true);
    if (given.supervised === false) return;
    expect(faultOf(given.task, found)).toBeUndefined();
    expect(skill(given.task, found, y)).toBeGreaterThan(0.05);
  });

  test(`${name} gives what moved each prediction so that it sums to it, where it explains at all`, async () => {
    const { x, y } = data.make(given.task, ROWS, 2);
    const model = (await fitted(given, x, y)) as M & Scored<X>; // which of these it has is looked up next
    if (!model.contributions || given.task === 'multiclass') return;
    const score = model.logOdds?.(x) ?? model.score?.(x) ?? Float64Array.from(told(given, model, x));
    const { base, features, values } = model.contributions(x);
    const sums = Array.from({ length: ROWS }, (_, row) =>
      values.subarray(row * features.length, (row + 1) * features.length).reduce((sum, v) => sum + v, base),
    );
    expect(farthest(sums, score)).toBeLessThan(1e-5);
  });

  test(`${name} takes one row, or says why it cannot`, async () => {
    const { x, y } = data.make(given.task, ROWS, 3);
    const outcome = await attempt(given, data.at(x, [5]), y.slice(5, 6));
    if (outcome instanceof MlError) expect(outcome.message).not.toBe('');
    else expect(told(given, outcome, data.at(x, [5])).every(Number.isFinite)).toBe(true);
  });

  test(`${name} learns from a target of one value, or says that it cannot`, async () => {
    const { x } = data.make(given.task, ROWS, 4);
    const outcome = await attempt(given, x, new Float32Array(ROWS).fill(1));
    if (outcome instanceof MlError) expect(outcome.code).toBe('ml.one_class');
    else expect(told(given, outcome, x).every(Number.isFinite)).toBe(true);
  });
}

function checkRepeatable<M extends Model, X>(
  name: string,
  data: DataOf<X>,
  given: EstimatorCase<M, X>,
): void {
  test(`${name} learns the same from the same seed, with one thread, two or three`, async () => {
    const { x, y } = data.make(given.task, 20_000, 5);
    const kept = async (threads: number) => encode((await fitted(given, x, y, { threads })).save());
    const one = await kept(1);
    expect(Buffer.compare(one, await kept(1))).toBe(0);
    expect(Buffer.compare(one, await kept(2))).toBe(0);
    expect(Buffer.compare(one, await kept(3))).toBe(0);
  });

  test.runIf(given.weights !== 'none')(`${name} takes a weight for a row repeated`, async () => {
    const { x, y } = data.make(given.task, ROWS, 6);
    const weights = Float32Array.from({ length: ROWS }, (_, row) => row % 4);
    const repeats = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
    const weighted = await fitted(given, x, y, { weights });
    const repeated = await fitted(
      given,
      data.at(x, repeats),
      Float32Array.from(repeats, row => y[row]),
    );
    const apart = farthest(told(given, weighted, x), told(given, repeated, x));
    expect(apart).toBeLessThanOrEqual(Number(given.weights ?? 1e-6));
  });

  test(`${name} keeps no memory from fit to fit`, async () => {
    const { x, y } = data.make(given.task, 2_000, 7);
    await fitted(given, x, y);
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 8; round++) await fitted(given, x, y);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  });
}

function checkKept<M extends Model, X>(name: string, data: DataOf<X>, given: EstimatorCase<M, X>): void {
  const load = given.load ?? loadModel;

  test(`${name}, saved and loaded, tells the same`, async () => {
    const { x, y } = data.make(given.task, ROWS, 8);
    const model = await fitted(given, x, y);
    const bytes = encode(model.save());
    const loaded = load(decode(bytes)) as M; // of the kind that was saved
    expect(told(given, loaded, x)).toEqual(told(given, model, x));
    expect(Buffer.compare(encode(loaded.save()), bytes)).toBe(0);
  });

  test(`${name}, damaged or of a later version, is refused by a sentence`, async () => {
    const { x, y } = data.make(given.task, ROWS, 9);
    const saved = (await fitted(given, x, y)).save();
    const bytes = encode(saved);
    const rng = new Rng(9);
    for (let round = 0; round < 20; round++)
      expect(refusal(() => load(decode(bytes.subarray(0, rng.integer(bytes.length)))))).toBe('ml.bad_model');
    expect(refusal(() => load({ ...saved, version: saved.version + 1 }))).toBe('ml.bad_model');
    expect(refusal(() => load({ ...saved, values: {}, arrays: {}, parts: [] }))).toBe('ml.bad_model');
  });

  test.runIf(given.load === undefined)(`${name} can be made again from its name and parameters`, async () => {
    const { x, y } = data.make(given.task, ROWS, 10);
    const { name: kind, parameters } = given.estimator;
    const plain = JSON.parse(JSON.stringify(parameters)) as typeof parameters; // they are plain values, which this proves
    const again = estimatorOf(kind, plain) as unknown as Estimator<M, X>; // of the same method
    const bytes = encode((await fitted(given, x, y)).save());
    expect(Buffer.compare(encode((await fitted({ ...given, estimator: again }, x, y)).save()), bytes)).toBe(
      0,
    );
    expect(Object.isFrozen(given.estimator) && Object.isFrozen(parameters)).toBe(true);
  });
}

function checkRefusals<M extends Model, X>(name: string, data: DataOf<X>, given: EstimatorCase<M, X>): void {
  const code = async (x: X, y: Float32Array, options?: FitOptions): Promise<string> => {
    const outcome = await attempt(given, x, y, options);
    return outcome instanceof MlError ? outcome.code : 'learned';
  };

  test(`${name} stops when it is told to`, async () => {
    const { x, y } = data.make(given.task, ROWS, 11);
    expect(await code(x, y, { signal: AbortSignal.abort() })).toBe('ml.stopped');
  });

  test(`${name} refuses no rows, a target of another length and weights that are none`, async () => {
    const { x, y } = data.make(given.task, ROWS, 12);
    expect(await code(data.at(x, []), new Float32Array())).toBe('ml.no_rows');
    if (given.supervised !== false) expect(await code(x, y.slice(1))).toBe('ml.bad_table');
    if (given.weights === 'none' && given.supervised === false) return;
    expect(await code(x, y, { weights: new Float32Array(ROWS - 1).fill(1) })).toBe('ml.bad_table');
    expect(await code(x, y, { weights: new Float32Array(ROWS).fill(-1) })).toBe('ml.bad_value');
    expect(await code(x, y, { weights: new Float32Array(ROWS) })).toBe('ml.no_rows');
  });
}

interface Scored<X> {
  contributions?: (x: X) => Contributions;
  logOdds?: (x: X) => Float64Array;
  /** What contributions sum to, where that is neither log-odds nor the prediction. */
  score?: (x: X) => Float64Array;
}

export function fitted<M extends Model, X>(
  { estimator }: EstimatorCase<M, X>,
  x: X,
  y: Float32Array,
  options: FitOptions = {},
): Promise<M> {
  return estimator.fit(x, y, { rng: new Rng(42), ...options });
}

/** The model, or the error of this library that the fit ended with. */
export async function attempt<M extends Model, X>(
  given: EstimatorCase<M, X>,
  x: X,
  y: Float32Array,
  options?: FitOptions,
): Promise<M | MlError> {
  try {
    return await fitted(given, x, y, options);
  } catch (error) {
    if (error instanceof MlError) return error;
    throw error;
  }
}

export function told<M extends Model, X>(given: EstimatorCase<M, X>, model: M, x: X): number[] {
  if (given.predict) return Array.from(given.predict(model, x));
  const { predict } = model as M & { predict?: (x: X) => Float64Array }; // looked up next
  if (!predict) throw new Error(`${model.kind} has no predict: give the case one`);
  return Array.from(predict.call(model, x));
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof MlError ? error.code : String(error);
  }
  return 'accepted';
}

export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length
    ? Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0)
    : Infinity;
}

/** What is wrong with the predictions of a task, or nothing. */
function faultOf(task: Task, found: readonly number[]): string | undefined {
  const sums = Array.from({ length: ROWS }, (_, row) =>
    found.slice(row * CLASSES, (row + 1) * CLASSES).reduce((sum, p) => sum + p, 0),
  );
  if (task === 'binary' && !found.every(p => p >= 0 && p <= 1)) return 'a probability outside 0 to 1';
  if (task === 'multiclass' && !sums.every(sum => Math.abs(sum - 1) < 1e-6))
    return 'a row that does not sum to 1';
  if ((task === 'positive' || task === 'count') && !found.every(v => v >= 0)) return 'a negative amount';
  return undefined;
}

/** 0 for what a constant is worth, 1 for all that there is. */
function skill(task: Task, found: readonly number[], y: Float32Array): number {
  if (task === 'binary') return 2 * auc(Float64Array.from(found), y) - 1;
  if (task === 'multiclass') return accuracy(found, y) - Math.max(...[0, 1, 2].map(k => share(y, k)));
  const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
  const [left, all] = [found, y].map(() => 0);
  const error = found.reduce((sum, v, row) => sum + (v - y[row]) ** 2, left);
  return 1 - error / y.reduce((sum, v) => sum + (v - mean) ** 2, all);
}

function accuracy(found: readonly number[], y: Float32Array): number {
  const right = y.filter((k, row) => {
    const own = found.slice(row * CLASSES, (row + 1) * CLASSES);
    return own.indexOf(Math.max(...own)) === k;
  });
  return right.length / y.length;
}

function share(y: Float32Array, k: number): number {
  return y.filter(v => v === k).length / y.length;
}
