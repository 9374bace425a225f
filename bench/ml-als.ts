import { als, Rng, type FactorRecommender, type SparseRows } from '@bellwether/ml';
import { alsLoss } from '../packages/ml/src/recommend/least-squares.ts';
import { factorsOf } from '../packages/ml/src/recommend/factors.ts';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const METHOD = { factors: 64, iterations: 10, alpha: 1, l2: 0.01, scaling: 0, steps: 3 };
const ROUNDS = 5;

/** Users and items of a power law; the same work, the same loss, as implicit's conjugate gradients. */
export const bench: Bench = {
  title: 'implicit ALS, 64 factors, 10 iterations of 3 steps, beside implicit',
  async run(report) {
    const data = madeInteractions(20_000, 10_000, 2_000_000);
    for (const threads of [1, 2]) await besidePeer(data, threads, report);
    await growth(report);
  },
};

async function besidePeer(data: SparseRows, threads: number, report: Report): Promise<void> {
  const { rows, width, offsets, indices } = data;
  const values = data.values ?? new Float32Array(); // made with values
  const parameters = { ...METHOD, users: rows, items: width };
  await withPeer('als', { arrays: { offsets, indices, values }, threads }, async peer => {
    const { ours, theirs } = await beside(
      ROUNDS,
      () => ownFit(data, threads),
      () => peer.run(parameters),
    );
    const other = theirs === NOT_AVAILABLE ? undefined : theirs;
    const quality = `loss ${lossOf(ours)}, peer ${other ? lossOf(other) : NOT_AVAILABLE}`;
    const work = `${rows} x ${width}, ${indices.length} interactions, ${threads} thread${threads > 1 ? 's' : ''}`;
    for (const [name, unit] of [
      ['seconds', 's'],
      ['cpu_seconds', 'CPU s'],
      ['peak_rss_mb', 'MB'],
    ] as const)
      report({ work, ours: ours[name], ...(other ? { peer: other[name] } : {}), unit, quality });
  });
}

function ownFit(data: SparseRows, threads: number): Promise<Run> {
  return ownRun(
    () => als(METHOD).fit(data, { threads }),
    model => ({ loss: lossBy(data, model) }),
  );
}

function lossBy(data: SparseRows, model: FactorRecommender): number {
  return alsLoss(data, factorsOf(model.factors, model.userFactors, model.itemFactors), METHOD);
}

function lossOf({ loss }: Run): string {
  return Math.round(loss).toString();
}

async function growth(report: Report): Promise<void> {
  const points: [number, number][] = [];
  for (const times of [1, 10, 100]) {
    const data = madeInteractions(400 * times, 200 * Math.ceil(Math.sqrt(times) * 5), 40_000 * times);
    const { cpu_seconds } = await ownFit(data, 1);
    points.push([data.indices.length, cpu_seconds]);
    report({ work: `${data.indices.length} interactions, 1 thread`, ours: cpu_seconds, unit: 'CPU s' });
  }
  report({ work: 'growth from 1x to 100x the interactions', ours: growthExponent(points), unit: 'exponent' });
}

/** Items by Zipf's law, users' activity log-normal; strengths 1 to 4. */
function madeInteractions(users: number, items: number, entries: number): SparseRows {
  const rng = new Rng(1);
  const cumulated = new Float64Array(items);
  cumulated.forEach((_, i) => (cumulated[i] = (cumulated[i - 1] ?? 0) + (i + 20) ** -0.8));
  const activity = Float64Array.from({ length: users }, () => Math.exp(0.9 * rng.normal()));
  const all = activity.reduce((sum, each) => sum + each, 0);
  const rows = Array.from(activity, each => {
    const wanted = Math.min(items * 0.3, Math.max(1, Math.round((each / all) * entries)));
    const own = new Set<number>();
    for (let draw = 0; own.size < wanted && draw < 4 * wanted; draw++)
      own.add((placeOf(cumulated, rng.uniform() * cumulated[items - 1]) * 7919) % items);
    return Uint32Array.from(own).sort();
  });
  const offsets = new Uint32Array(users + 1);
  rows.forEach((row, at) => (offsets[at + 1] = offsets[at] + row.length));
  const indices = new Uint32Array(offsets[users]);
  rows.forEach((row, at) => indices.set(row, offsets[at]));
  return {
    rows: users,
    width: items,
    offsets,
    indices,
    values: Float32Array.from(indices, () => 1 + rng.integer(4)),
  };
}

/** The first place whose sum is not below. */
function placeOf(cumulated: Float64Array, sum: number): number {
  let [low, high] = [0, cumulated.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulated[middle] < sum) low = middle + 1;
    else high = middle;
  }
  return low;
}
