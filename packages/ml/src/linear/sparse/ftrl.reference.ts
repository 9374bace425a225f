import type { FtrlRule } from './ftrl.ts';
import type { SparseData } from './stage.ts';
import { LOSS, ROWS, WEIGHT, type State } from './state.ts';

/** The weight that z and the root of n stand for. */
export function ftrlWeight(z: number, root: number, { alpha, beta, l1, l2 }: FtrlRule): number {
  const over = Math.abs(z) - l1;
  return over > 0 ? (-Math.sign(z) * over) / ((beta + root) / alpha + l2) : 0;
}

/** Plain twin of the kernel `ftrl`, in double precision: one pass over the rows; changes `state`. */
export function ftrlPass(rule: FtrlRule, state: State, { x, y, weights }: SparseData): void {
  const { own } = state;
  const [table] = state.tables;
  const free = { ...rule, l1: 0, l2: 0 };
  for (let row = 0; row < x.rows; row++) {
    const entries = Array.from({ length: x.offsets[row + 1] - x.offsets[row] }, (_, k) => x.offsets[row] + k);
    const w = entries.map(at => ftrlWeight(table[2 * x.indices[at]], table[2 * x.indices[at] + 1], rule));
    const bias = ftrlWeight(own[3], own[4], free);
    const z = entries.reduce((sum, at, k) => sum + w[k] * (x.values?.[at] ?? 1), bias);
    const [d, c] = [1 / (1 + Math.exp(-z)) - y[row], weights?.[row] ?? 1];
    own[LOSS] = own[LOSS] + c * (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y[row] * z);
    own[WEIGHT] = own[WEIGHT] + c;
    own[ROWS] = own[ROWS] + 1;
    entries.forEach((at, k) =>
      ftrlChange(table, 2 * x.indices[at], d * (x.values?.[at] ?? 1), c, w[k], rule.alpha),
    );
    ftrlChange(own, 3, d, c, bias, rule.alpha);
  }
}

/** z and the root of n at `at` after a slope g that counts c times. */
function ftrlChange(
  cells: Float32Array | Float64Array,
  at: number,
  g: number,
  c: number,
  w: number,
  alpha: number,
): void {
  const root = cells[at + 1];
  const next = Math.sqrt(root * root + c * g * g);
  cells[at] = cells[at] + c * g - ((next - root) / alpha) * w;
  cells[at + 1] = next;
}
