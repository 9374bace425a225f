import type { Rng } from '../../random/rng.ts';
import type { Growth } from './grow.ts';

/** Rows by bins, for the plain twin of kernels/grow.ts: columns of bins, 0 where a value is missing. */
export interface BinnedRows {
  bins: readonly Uint8Array[];
  categorical: readonly boolean[];
  target: Float32Array;
  weights: Float64Array;
  /** Of classes; empty where the target is a number. */
  scales: Float64Array;
}

/** A question and what follows, or a leaf. */
export interface PlainNode {
  sums: number[];
  column: number;
  /** The bins that go left. */
  lefts: ReadonlySet<number>;
  gain: number;
  children: readonly [PlainNode, PlainNode] | undefined;
}

interface Question {
  gain: number;
  column: number;
  lefts: ReadonlySet<number>;
}

/** Grows one tree as the kernel does where leaves are not limited, by trying every question anew at every node. */
export function growPlainly(data: BinnedRows, growth: Growth, rng: Rng): PlainNode {
  const order = Array.from(data.bins, (_, column) => column);
  const rows = Array.from(data.weights.keys()).filter(row => data.weights[row] > 0);
  const least = growth.minGain * scaledWeight(sumsOf(data, rows), data);
  const grow = (own: readonly number[], depth: number): PlainNode => {
    const sums = sumsOf(data, own);
    const same = own.every(row => data.target[row] === data.target[own[0]]);
    const leaf = { sums, column: -1, lefts: new Set<number>(), gain: 0, children: undefined };
    if (same || depth >= growth.maxDepth) return leaf;
    const question = search(data, growth, own, sums, least, order, rng);
    if (!question) return leaf;
    const isLeft = (row: number): boolean => question.lefts.has(data.bins[question.column][row]);
    const children = [own.filter(isLeft), own.filter(row => !isLeft(row))] as const;
    return { sums, ...question, children: [grow(children[0], depth + 1), grow(children[1], depth + 1)] };
  };
  return grow(rows, 0);
}

function search(
  data: BinnedRows,
  growth: Growth,
  rows: readonly number[],
  sums: readonly number[],
  least: number,
  order: number[],
  rng: Rng,
): Question | undefined {
  let best: Question | undefined;
  let floor = least - 1e-12 * Math.abs(scoreOf(sums, data, growth));
  const { length } = order;
  for (let left = length; left > 0 && (length - left < growth.perNode || !best); left--) {
    const column = growth.perNode >= length ? length - left : drawn(order, left, rng);
    for (const question of questionsOf(data, growth, rows, sums, column))
      if (question.gain > floor) {
        best = question;
        floor = question.gain;
      }
  }
  return best;
}

/** One of the first columns of the order, which goes behind them. */
function drawn(order: number[], left: number, rng: Rng): number {
  const place = Math.floor((rng.bits() * left) / 2 ** 32);
  [order[place], order[left - 1]] = [order[left - 1], order[place]];
  return order[left - 1];
}

/** Every question about one column, in the order in which the kernel asks them. */
function* questionsOf(
  data: BinnedRows,
  growth: Growth,
  rows: readonly number[],
  sums: readonly number[],
  column: number,
): Generator<Question> {
  const bins = data.bins[column];
  const cells = new Map(
    [...new Set(rows.map(row => bins[row]))]
      .sort((a, b) => a - b)
      .map(bin => [
        bin,
        sumsOf(
          data,
          rows.filter(row => bins[row] === bin),
        ),
      ]),
  );
  const missing = cells.get(0);
  cells.delete(0);
  const before = scoreOf(sums, data, growth);
  for (const listed of ordersOf(cells, data, column))
    for (const missingLeft of missing ? [false, true] : [false])
      for (let n = 1; n < listed.length + Number(missing !== undefined && !missingLeft); n++) {
        const lefts = [...listed.slice(0, n), ...(missingLeft ? [0] : [])];
        const left = sums.map((_, k) =>
          lefts.reduce((sum, bin) => sum + ((bin === 0 ? missing : cells.get(bin))?.[k] ?? 0), 0),
        );
        const right = sums.map((sum, k) => sum - left[k]);
        if (weightOf(left, data) < growth.minLeaf || weightOf(right, data) < growth.minLeaf) continue;
        const gain = scoreOf(left, data, growth) + scoreOf(right, data, growth) - before;
        yield { gain, column, lefts: new Set(lefts) };
      }
}

/** The bins in their order; of categories in order of a class's share, once for each class where there are more than two. */
function ordersOf(cells: ReadonlyMap<number, number[]>, data: BinnedRows, column: number): number[][] {
  const bins = [...cells.keys()];
  if (!data.categorical[column]) return [bins];
  const share = (bin: number, k: number): number => {
    const cell = cells.get(bin) ?? [];
    return cell[k] / weightOf(cell, data);
  };
  const classes = data.scales.length > 2 ? Array.from(data.scales.keys()) : [1];
  let last = bins;
  return classes.map(k => (last = last.toSorted((a, b) => share(a, k) - share(b, k))));
}

function sumsOf({ target, weights, scales }: BinnedRows, rows: readonly number[]): number[] {
  const sums = Array<number>(Math.max(2, scales.length)).fill(0);
  for (const row of rows)
    if (scales.length > 0) sums[target[row]] += weights[row];
    else {
      sums[0] += weights[row];
      sums[1] += weights[row] * target[row];
    }
  return sums;
}

function weightOf(sums: readonly number[], { scales }: BinnedRows): number {
  return scales.length > 0 ? sums.reduce((total, sum) => total + sum, 0) : sums[0];
}

function scaledWeight(sums: readonly number[], { scales }: BinnedRows): number {
  return scales.length > 0 ? sums.reduce((total, sum, k) => total + sum * scales[k], 0) : sums[0];
}

/** The larger, the purer: the negative impurity times the weight, but for what all questions share. */
function scoreOf(sums: readonly number[], data: BinnedRows, { criterion }: Growth): number {
  if (criterion === 'squared') return sums[1] ** 2 / sums[0];
  const scaled = sums.map((sum, k) => sum * data.scales[k]);
  const total = scaled.reduce((all, sum) => all + sum, 0);
  if (criterion === 'gini') return scaled.reduce((all, sum) => all + sum * sum, 0) / total;
  const part = (value: number): number => (value > 0 ? value * Math.log(value) : 0);
  return scaled.reduce((all, sum) => all + part(sum), 0) - part(total);
}
