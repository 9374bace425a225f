import { breath, throwIfStopped, type Convergence, type FitProgress } from '../estimator.ts';

/** A smooth function: returns its value at `x` and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  maxIterations: number;
  /** Largest absolute component of the gradient at which to stop. */
  tolerance: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

interface Point {
  x: Float64Array;
  gradient: Float64Array;
  value: number;
}

/** One step taken and the change of gradient over it. */
interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** step . change, above zero. */
  curvature: number;
}

const MEMORY = 10;
const ARMIJO = 1e-4;
const WOLFE = 0.9;
const MAX_TRIALS = 40;

/**
 * Makes a smooth function small by L-BFGS (Nocedal 1980), with the bisection line search for the weak Wolfe conditions
 * of Lewis and Overton (2013). Yields to the event loop between iterations.
 *
 * @throws MlError `ml.stopped` when the signal fires
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions,
): Promise<Point & { convergence: Convergence }> {
  let point = at(objective, start);
  const memory: Pair[] = [];
  let iterations = 0;
  while (iterations < options.maxIterations && largest(point.gradient) > options.tolerance) {
    await breath();
    throwIfStopped(options.signal);
    const next = searched(objective, point, direction(point.gradient, memory));
    if (next === undefined) break;
    remember(memory, point, next);
    point = next;
    iterations++;
    options.onProgress?.({ done: iterations, total: options.maxIterations, unit: 'iterations' });
  }
  const gradient = largest(point.gradient);
  const convergence = {
    iterations,
    converged: gradient <= options.tolerance,
    gradient,
    objective: point.value,
  };
  return { ...point, convergence };
}

function at(objective: Objective, x: Float64Array): Point {
  const gradient = new Float64Array(x.length);
  return { x, gradient, value: objective(x, gradient) };
}

/** -H g, by the two-loop recursion (Nocedal and Wright, algorithm 7.4). */
function direction(gradient: Float64Array, memory: readonly Pair[]): Float64Array {
  const d = gradient.map(g => -g);
  const alphas = memory.map(() => 0);
  for (let k = memory.length - 1; k >= 0; k--) {
    const pair = memory[k];
    if (pair === undefined) continue;
    const alpha = (alphas[k] = dot(pair.step, d) / pair.curvature);
    add(d, pair.change, -alpha);
  }
  scale(d, memory.at(-1), gradient);
  memory.forEach((pair, k) => {
    const beta = dot(pair.change, d) / pair.curvature;
    add(d, pair.step, alphas[k] - beta);
  });
  return d;
}

/** The newest curvature as a first guess of the inverse Hessian; before any, a step of length one. */
function scale(d: Float64Array, newest: Pair | undefined, gradient: Float64Array): void {
  const factor =
    newest === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : newest.curvature / dot(newest.change, newest.change);
  for (let i = 0; i < d.length; i++) d[i] = d[i] * factor;
}

/** A point along `d` that is enough lower and enough flatter; nothing when there is none within rounding. */
function searched(objective: Objective, from: Point, d: Float64Array): Point | undefined {
  const slope = dot(from.gradient, d);
  let [low, high, t] = [0, Infinity, 1];
  let best: Point | undefined;
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const point = at(objective, moved(from.x, d, t));
    if (!(point.value <= from.value + ARMIJO * t * slope)) high = t;
    else {
      best = point;
      if (dot(point.gradient, d) >= WOLFE * slope) return point;
      low = t;
    }
    t = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}

function remember(memory: Pair[], from: Point, to: Point): void {
  const step = moved(to.x, from.x, -1);
  const change = moved(to.gradient, from.gradient, -1);
  const curvature = dot(step, change);
  if (curvature <= 1e-14 * dot(change, change)) return;
  memory.push({ step, change, curvature });
  if (memory.length > MEMORY) memory.shift();
}

function moved(x: Float64Array, d: Float64Array, t: number): Float64Array {
  return x.map((value, i) => value + t * d[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i] + factor * b[i];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
