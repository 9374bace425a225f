import { MlError } from '../../errors.ts';
import type { Team } from '../../runtime/team.ts';
import { pointwiseGradients, softmaxGradients, type Gradients, type Standing } from './gradients.ts';
import type { GrownNode } from './grow.ts';
import { pointwiseLoss, softmaxRows, type PointwiseLoss } from './loss.ts';
import type { Settings } from './parameters.ts';
import { quantileOf } from './quantile.ts';
import { rankingObjective } from './ranking.ts';

/** What boosting makes small, as its rounds see it. */
export interface Objective {
  /** Scores of a row. */
  outputs: number;
  base(target: Float32Array, weights: Float32Array | undefined): Float64Array;
  gradients(team: Team, standing: Standing): Gradients;
  /** Mean loss of some rows. */
  loss(standing: Standing, rows: Uint32Array): number;
  /** Of the rows that learn, about as many as wanted whose loss can be told. */
  shown(learning: Uint32Array, wanted: number): Uint32Array;
  /** Better steps of the nodes than those down the slope, for a loss without curvature. */
  renewed?(nodes: readonly GrownNode[], order: Uint32Array, standing: Standing): number[];
}

/** @param starts where each group begins, and the number of rows */
export function objectiveOf(
  settings: Settings,
  target: Float32Array,
  starts: Uint32Array | undefined,
): Objective {
  const loss = pointwiseLoss(settings);
  if (loss) return pointwise(loss, settings);
  if (settings.loss === 'ranking') return rankingObjective(target, starts);
  return softmax(classesOf(target));
}

function pointwise(loss: PointwiseLoss, { loss: name, quantile }: Settings): Objective {
  return {
    outputs: 1,
    base: (target, weights) => Float64Array.of(loss.base(target, weights)),
    gradients: (team, standing) => pointwiseGradients(team, standing, loss),
    loss: (standing, rows) =>
      meanLoss(standing, rows, row => loss.loss(standing.scores[row], standing.target[row])),
    shown: spread,
    ...(name === 'quantile' && {
      renewed: (nodes: readonly GrownNode[], order: Uint32Array, standing: Standing) =>
        quantileSteps(nodes, order, standing, quantile),
    }),
  };
}

function softmax(classes: number): Objective {
  return {
    outputs: classes,
    base: (target, weights) => logShares(target, weights, classes),
    gradients: (team, standing) => softmaxGradients(team, standing, classes),
    loss: (standing, rows) => meanLoss(standing, rows, row => softmaxLoss(standing, row, classes)),
    shown: spread,
  };
}

/** Classes are 0, 1, 2 …, up to the largest that occurs. */
function classesOf(target: Float32Array): number {
  const classes = target.reduce((most, k) => Math.max(most, k), 0) + 1;
  if (target.every(k => k === target[0]))
    throw new MlError('ml.one_class', `every one of the ${target.length} rows has the class ${target[0]}`);
  return classes;
}

/** A class without rows has a share too, so that its score is finite. */
const LEAST_SHARE = 1e-9;

function logShares(target: Float32Array, weights: Float32Array | undefined, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  target.forEach((k, row) => {
    const weight = weights?.[row] ?? 1;
    shares[k] += weight;
    total += weight;
  });
  return shares.map(share => Math.log(Math.max(LEAST_SHARE, share / total)));
}

function softmaxLoss({ scores, pitch, target }: Standing, row: number, classes: number): number {
  const own = Float64Array.from({ length: classes }, (_, k) => scores[k * pitch + row]);
  return -Math.log(Math.max(1e-15, softmaxRows(own, classes)[target[row]]));
}

function meanLoss({ weights }: Standing, rows: Uint32Array, lossOf: (row: number) => number): number {
  let [sum, total] = [0, 0];
  for (const row of rows) {
    const weight = weights?.[row] ?? 1;
    sum += weight * lossOf(row);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

/** Evenly spread over the rows. */
function spread(rows: Uint32Array, wanted: number): Uint32Array {
  if (rows.length <= wanted) return rows;
  return Uint32Array.from({ length: wanted }, (_, i) => rows[Math.floor((i * rows.length) / wanted)]);
}

/** The quantile of what is left to each leaf's rows; of an inner node the mean of its sides'. */
function quantileSteps(
  nodes: readonly GrownNode[],
  order: Uint32Array,
  { scores, target, weights }: Standing,
  quantile: number,
): number[] {
  const steps = nodes.map(() => 0);
  // children come after their parent
  for (let node = nodes.length - 1; node >= 0; node--) {
    const { rows, split } = nodes[node];
    if (split) {
      const [left, right] = [nodes[split.left].cover, nodes[split.right].cover];
      steps[node] = (steps[split.left] * left + steps[split.right] * right) / (left + right);
      continue;
    }
    const own = order.subarray(rows.start, rows.start + rows.count);
    const left = Float32Array.from(own, row => target[row] - scores[row]);
    steps[node] = quantileOf(left, weights && Float32Array.from(own, row => weights[row]), quantile);
  }
  return steps;
}
