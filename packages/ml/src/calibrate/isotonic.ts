import { MlError } from '../errors.ts';
import { ascending } from '../metrics/order.ts';
import { wilson } from '../metrics/probability.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { CalibrationRows, Calibrator } from './calibrator.ts';

const KIND = 'isotonic';
const VERSION = 2;

/** Rows that share one fitted value. */
export interface Block {
  /** How many rows, or their weight. */
  n: number;
  /** Mean position on the x axis. */
  x: number;
  /** Fitted value: the mean of their y. */
  y: number;
}

/**
 * The never-decreasing step function nearest to `y` in least squares, by pooling adjacent violators (Ayer and others
 * 1955). `x` ascends; rows of equal `x` are pooled first.
 *
 * @param weights of the rows; one each where absent
 */
export function pooledAdjacentViolators(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Block[] {
  const blocks: Block[] = [];
  for (const next of ties(x, y, weights)) {
    blocks.push(next);
    for (let last = blocks.length - 1; last > 0 && blocks[last - 1].y >= blocks[last].y; last--) {
      const [a, b] = blocks.splice(last - 1, 2) as [Block, Block]; // both are there: last > 0
      blocks.push(merged(a, b));
    }
  }
  return blocks;
}

function ties(x: ArrayLike<number>, y: ArrayLike<number>, weights?: ArrayLike<number>): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < x.length; i++) {
    const row = { n: weights?.[i] ?? 1, x: x[i], y: y[i] };
    if (row.n === 0) continue;
    const last = blocks.at(-1);
    if (last?.x === row.x) blocks[blocks.length - 1] = merged(last, row);
    else blocks.push(row);
  }
  return blocks;
}

function merged(a: Block, b: Block): Block {
  const n = a.n + b.n;
  // equal positions stay what they are: a mean would round
  return { n, x: a.x === b.x ? a.x : (a.n * a.x + b.n * b.x) / n, y: (a.n * a.y + b.n * b.y) / n };
}

/**
 * Isotonic calibration (Zadrozny and Elkan 2002), read between the middles of its blocks along straight lines, so that
 * customers of different scores keep different probabilities. Never certain: values stay 1/(n + 2) away from 0 and 1.
 * Its intervals hold how far each block's share may be off (Wilson 1927).
 */
export function isotonic({ logOdds, target, weights }: CalibrationRows): Calibrator {
  if (logOdds.length === 0) throw new MlError('ml.no_rows', 'there are no rows to calibrate on');
  const order = ascending(logOdds);
  const blocks = pooledAdjacentViolators(
    Float64Array.from(order, i => logOdds[i]),
    Float64Array.from(order, i => target[i]),
    weights && Float64Array.from(order, i => weights[i]),
  );
  const edge = 1 / (blocks.reduce((sum, block) => sum + block.n, 0) + 2);
  return calibratorOf({
    x: Float64Array.from(blocks, block => block.x),
    y: Float64Array.from(blocks, block => Math.min(1 - edge, Math.max(edge, block.y))),
    n: Float64Array.from(blocks, block => block.n),
  });
}

/** The middles of the blocks, their values, and how many rows each holds (0 where that was not kept). */
interface Steps {
  x: Float64Array;
  y: Float64Array;
  n: Float64Array;
}

function calibratorOf({ x, y, n }: Steps): Calibrator {
  const apply = (at: number): number => interpolated(x, i => y[i], at);
  return {
    kind: KIND,
    apply,
    interval: (at, deviation, z) => {
      const bound = (side: 'low' | 'high'): number =>
        interpolated(x, i => (n[i] > 0 ? wilson(y[i] * n[i], n[i], z)[side] : y[i]), at);
      const p = apply(at);
      const below = Math.hypot(p - apply(at - z * deviation), p - bound('low'));
      const above = Math.hypot(apply(at + z * deviation) - p, bound('high') - p);
      return { low: Math.max(0, p - below), high: Math.min(1, p + above) };
    },
    save: () => ({ kind: KIND, version: VERSION, values: {}, arrays: { x, y, n }, parts: [] }),
  };
}

/** On the line between the two nearest points; beyond the outermost, their value. */
function interpolated(x: Float64Array, y: (i: number) => number, at: number): number {
  let [low, high] = [0, x.length - 1];
  if (at <= x[low]) return y(low);
  if (at >= x[high]) return y(high);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  const [from, to] = [y(low), y(high)];
  return from + ((to - from) * (at - x[low])) / (x[high] - x[low]);
}

/** Also of version 1, which did not keep how many rows a block holds. */
export function loadIsotonic(saved: Saved): Calibrator {
  const isFirst = saved.version === 1;
  const reader = new SavedReader(saved, KIND, isFirst ? 1 : VERSION);
  const x = reader.array('x');
  const y = reader.array('y', x.length);
  const n = isFirst ? new Float64Array(x.length) : reader.array('n', x.length);
  const ascends = x.length > 0 && x.every((value, i) => i === 0 || value > x[i - 1]);
  if (!ascends || y.some(p => p < 0 || p > 1) || n.some(count => count < 0))
    throw new MlError('ml.bad_model', 'the saved isotonic is damaged');
  return calibratorOf({ x, y, n });
}
