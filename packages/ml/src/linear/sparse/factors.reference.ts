import type { SparseRows } from '../../sparse.ts';
import type { SparseData } from './stage.ts';

export interface FactorRule {
  loss: 'logistic' | 'squared';
  factors: number;
  eta: number;
  l2: number;
  l2Factors: number;
  spread: number;
  seed: number;
}

/** What a factorisation machine knows; factors are width x factors. */
export interface FactorState {
  intercept: number;
  weights: Float64Array;
  factors: Float64Array;
}

/** Where the factors of a feature begin: as `make` in the kernel. */
export function firstFactors(width: number, { factors, spread, seed }: FactorRule): Float64Array {
  return Float64Array.from({ length: width * factors }, (_, at) => {
    const [feature, f] = [Math.floor(at / factors), at % factors];
    const from = mixed(feature ^ mixed(seed));
    return spread * ((mixed(from + Math.imul(f, 0x9e3779b9)) >>> 8) * 2 ** -23 - 1);
  });
}

function mixed(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}

/** Intercept, weights, and the product of factors of every pair: by pairs, as equation 1 of Rendle says it. */
export function factorScore(state: FactorState, k: number, x: SparseRows, row: number): number {
  const [from, to] = [x.offsets[row], x.offsets[row + 1]];
  let z = state.intercept;
  for (let a = from; a < to; a++) {
    const [i, xi] = [x.indices[a], x.values?.[a] ?? 1];
    z += state.weights[i] * xi;
    for (let b = a + 1; b < to; b++) {
      const [j, xj] = [x.indices[b], x.values?.[b] ?? 1];
      for (let f = 0; f < k; f++) z += state.factors[i * k + f] * state.factors[j * k + f] * xi * xj;
    }
  }
  return z;
}

/** Plain twin of the kernel `factors`: one pass over the rows, in double precision. */
export function factorPass(
  rule: FactorRule,
  { x, y, weights: counts }: SparseData,
): FactorState & { loss: number } {
  const k = rule.factors;
  const state = {
    intercept: 0,
    weights: new Float64Array(x.width),
    factors: firstFactors(x.width, rule),
    loss: 0,
  };
  const squares = { weights: new Float64Array(x.width + 1), factors: new Float64Array(x.width * k) };
  const stepOf = (sums: Float64Array, at: number, g: number, c: number): number => {
    sums[at] += c * g * g;
    return (c * rule.eta) / (Math.sqrt(sums[at]) + 1e-8);
  };
  for (let row = 0; row < x.rows; row++) {
    const z = factorScore(state, k, x, row);
    const c = counts?.[row] ?? 1;
    const d = rule.loss === 'squared' ? z - y[row] : 1 / (1 + Math.exp(-z)) - y[row];
    state.loss +=
      c *
      (rule.loss === 'squared'
        ? (d * d) / 2
        : Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y[row] * z);
    const sums = sumsOf(state, k, x, row);
    for (let at = x.offsets[row]; at < x.offsets[row + 1]; at++) {
      const [i, xi] = [x.indices[at], x.values?.[at] ?? 1];
      for (let f = 0; f < k; f++) {
        const v = state.factors[i * k + f];
        const g = d * xi * (sums[f] - v * xi);
        const rate = stepOf(squares.factors, i * k + f, g, c);
        state.factors[i * k + f] = (v - rate * g) / (1 + rate * rule.l2Factors);
      }
      const rate = stepOf(squares.weights, i, d * xi, c);
      state.weights[i] = (state.weights[i] - rate * d * xi) / (1 + rate * rule.l2);
    }
    state.intercept -= stepOf(squares.weights, x.width, d, c) * d;
  }
  return state;
}

function sumsOf(state: FactorState, k: number, x: SparseRows, row: number): Float64Array {
  const sums = new Float64Array(k);
  for (let at = x.offsets[row]; at < x.offsets[row + 1]; at++)
    for (let f = 0; f < k; f++) sums[f] += state.factors[x.indices[at] * k + f] * (x.values?.[at] ?? 1);
  return sums;
}
