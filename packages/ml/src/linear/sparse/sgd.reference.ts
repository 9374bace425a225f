import { lossOf, slopeOf, type SgdLoss } from './losses.ts';
import type { SparseData } from './stage.ts';

export interface SgdRule {
  loss: SgdLoss;
  rate: 'adagrad' | 'inverse';
  eta: number;
  power: number;
  l1: number;
  l2: number;
  delta: number;
}

/** Weights after a pass, their mean over its rows, and the sum of the losses on the way. */
export interface SgdOutcome {
  weights: Float64Array;
  intercept: number;
  meanWeights: Float64Array;
  meanIntercept: number;
  loss: number;
}

/**
 * Plain twin of the kernels of `sgd`: one pass over the rows from weights of 0, in double precision, every weight
 * penalised and averaged at every row without any of the kernels' shortcuts.
 */
export function sgdPass(rule: SgdRule, { x, y, weights: counts }: SparseData): SgdOutcome {
  const squares = new Float64Array(x.width + 1);
  const paid = new Float64Array(x.width);
  const out = {
    weights: new Float64Array(x.width),
    intercept: 0,
    meanWeights: new Float64Array(x.width),
    meanIntercept: 0,
    loss: 0,
  };
  let due = 0;
  for (let row = 0; row < x.rows; row++) {
    const entries = Array.from({ length: x.offsets[row + 1] - x.offsets[row] }, (_, k) => x.offsets[row] + k);
    const valueAt = (at: number): number => x.values?.[at] ?? 1;
    const z = entries.reduce((sum, at) => sum + out.weights[x.indices[at]] * valueAt(at), out.intercept);
    const [c, d] = [counts?.[row] ?? 1, slopeOf(rule.loss, z, y[row], rule.delta)];
    out.loss += c * lossOf(rule.loss, z, y[row], rule.delta);
    const steps = entries.map(at => ({ j: x.indices[at], g: d * valueAt(at) }));
    if (rule.rate === 'adagrad') adagradRow(rule, out, squares, steps, c, d);
    else {
      const eta = rule.eta / (row + 1) ** rule.power;
      inverseRow(rule, out, steps, c, d, eta);
      due += eta * rule.l1;
      for (const { j } of steps) pay(out.weights, paid, j, due);
    }
    out.weights.forEach((w, j) => (out.meanWeights[j] += w / x.rows));
    out.meanIntercept += out.intercept / x.rows;
  }
  return out;
}

interface Step {
  j: number;
  g: number;
}

function adagradRow(
  { eta, l1, l2 }: SgdRule,
  out: SgdOutcome,
  squares: Float64Array,
  steps: readonly Step[],
  c: number,
  d: number,
): void {
  const rateOf = (j: number, g: number): number => {
    squares[j] += c * g * g;
    return (c * eta) / (Math.sqrt(squares[j]) + 1e-8);
  };
  for (const { j, g } of steps) {
    const rate = rateOf(j, g);
    const w = out.weights[j] - rate * g;
    out.weights[j] = (Math.sign(w) * Math.max(Math.abs(w) - rate * l1, 0)) / (1 + rate * l2);
  }
  out.intercept -= rateOf(squares.length - 1, d) * d;
}

function inverseRow(
  { l2 }: SgdRule,
  out: SgdOutcome,
  steps: readonly Step[],
  c: number,
  d: number,
  eta: number,
): void {
  out.weights.forEach((w, j) => (out.weights[j] = w * (1 - eta * l2)));
  for (const { j, g } of steps) out.weights[j] -= eta * c * g;
  out.intercept -= 0.01 * eta * c * d;
}

function pay(weights: Float64Array, paid: Float64Array, j: number, due: number): void {
  const before = weights[j];
  if (before > 0) weights[j] = Math.max(0, before - (due + paid[j]));
  else if (before < 0) weights[j] = Math.min(0, before + (due - paid[j]));
  paid[j] += weights[j] - before;
}
