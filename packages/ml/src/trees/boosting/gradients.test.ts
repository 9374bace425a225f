import { expect, test } from 'vitest';
import { Rng } from '../../random/rng.ts';
import { withTeam } from '../../runtime/team.ts';
import { pointwiseGradients, softmaxGradients, type Gradients, type Standing } from './gradients.ts';
import { pointwiseLoss, softmaxRows } from './loss.ts';
import { objectiveOf } from './objective.ts';
import { settingsOf, type LossName } from './parameters.ts';

const ROWS = 40;
const rng = new Rng(4);
const scores = Float32Array.from({ length: 3 * ROWS }, () => 2 * rng.normal());
const weights = Float32Array.from({ length: ROWS }, () => 0.5 + rng.uniform());
const STEP = 1e-4;

/** Slopes and curvatures of one output by row, as the kernels tell them. */
function slopesOf(
  target: Float32Array,
  own: Float32Array | undefined,
  output: number,
  make: (team: Parameters<typeof pointwiseGradients>[0], at: Standing) => Gradients,
): { slope: number[]; curvature: number[] } {
  return withTeam('boosting', {}, team => {
    const at = {
      ...{ rows: ROWS, pitch: ROWS, scores: team.copied(scores), target: team.copied(target) },
      weights: own && team.copied(own),
    };
    const gradients = make(team, at);
    const pairs = team.f32(2 * ROWS);
    gradients.begin();
    const scale = gradients.write(output, pairs);
    const words = new Int32Array(pairs.buffer, pairs.byteOffset, 2 * ROWS);
    const every = (from: number, by: number) =>
      Array.from({ length: ROWS }, (_, row) => words[2 * row + from] / by);
    return { curvature: every(0, scale.curvature), slope: every(1, scale.slope) };
  });
}

const near = (found: number, expected: number): void =>
  expect(Math.abs(found - expected)).toBeLessThan(1e-4 * (Math.abs(expected) + 0.01));

test.each<LossName>(['logistic', 'squared', 'poisson', 'quantile'])(
  'the slope of %s is that of finite differences',
  name => {
    const loss = pointwiseLoss(settingsOf({ loss: name, quantile: 0.3 }));
    if (!loss) throw new Error('a loss of one row');
    const target = Float32Array.from({ length: ROWS }, (_, row) => row % 2);
    const { slope } = slopesOf(target, weights, 0, (team, at) => pointwiseGradients(team, at, loss));
    slope.forEach((found, row) => {
      const [up, down] = [STEP, -STEP].map(step => loss.loss(scores[row] + step, target[row]));
      near(found, (weights[row] * (up - down)) / (2 * STEP));
    });
  },
);

test('the slope of softmax is that of finite differences, for each class', () => {
  const target = Float32Array.from({ length: ROWS }, (_, row) => row % 3);
  const lossAt = (row: number, k: number, step: number): number => {
    const own = Float64Array.from([0, 1, 2], c => scores[c * ROWS + row] + (c === k ? step : 0));
    return -Math.log(softmaxRows(own, 3)[target[row]]);
  };
  for (const k of [0, 1, 2]) {
    const { slope } = slopesOf(target, undefined, k, (team, at) => softmaxGradients(team, at, 3));
    slope.forEach((found, row) => near(found, (lossAt(row, k, STEP) - lossAt(row, k, -STEP)) / (2 * STEP)));
  }
});

test('lambdas are those of plain loops over the pairs', () => {
  const target = Float32Array.from({ length: ROWS }, () => rng.integer(4));
  const starts = Uint32Array.of(0, 3, 4, 25, ROWS);
  const objective = objectiveOf(settingsOf({ loss: 'ranking' }), target, starts);
  const { slope, curvature } = slopesOf(target, undefined, 0, objective.gradients);
  const plain = plainLambdas(target, starts);
  slope.forEach((found, row) => near(found, plain.slope[row]));
  curvature.forEach((found, row) => near(found, plain.curvature[row]));
});

/** The plain twin of kernels/lib/lambdas.ts, for groups of at most 30 rows. */
function plainLambdas(target: Float32Array, starts: Uint32Array): { slope: number[]; curvature: number[] } {
  const [slope, curvature] = [Array<number>(ROWS).fill(0), Array<number>(ROWS).fill(0)];
  const gain = (row: number): number => 2 ** target[row] - 1;
  const discount = (place: number): number => 1 / Math.log2(2 + place);
  for (let g = 0; g + 1 < starts.length; g++) {
    const rows = Array.from({ length: starts[g + 1] - starts[g] }, (_, i) => starts[g] + i);
    const order = rows.toSorted((a, b) => scores[b] - scores[a] || a - b);
    const best = rows
      .map(gain)
      .sort((a, b) => b - a)
      .reduce((sum, v, place) => sum + v * discount(place), 0);
    let pulls = 0;
    order.forEach((a, i) =>
      order.slice(i + 1).forEach((b, k) => {
        if (target[a] === target[b]) return;
        const [high, low] = target[a] > target[b] ? [a, b] : [b, a];
        const swap = Math.abs(gain(a) - gain(b)) * (discount(i) - discount(i + 1 + k));
        const change = swap / best / (0.01 + Math.abs(scores[a] - scores[b]));
        const wrong = 1 / (1 + Math.exp(scores[high] - scores[low]));
        slope[high] -= wrong * change;
        slope[low] += wrong * change;
        for (const row of [a, b]) curvature[row] += wrong * (1 - wrong) * change;
        pulls += 2 * wrong * change;
      }),
    );
    const factor = pulls > 0 ? Math.log2(1 + pulls) / pulls : 0;
    for (const row of rows) {
      slope[row] *= factor;
      curvature[row] *= factor;
    }
  }
  return { slope, curvature };
}
