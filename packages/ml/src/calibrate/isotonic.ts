import { MlError } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { CalibrationRows, Calibrator } from './calibrator.ts';

const KIND = 'isotonic';
const VERSION = 1;

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
 */
export function pooledAdjacentViolators(x: ArrayLike<number>, y: ArrayLike<number>): Block[] {
  const blocks: Block[] = [];
  for (const next of ties(x, y)) {
    blocks.push(next);
    for (let last = blocks.length - 1; last > 0 && blocks[last - 1].y >= blocks[last].y; last--) {
      const [a, b] = blocks.splice(last - 1, 2) as [Block, Block]; // both are there: last > 0
      blocks.push(merged(a, b));
    }
  }
  return blocks;
}

function ties(x: ArrayLike<number>, y: ArrayLike<number>): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < x.length; i++) {
    const row = { n: 1, x: x[i], y: y[i] };
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
 */
export function isotonic({ logOdds, target }: CalibrationRows): Calibrator {
  if (logOdds.length === 0) throw new MlError('ml.no_rows', 'there are no rows to calibrate on');
  const order = Uint32Array.from(logOdds, (_, i) => i).sort((a, b) => logOdds[a] - logOdds[b]);
  const blocks = pooledAdjacentViolators(
    Float64Array.from(order, i => logOdds[i]),
    Float64Array.from(order, i => target[i]),
  );
  const edge = 1 / (logOdds.length + 2);
  const y = Float64Array.from(blocks, block => Math.min(1 - edge, Math.max(edge, block.y)));
  return calibratorOf(
    Float64Array.from(blocks, block => block.x),
    y,
  );
}

function calibratorOf(x: Float64Array, y: Float64Array): Calibrator {
  const apply = (at: number): number => interpolated(x, y, at);
  return {
    kind: KIND,
    apply,
    interval: (at, deviation, z) => ({ low: apply(at - z * deviation), high: apply(at + z * deviation) }),
    save: () => ({ kind: KIND, version: VERSION, values: {}, arrays: { x, y }, parts: [] }),
  };
}

/** On the line between the two nearest points; beyond the outermost, their value. */
function interpolated(x: Float64Array, y: Float64Array, at: number): number {
  let [low, high] = [0, x.length - 1];
  if (at <= x[low]) return y[low];
  if (at >= x[high]) return y[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  const [x0 = 0, x1 = 1, y0 = 0, y1 = 0] = [x[low], x[high], y[low], y[high]];
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}

export function loadIsotonic(saved: Saved): Calibrator {
  const reader = new SavedReader(saved, KIND, VERSION);
  const x = reader.array('x');
  const y = reader.array('y', x.length);
  const ascends = x.length > 0 && x.every((value, i) => i === 0 || value > (x[i - 1] ?? value));
  if (!ascends || y.some(p => p < 0 || p > 1))
    throw new MlError('ml.bad_model', 'the saved isotonic is damaged');
  return calibratorOf(x, y);
}
