import { breath, throwIfStopped, type Convergence, type FitProgress } from '../estimator.ts';
import { intoOrthant, kinkedSlope, project, signsOf } from './orthant.ts';
import { add, dot, largest, moved } from './vector.ts';

/** A smooth function: returns its value at `x` and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  maxIterations: number;
  /** Largest absolute component of the gradient at which to stop. */
  tolerance: number;
  /** Strength of a penalty sum_i l1_i |x_i| beside the smooth function, one for each component. */
  l1?: Float64Array | undefined;
  /** A vector times a first guess of the inverse Hessian. Where absent, the first step is at most of length one. */
  precondition?: ((vector: Float64Array) => Float64Array) | undefined;
  /** By how much rounding may move the value, relative to it; a step that seems to climb by less is no climb. */
  rounding?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called between iterations, in place of a breath of the event loop every few milliseconds. */
  pause?: (() => Promise<void>) | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

interface Point {
  x: Float64Array;
  /** Of the smooth function. */
  gradient: Float64Array;
  /** The gradient; with an L1 penalty, the slope of steepest descent of the whole. */
  slope: Float64Array;
  value: number;
}

/** One step taken and the change of gradient over it. */
interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** step . change, above zero. */
  curvature: number;
}

/** Finds the next point along a direction; nothing when there is none within rounding. */
type Search = (from: Point, direction: Float64Array) => Point | undefined;

const MEMORY = 10;
const ARMIJO = 1e-4;
const WOLFE = 0.9;
const MAX_TRIALS = 40;
const BREATH_MS = 8;

/**
 * Makes a function small by L-BFGS (Nocedal 1980), with the bisection line search for the weak Wolfe conditions of
 * Lewis and Overton (2013); with an L1 penalty by the orthant-wise method (Andrew and Gao 2007), which gives exact
 * zeros. Yields to the event loop between iterations.
 *
 * @throws MlError `ml.stopped` when the signal fires
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions,
): Promise<{ x: Float64Array; gradient: Float64Array; value: number; convergence: Convergence }> {
  const { maxIterations, tolerance, l1, onProgress } = options;
  const evaluate = (x: Float64Array): Point => pointAt(objective, x, l1);
  const slack = options.rounding ?? Number.EPSILON;
  const search = l1 ? backtracking(evaluate, l1, slack) : wolfe(evaluate, slack);
  const pause = options.pause ?? breathing(options.signal);
  let point = evaluate(start);
  const memory: Pair[] = [];
  let iterations = 0;
  while (iterations < maxIterations && largest(point.slope) > tolerance) {
    await pause();
    const next = search(point, direction(point, memory, options));
    if (next === undefined) break;
    remember(memory, point, next);
    point = next;
    iterations++;
    onProgress?.({ done: iterations, total: maxIterations, unit: 'iterations' });
  }
  const { x, gradient, value, slope } = point;
  const steepest = largest(slope);
  const converged = steepest <= tolerance;
  return { x, gradient, value, convergence: { iterations, converged, gradient: steepest, objective: value } };
}

function pointAt(objective: Objective, x: Float64Array, l1: Float64Array | undefined): Point {
  const gradient = new Float64Array(x.length);
  const smooth = objective(x, gradient);
  if (!l1) return { x, gradient, slope: gradient, value: smooth };
  const value = x.reduce((sum, v, i) => sum + l1[i] * Math.abs(v), smooth);
  return { x, gradient, slope: kinkedSlope(x, gradient, l1), value };
}

/** Looks at the signal each time, and lets the event loop go on when it has waited long enough. */
function breathing(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    throwIfStopped(signal);
    if (performance.now() - last < BREATH_MS) return;
    await breath();
    last = performance.now();
    throwIfStopped(signal);
  };
}

/** -H times the slope, by the two-loop recursion (Nocedal and Wright, algorithm 7.4). */
function direction({ slope }: Point, memory: readonly Pair[], options: LbfgsOptions): Float64Array {
  const d = slope.map(g => -g);
  const alphas = memory.map(() => 0);
  for (let k = memory.length - 1; k >= 0; k--) {
    const pair = memory[k];
    const alpha = (alphas[k] = dot(pair.step, d) / pair.curvature);
    add(d, pair.change, -alpha);
  }
  const first = firstGuess(d, memory.at(-1), options);
  memory.forEach((pair, k) => {
    const beta = dot(pair.change, first) / pair.curvature;
    add(first, pair.step, alphas[k] - beta);
  });
  if (options.l1) intoOrthant(first, slope);
  return first;
}

/** A first guess of the inverse Hessian times d, by the size that the newest pair shows. */
function firstGuess(d: Float64Array, newest: Pair | undefined, { precondition }: LbfgsOptions): Float64Array {
  const guess = precondition ? precondition(d) : d.slice();
  const factor = newest
    ? newest.curvature / dot(newest.change, precondition ? precondition(newest.change) : newest.change)
    : precondition
      ? 1
      : 1 / Math.max(1, Math.sqrt(dot(d, d)));
  return guess.map(v => v * factor);
}

/** A point that is enough lower and enough flatter. */
function wolfe(evaluate: (x: Float64Array) => Point, rounding: number): Search {
  return (from, d) => {
    const slope = dot(from.gradient, d);
    const slack = rounding * Math.abs(from.value);
    let [low, high, t] = [0, Infinity, 1];
    let best: Point | undefined;
    for (let trial = 0; trial < MAX_TRIALS; trial++) {
      const point = evaluate(moved(from.x, d, t));
      if (!(point.value <= from.value + ARMIJO * t * slope + slack)) high = t;
      else {
        best = point;
        if (dot(point.gradient, d) >= WOLFE * slope) return point;
        low = t;
      }
      t = high === Infinity ? 2 * low : (low + high) / 2;
    }
    return best;
  };
}

/** A point of the same orthant that is enough lower (Andrew and Gao 2007, section 3.2). */
function backtracking(evaluate: (x: Float64Array) => Point, l1: Float64Array, rounding: number): Search {
  return (from, d) => {
    const signs = signsOf(from.x, from.slope);
    const slack = rounding * Math.abs(from.value);
    for (let trial = 0, t = 1; trial < MAX_TRIALS; trial++, t /= 2) {
      const x = moved(from.x, d, t);
      project(x, signs, l1);
      const point = evaluate(x);
      const gain = dot(from.slope, moved(x, from.x, -1));
      if (point.value <= from.value + ARMIJO * gain + slack) return point;
    }
    return undefined;
  };
}

function remember(memory: Pair[], from: Point, to: Point): void {
  const step = moved(to.x, from.x, -1);
  const change = moved(to.gradient, from.gradient, -1);
  const curvature = dot(step, change);
  if (curvature <= 1e-14 * dot(change, change)) return;
  memory.push({ step, change, curvature });
  if (memory.length > MEMORY) memory.shift();
}
