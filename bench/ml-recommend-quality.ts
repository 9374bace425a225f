import {
  als,
  blend,
  bpr,
  coverage,
  ease,
  itemKnn,
  listMetrics,
  novelty,
  popularity,
  randomWalk,
  Rng,
  sequential,
  slim,
  sparseOf,
  type Interactions,
  type RecommenderEstimator,
} from '@bellwether/ml';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import type { Bench, Report } from './lib/bench.ts';

/** What is learned from, and what is to be found; users and items have the same numbers in both. */
export interface Split {
  train: Interactions;
  test: Interactions;
}

interface Task {
  name: string;
  k: number;
  metric: 'ndcg' | 'recall' | 'hitRate';
  /** Known figures, to be read beside ours. */
  known: string;
  split: Split;
  /** Divides the training part alone in the same manner: parameters are chosen on it. */
  validation: Split;
  methods: readonly (readonly RecommenderEstimator[])[];
}

const DATA = fileURLToPath(new URL('../../shared/data/recommendation/', import.meta.url));

/**
 * MovieLens-100k: every rating is a positive, whatever its value (rating_threshold 1.0 of cornac); 75 % of each user's
 * ratings at random are learned from, k = 10, items unknown to the training part are taken out of the test part
 * (exclude_unknowns), items that a user rated in the training part are not recommended, the mean is over users with
 * something to be found. LastFM: the split of LightGCN, k = 20. Next item: MovieLens by time, the last of each user is
 * to be found by all before it.
 *
 * Parameters of each method are chosen from the few listed, on a validation part of the training part (20 % of each
 * user's interactions, or the last but one); then it learns from the whole training part and is measured once.
 */
export const bench: Bench = {
  title: 'recommendation: quality on MovieLens-100k and LastFM, parameters chosen inside the training part',
  async run(report) {
    await movieLens(report);
    await lastFm(report);
  },
};

async function movieLens(report: Report): Promise<void> {
  const ratings = readLines('ml-100k/u.data.gz', /\t/);
  if (ratings === undefined) return skipped('MovieLens-100k', report);
  const all = grouped(ratings, 943, 1682, ([user, item, , time]) => [user - 1, item - 1, 1, time]);
  const split = randomSplit(all, 0.25, new Rng(42));
  const l2s = [100, 200, 400, 800];
  await measured(report, {
    name: 'MovieLens-100k nDCG@10',
    k: 10,
    metric: 'ndcg',
    known: 'goal .475; published: BPR .442, BiVAE .475',
    split,
    validation: randomSplit(split.train, 0.2, new Rng(43)),
    methods: [
      [popularity()],
      [50, 100, 200].map(neighbours => itemKnn({ neighbours, weighting: 'tfidf' })),
      [0.3, 0.5, 0.6].map(beta => randomWalk({ beta })),
      [0.01, 0.02].map(l2 => bpr({ factors: 64, l2 })),
      [3, 10, 30].flatMap(l2 => [2, 4, 8].map(alpha => als({ factors: 32, alpha, l2 }))),
      l2s.map(l2 => ease({ l2, neighbours: 1682 })),
      l2s.map(l2 => ease({ l2, dropout: 0.5, neighbours: 1682 })),
      [1, 2, 4].flatMap(l1 => [30, 100].map(l2 => slim({ l1, l2 }))),
      [0.25, 0.5, 1].map(weight =>
        blend({
          parts: [ease({ l2: 400, dropout: 0.5 }), als({ factors: 32, alpha: 4, l2: 10 })],
          weights: [1, weight],
        }),
      ),
    ],
  });
  const next = lastSplit(all);
  await measured(report, {
    name: 'MovieLens-100k next item, hit rate@10',
    k: 10,
    metric: 'hitRate',
    known: 'by time, leave one out, all items ranked',
    split: next,
    validation: lastSplit(next.train),
    methods: [
      [popularity(), popularity({ halfLife: 86_400 * 30 })],
      [100, 200].map(neighbours => itemKnn({ neighbours, weighting: 'tfidf' })),
      [100, 400].map(l2 => ease({ l2 })),
      [0.1, 0.3, 0.6].flatMap(share =>
        [2, 5].flatMap(halfLife => [0.3, 0.6].map(p => sequential({ share, halfLife, popularity: p }))),
      ),
    ],
  });
}

async function lastFm(report: Report): Promise<void> {
  const [train, test] = ['lastfm/data1.txt', 'lastfm/test1.txt'].map(file => readLines(file, /\s+/));
  if (!train || !test) return skipped('LastFM', report);
  const of = (lines: number[][]): Interactions =>
    grouped(lines, 1892, 4489, ([user, item, count]) => [user - 1, item - 1, Math.log1p(count), 0]);
  const split = { train: of(train), test: of(test) };
  const factors = (alpha: number, l2: number): RecommenderEstimator =>
    als({ factors: 64, alpha, l2, scaling: 0.5, iterations: 20 });
  await measured(report, {
    name: 'LastFM recall@20',
    k: 20,
    metric: 'recall',
    known: 'goal .28; floor: item-kNN .261',
    split,
    validation: randomSplit(split.train, 0.2, new Rng(44)),
    methods: [
      [popularity()],
      [50, 200].map(neighbours => itemKnn({ neighbours })),
      [0.2, 0.3, 0.4].flatMap(beta => [0.6, 0.8].map(alpha => randomWalk({ neighbours: 500, alpha, beta }))),
      [0.01].map(l2 => bpr({ factors: 64, l2 })),
      [1, 3, 8].flatMap(alpha => [6, 12, 24].map(l2 => factors(alpha, l2))),
      [30, 60, 120].map(l2 => ease({ l2, dropout: 2 })),
      [0.5, 1].flatMap(l1 => [5, 15].map(l2 => slim({ l1, l2 }))),
      [0.3, 0.6, 1].map(weight =>
        blend({
          parts: [factors(3, 12), randomWalk({ neighbours: 500, alpha: 0.6, beta: 0.3 })],
          weights: [1, weight],
        }),
      ),
    ],
  });
}

function skipped(name: string, report: Report): void {
  report({ work: name, ours: NaN, unit: 'skipped', quality: `${DATA} is not there` });
}

async function measured(report: Report, task: Task): Promise<void> {
  const { name, k, metric, split, validation, known } = task;
  for (const candidates of task.methods) {
    const scores: number[] = [];
    for (const candidate of candidates)
      scores.push(candidates.length === 1 ? 0 : (await figures(candidate, validation, k))[metric]);
    const chosen = candidates[scores.indexOf(Math.max(...scores))];
    const found = await figures(chosen, split, k);
    report({
      work: `${name}: ${chosen.name}`,
      ours: found[metric],
      unit: `${metric}, more is better`,
      quality: `${said(found)}; ${JSON.stringify(chosen.parameters)}; ${known}`,
    });
  }
}

async function figures(method: RecommenderEstimator, { train, test }: Split, k: number) {
  const model = await method.fit(train, { rng: new Rng(1) });
  const lists = model.recommend(train, { k });
  return {
    ...listMetrics(lists, test, k),
    coverage: coverage(lists, train.width, k),
    novelty: novelty(lists, train, k),
  };
}

function said(found: Readonly<Record<string, number>>): string {
  return Object.entries(found)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}

export function readLines(file: string, between: RegExp): number[][] | undefined {
  if (!existsSync(DATA + file)) return undefined;
  const bytes = readFileSync(DATA + file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .trim()
    .split('\n')
    .map(line => line.split(between).map(Number));
}

export function grouped(
  lines: number[][],
  users: number,
  items: number,
  read: (fields: number[]) => readonly [user: number, item: number, value: number, time: number],
): Interactions {
  const rows = Array.from({ length: users }, (): [item: number, value: number, time: number][] => []);
  for (const [user, item, value, time] of lines.map(read)) rows[user].push([item, value, time]);
  const sparse = sparseOf(
    items,
    rows.map(row => row.map(([item, value]) => [item, value] as const)),
  );
  return { ...sparse, times: Float64Array.from(rows.flat(), ([, , time]) => time) };
}

/** A share of each user's interactions, drawn at random, is to be found. */
export function randomSplit(all: Interactions, share: number, rng: Rng): Split {
  const held = new Uint8Array(all.indices.length);
  for (let row = 0; row < all.rows; row++) {
    const [from, count] = [all.offsets[row], all.offsets[row + 1] - all.offsets[row]];
    for (const at of rng.permutation(count).subarray(0, Math.round(share * count))) held[from + at] = 1;
  }
  return parted(all, held);
}

/** The last interaction of each user is to be found; who has one only keeps it. */
function lastSplit(all: Interactions): Split {
  const held = new Uint8Array(all.indices.length);
  const { times = new Float64Array(all.indices.length) } = all;
  for (let row = 0; row < all.rows; row++) {
    let last = all.offsets[row];
    for (let at = last; at < all.offsets[row + 1]; at++) if (times[at] >= times[last]) last = at;
    if (all.offsets[row + 1] - all.offsets[row] > 1) held[last] = 1;
  }
  return parted(all, held);
}

/** Items that nobody has in the training part are taken out of the test part. */
function parted(all: Interactions, held: Uint8Array): Split {
  const train = kept(all, at => held[at] === 0);
  const known = new Set(train.indices);
  return { train, test: kept(all, at => held[at] === 1 && known.has(all.indices[at])) };
}

function kept(all: Interactions, keep: (at: number) => boolean): Interactions {
  const offsets = new Uint32Array(all.rows + 1);
  const places: number[] = [];
  for (let row = 0; row < all.rows; row++) {
    for (let at = all.offsets[row]; at < all.offsets[row + 1]; at++) if (keep(at)) places.push(at);
    offsets[row + 1] = places.length;
  }
  return {
    rows: all.rows,
    width: all.width,
    offsets,
    indices: Uint32Array.from(places, at => all.indices[at]),
    values: Float32Array.from(places, at => all.values?.[at] ?? 1),
    times: Float64Array.from(places, at => all.times?.[at] ?? 0),
  };
}
