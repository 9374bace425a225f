import type { SparseData } from './stage.ts';

export interface SoftmaxRule {
  classes: number;
  rate: 'adagrad' | 'inverse';
  eta: number;
  power: number;
  l1: number;
  l2: number;
}

/** Weights (width x classes) and intercepts after a pass, and the sum of the losses on the way. */
export interface SoftmaxOutcome {
  weights: Float64Array;
  intercepts: Float64Array;
  loss: number;
}

/** Plain twin of the kernel `softmax`: one pass over the rows from weights of 0, in double precision. */
export function softmaxPass(rule: SoftmaxRule, { x, y, weights: counts }: SparseData): SoftmaxOutcome {
  const { classes } = rule;
  const squares = new Float64Array(x.width + 1);
  const weights = new Float64Array(x.width * classes);
  const intercepts = new Float64Array(classes);
  let loss = 0;
  for (let row = 0; row < x.rows; row++) {
    const z = intercepts.slice();
    for (let at = x.offsets[row]; at < x.offsets[row + 1]; at++)
      for (let c = 0; c < classes; c++) z[c] += weights[x.indices[at] * classes + c] * (x.values?.[at] ?? 1);
    const count = counts?.[row] ?? 1;
    const { slopes, loss: own } = softmaxSlopes(z, y[row]);
    loss += count * own;
    const norm = slopes.reduce((sum, d) => sum + d * d, 0);
    const eta = rule.rate === 'adagrad' ? rule.eta : rule.eta / (row + 1) ** rule.power;
    const rateOf = (j: number, v: number): number => {
      squares[j] += count * v * v * norm;
      return (count * eta) / (rule.rate === 'adagrad' ? Math.sqrt(squares[j]) + 1e-8 : 1);
    };
    for (let at = x.offsets[row]; at < x.offsets[row + 1]; at++) {
      const value = x.values?.[at] ?? 1;
      const rate = rateOf(x.indices[at], value);
      for (let c = 0; c < classes; c++) {
        const to = x.indices[at] * classes + c;
        const w = weights[to] - rate * value * slopes[c];
        weights[to] = (Math.sign(w) * Math.max(Math.abs(w) - rate * rule.l1, 0)) / (1 + rate * rule.l2);
      }
    }
    const rate = rateOf(x.width, 1);
    slopes.forEach((d, c) => (intercepts[c] -= rate * d));
  }
  return { weights, intercepts, loss };
}

/** -ln of the probability that softmax gives to class y, and its slope at each score. */
export function softmaxSlopes(z: Float64Array, y: number): { slopes: Float64Array; loss: number } {
  const most = z.reduce((most, score) => Math.max(most, score), -Infinity);
  const e = z.map(score => Math.exp(score - most));
  const sum = e.reduce((total, value) => total + value, 0);
  return { slopes: e.map((value, c) => value / sum - Number(c === y)), loss: most + Math.log(sum) - z[y] };
}
