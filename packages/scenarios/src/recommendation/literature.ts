import type { Figure, RecommendationTrial, Work } from '@bellwether/contracts';
import {
  als,
  blend,
  ease,
  itemKnn,
  popularity,
  randomWalk,
  Rng,
  sparseOf,
  sparseRowsAt,
  type Interactions,
  type RecommenderEstimator,
} from '@bellwether/ml';
import { compared, estimateOf, figuresOf, meanOf, testedRows, type Measured } from './measure.ts';

/** What is learned from and what is to be found: users and items have the same numbers in both. */
export interface Split {
  train: Interactions;
  test: Interactions;
}

/** Data of the literature on recommendation, as its authors cut it. */
export interface LiteratureData extends Split {
  name: string;
  /** How it was cut. */
  said: string;
  /** The figure that decides on the validation part. */
  decides: 'ndcg10' | 'recall20';
}

export interface LiteratureResult {
  figures: Figure[];
  trials: RecommendationTrial[];
  users: number;
  items: number;
  tested: number;
}

/** Of the interactions of each user, held back for the test, and of what is left, for the choice of parameters. */
const [TEST_SHARE, VALIDATION_SHARE] = [0.25, 0.2];
const LONG = 20;

/**
 * The data in these texts, where they are known: ratings as MovieLens writes them (user, item, rating, second), of which
 * a quarter of each user's is held back at random; or two files of user, item and count, to learn from and to find.
 *
 * @returns nothing for files of another kind
 */
export function literatureOf(texts: readonly string[]): LiteratureData | undefined {
  const [first, second] = texts.map(text => linesOf(text));
  if (texts.length === 1 && isAll(first, 4) && first.every(([, , rating]) => rating >= 1 && rating <= 5))
    return movieLens(first);
  return texts.length === 2 && isAll(first, 3) && isAll(second, 3) ? counted(first, second) : undefined;
}

function linesOf(text: string): number[][] {
  return text
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number));
}

function isAll(lines: readonly number[][], fields: number): boolean {
  return lines.every(
    line => line.length === fields && line.every(value => Number.isInteger(value) && value >= 0),
  );
}

/** Every rating counts as an interaction, whatever its value. */
function movieLens(lines: readonly number[][]): LiteratureData {
  const all = rowsOf(lines.map(([user, item]) => [user, item, 1]));
  const said =
    'a quarter of the ratings of each user at random is to be found; every rating is an interaction';
  return { name: 'MovieLens', said, decides: 'ndcg10', ...randomSplit(all, TEST_SHARE, new Rng(42)) };
}

function counted(train: readonly number[][], test: readonly number[][]): LiteratureData {
  const logged = (lines: readonly number[][]): number[][] =>
    lines.map(([user, item, count]) => [user, item, Math.log1p(count)]);
  const both = [...train, ...test];
  const size = { users: 1 + most(both, 0), items: 1 + most(both, 1) };
  const split = { train: rowsOf(logged(train), size), test: rowsOf(logged(test), size) };
  return { name: 'counts', said: 'the split of its authors', decides: 'recall20', ...split };
}

function most(lines: readonly number[][], field: number): number {
  return lines.reduce((largest, line) => Math.max(largest, line[field]), 0);
}

function rowsOf(
  lines: readonly number[][],
  { users, items } = { users: 1 + most(lines, 0), items: 1 + most(lines, 1) },
): Interactions {
  const rows = Array.from({ length: users }, (): [item: number, value: number][] => []);
  for (const [user, item, value] of lines) rows[user].push([item, value]);
  for (const row of rows) row.sort(([a], [b]) => a - b);
  return sparseOf(items, rows);
}

/** Items that nobody has in the part that is learned from are taken out of the other. */
function randomSplit(all: Interactions, share: number, rng: Rng): Split {
  const held = new Uint8Array(all.indices.length);
  for (let row = 0; row < all.rows; row++) {
    const [from, count] = [all.offsets[row], all.offsets[row + 1] - all.offsets[row]];
    for (const at of rng.permutation(count).subarray(0, Math.round(share * count))) held[from + at] = 1;
  }
  const train = kept(all, at => held[at] === 0);
  const known = new Set(train.indices);
  return { train, test: kept(all, at => held[at] === 1 && known.has(all.indices[at])) };
}

function kept(
  { rows, width, offsets, indices, values }: Interactions,
  keeps: (at: number) => boolean,
): Interactions {
  return sparseOf(
    width,
    Array.from({ length: rows }, (_, row) => {
      const places = Array.from({ length: offsets[row + 1] - offsets[row] }, (_place, i) => offsets[row] + i);
      return places.filter(keeps).map(at => [indices[at], values?.[at] ?? 1] as const);
    }),
  );
}

interface Competitor {
  method: RecommenderEstimator;
  found: Measured;
  quality: number;
}

/**
 * Lets methods compete on a fifth of what may be learned from, learns the best from all of it and measures it once on the
 * test, beside what is popular. Nothing is chosen by the test.
 */
export async function evaluateLiterature(data: LiteratureData, work: Work = {}): Promise<LiteratureResult> {
  const inner = randomSplit(data.train, VALIDATION_SHARE, new Rng(43));
  const field: Competitor[] = [];
  const plain = methods();
  const steps = plain.length + BLENDS.length;
  const tried = async (method: RecommenderEstimator): Promise<void> => {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: field.length, total: steps, unit: 'methods', step: 'train.fit' });
    const found = await judged(method, inner);
    field.push({ method, found, quality: meanOf(found[data.decides]) });
  };
  for (const method of plain) await tried(method);
  const parts = bestOfEach(field);
  for (const weight of BLENDS) await tried(blend({ parts, weights: [1, weight] }));
  const ranked = [...field].sort((a, b) => b.quality - a.quality);
  const [model, baseline] = [await judged(ranked[0].method, data), await judged(popularity(), data)];
  return {
    figures: await figuresOf(model, baseline, { seed: 1, signal: work.signal }),
    trials: ranked.map(({ method: { name, parameters }, found }, at) => ({
      ...{ name, parameters: { ...parameters }, ndcg_10: estimateOf(found.ndcg10), chosen: at === 0 },
    })),
    users: testedRows(data.train).length,
    items: new Set(data.train.indices).size,
    tested: model.ndcg10.length,
  };
}

/** How much the second best kind counts beside the best. */
const BLENDS = [0.3, 0.6, 1];

function methods(): RecommenderEstimator[] {
  return [
    popularity(),
    ...[50, 200].map(neighbours => itemKnn({ neighbours, weighting: 'tfidf' })),
    ...[0.2, 0.3, 0.5].flatMap(beta => [0.6, 0.8].map(alpha => randomWalk({ neighbours: 500, alpha, beta }))),
    ...[10, 30].flatMap(l2 => [4, 8].map(alpha => als({ factors: 32, alpha, l2 }))),
    ...[6, 12, 24].map(l2 => als({ factors: 64, alpha: 3, l2, scaling: 0.5, iterations: 20 })),
    ...[200, 400, 800].map(l2 => ease({ l2, dropout: 0.5 })),
    ...[30, 120].map(l2 => ease({ l2, dropout: 2 })),
  ];
}

/** The best of the two best kinds. */
function bestOfEach(field: readonly Competitor[]): [RecommenderEstimator, RecommenderEstimator] {
  const ranked = [...field].sort((a, b) => b.quality - a.quality);
  const [first] = ranked;
  const second = ranked.find(({ method }) => method.name !== first.method.name) ?? first;
  return [first.method, second.method];
}

async function judged(method: RecommenderEstimator, { train, test }: Split): Promise<Measured> {
  const model = await method.fit(train, { rng: new Rng(1) });
  const rows = testedRows(test);
  const lists = model.recommend(sparseRowsAt(train, rows), { k: LONG });
  return compared({ lists, truth: sparseRowsAt(test, rows), before: train });
}
