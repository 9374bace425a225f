import type { Convergence, FitOptions } from '../estimator.ts';
import { minimise, type LbfgsOptions, type Objective } from '../numeric/lbfgs.ts';
import type { Design } from './design.ts';
import { penalisedLoss, type Loss, type Precision } from './losses.ts';
import { preconditioner } from './precondition.ts';
import { scaledObjective, toColumns } from './scaling.ts';

/** What is to be made small. */
export interface Problem {
  loss: Loss;
  /** Scores to a row: 1 but for softmax. */
  classes: number;
  /** Strength of the penalties l1 |b|_1 and l2/2 |b|^2 beside the summed loss. */
  l1: number;
  l2: number;
  /** The intercept of each class to begin at: of the model that knows no columns. */
  intercepts: readonly number[];
  /** Second derivative of the mean row's loss there. */
  curvature: number;
  /** Size of a row's slope in its score, which the tolerance is relative to: 1 for probabilities, the mean for counts. */
  scale: number;
  maxIterations: number;
  /** Largest component of the gradient at the end, per unit of weight, towards columns of deviation 1. */
  tolerance: number;
}

/** From so many values on, single precision leads near to the optimum. */
const LARGE = 1_000_000;
/** The gradient of single precision is exact to about this. */
const SINGLE_TOLERANCE = 1e-7;
/** Rounding of the loss, relative to it: in single precision, in double. */
const ROUNDING = { single: 1e-8, double: 1e-14 } as const;
/** A mean this many deviations from zero costs single precision a digit too many. */
const FAR = 4;

/**
 * Coefficients of least penalised loss, class after class, each with its intercept first. Large tables are passed over
 * in single precision first; where that cannot tell the gradient to the tolerance, the last steps are in double.
 */
export async function optimum(
  design: Design,
  problem: Problem,
  options: FitOptions,
): Promise<{ coefficients: Float64Array; convergence: Convergence }> {
  const { columns, rows } = design;
  const width = columns + 1;
  let x: Float64Array = new Float64Array(problem.classes * width);
  problem.intercepts.forEach((intercept, k) => (x[k * width] = intercept));
  let iterations = 0;
  if (rows * columns * problem.classes >= LARGE) {
    const near = await descended(design, problem, options, 'single', x, 0);
    if (near.convergence.converged && isExactInSingle(design, problem))
      return { coefficients: toColumns(near.x, design), convergence: near.convergence };
    ({ x } = near);
    ({ iterations } = near.convergence);
  }
  const end = await descended(design, problem, options, 'double', x, iterations);
  return { coefficients: toColumns(end.x, design), convergence: end.convergence };
}

function isExactInSingle({ means, deviations }: Design, { tolerance }: Problem): boolean {
  return tolerance >= SINGLE_TOLERANCE && means.every((mean, j) => Math.abs(mean) <= FAR * deviations[j]);
}

/** From x down, in one precision; iterations are counted on from those before. */
async function descended(
  design: Design,
  problem: Problem,
  { onProgress }: FitOptions,
  precision: Precision,
  x: Float64Array,
  before: number,
): Promise<{ x: Float64Array; convergence: Convergence }> {
  const { loss, classes, l2, maxIterations, scale } = problem;
  const tolerance =
    precision === 'single' ? Math.max(problem.tolerance, SINGLE_TOLERANCE) : problem.tolerance;
  const objective: Objective = scaledObjective(penalisedLoss(design, loss, classes, l2, precision), design);
  const options: LbfgsOptions = {
    maxIterations: maxIterations - before,
    tolerance: tolerance * scale,
    l1: penaltyOf(design, problem),
    precondition: preconditioner(design, problem.curvature, l2),
    rounding: ROUNDING[precision],
    pause: () => design.team.pause(),
    onProgress: step => onProgress?.({ ...step, done: before + step.done, total: maxIterations }),
  };
  const end = await minimise(objective, x, options);
  const iterations = before + end.convergence.iterations;
  return { x: end.x, convergence: { ...end.convergence, iterations } };
}

/** The L1 penalty of each coefficient of the scaled columns, per unit of weight; nothing where there is none. */
function penaltyOf({ total, deviations }: Design, { l1, classes }: Problem): Float64Array | undefined {
  if (l1 === 0) return undefined;
  const width = deviations.length + 1;
  return Float64Array.from({ length: classes * width }, (_, at) =>
    at % width === 0 ? 0 : l1 / total / deviations[(at % width) - 1],
  );
}
