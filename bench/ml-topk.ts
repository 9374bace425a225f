import { approximateIndex, exactIndex, Rng, type ItemIndex } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const FACTORS = 64;
const K = 20;
const QUERIES = 200;
const ROUNDS = 3;

/** The 20 items with the largest inner product, one query at a time, on one thread. */
export const bench: Bench = {
  title: 'top-20 of items x 64 factors, one query at a time, beside numpy (BLAS and argpartition)',
  async run(report) {
    const points: [number, number][] = [];
    for (const items of [10_000, 100_000, 1_000_000]) {
      const [vectors, queries] = made(items);
      const p50 = await exact(items, vectors, queries, report);
      points.push([items, p50]);
      await approximate(items, vectors, queries, p50, report);
    }
    report({ work: 'growth of the exact search', ours: growthExponent(points), unit: 'exponent' });
  },
};

async function exact(
  items: number,
  vectors: Float32Array,
  queries: Float32Array,
  report: Report,
): Promise<number> {
  const index = exactIndex(vectors, FACTORS);
  const arrays = {
    vectors: { values: vectors, shape: [items, FACTORS] },
    queries: { values: queries, shape: [QUERIES, FACTORS] },
  };
  return withPeer('topk', { arrays, threads: 1 }, async peer => {
    const { ours, theirs } = await beside(
      ROUNDS,
      () => ownSearches(index, queries),
      () => peer.run({ k: K }),
    );
    const other = theirs === NOT_AVAILABLE ? undefined : theirs;
    const quality = other ? (other['found'] === ours['found'] ? 'same items' : 'other items') : NOT_AVAILABLE;
    for (const name of ['p50', 'p99'])
      report({
        work: `exact, ${items} items, ${name}`,
        ours: ours[name] * 1000,
        ...(other ? { peer: other[name] * 1000 } : {}),
        unit: 'ms',
        quality,
      });
    return ours['p50'];
  });
}

async function approximate(
  items: number,
  vectors: Float32Array,
  queries: Float32Array,
  exactP50: number,
  report: Report,
): Promise<void> {
  const built: { index?: ReturnType<typeof approximateIndex> } = {};
  // other queries than those that are measured
  const sample = madeQueries(new Rng(99), meansOf());
  const build = await seconds(() => {
    built.index = approximateIndex(vectors, FACTORS, { recall: 0.96, sample });
  });
  const { index } = built;
  if (index === undefined) return;
  const found = await ownSearches(index, queries);
  const truth = exactIndex(vectors, FACTORS).search(queries, { k: K }).items;
  const quality = `recall@20 ${recallOf(index, queries, truth).toFixed(3)}, ${index.probes} cells; built in ${build.toFixed(1)} s; peer is our exact search`;
  report({
    work: `approximate, ${items} items, p50`,
    ours: found['p50'] * 1000,
    peer: exactP50 * 1000,
    unit: 'ms',
    quality,
  });
  report({ work: `approximate, ${items} items, p99`, ours: found['p99'] * 1000, unit: 'ms' });
}

function recallOf(index: ItemIndex, queries: Float32Array, truth: Uint32Array): number {
  const { items } = index.search(queries, { k: K });
  let hits = 0;
  for (let row = 0; row < QUERIES; row++) {
    const own = new Set(items.subarray(row * K, row * K + K));
    for (let at = row * K; at < row * K + K; at++) if (own.has(truth[at])) hits++;
  }
  return hits / truth.length;
}

async function ownSearches(index: ItemIndex, queries: Float32Array): Promise<Run> {
  const times: number[] = [];
  return ownRun(
    async () => {
      let found = 0;
      for (let at = 0; at < queries.length; at += FACTORS) {
        const started = performance.now();
        const { items } = index.search(queries.subarray(at, at + FACTORS), { k: K });
        times.push((performance.now() - started) / 1000);
        found += items.reduce((sum, item) => sum + item, 0);
      }
      return found;
    },
    found => ({ found, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }),
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Means of the groups that items and users are spread around. */
function meansOf(): Float32Array {
  const rng = new Rng(5);
  // factors of lesser rank matter less, as those of real interactions do
  return Float32Array.from(
    { length: 300 * FACTORS },
    (_, at) => rng.normal() / Math.sqrt(1 + (at % FACTORS) / 4),
  );
}

function made(items: number): [vectors: Float32Array, queries: Float32Array] {
  const [rng, means] = [new Rng(7), meansOf()];
  const vectors = new Float32Array(items * FACTORS);
  for (let i = 0; i < items; i++) {
    const [group, length] = [rng.integer(300) * FACTORS, 0.4 + rng.uniform()];
    for (let j = 0; j < FACTORS; j++)
      vectors[i * FACTORS + j] = length * (means[group + j] + (0.7 * rng.normal()) / Math.sqrt(1 + j / 4));
  }
  return [vectors, madeQueries(rng, means)];
}

function madeQueries(rng: Rng, means: Float32Array): Float32Array {
  const queries = new Float32Array(QUERIES * FACTORS);
  for (let i = 0; i < QUERIES; i++) {
    const groups = [rng.integer(300), rng.integer(300)];
    for (let j = 0; j < FACTORS; j++)
      queries[i * FACTORS + j] =
        means[groups[0] * FACTORS + j] +
        0.5 * means[groups[1] * FACTORS + j] +
        (0.5 * rng.normal()) / Math.sqrt(1 + j / 4);
  }
  return queries;
}
