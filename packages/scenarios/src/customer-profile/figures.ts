import type { Estimate, Figure, Words } from '@bellwether/contracts';
import {
  adjustedRand,
  bootstrap,
  bootstrapAll,
  r2,
  Rng,
  rowsAt,
  silhouette,
  type Table,
} from '@bellwether/ml';
import type { Spenders } from './read.ts';
import { rfmParts, rfmRule } from './rfm.ts';
import { assign, findClusters, scaledBy, type Segmentation } from './segments.ts';

/** Customers whose segments are found again and again. */
const SAMPLE = 3000;
const RESAMPLES = 30;
/** Customers between whom all distances are measured. */
const NEAR = 600;
const ROUNDS = 300;

export const SPEND_SHARE: Words = {
  en: 'share told of what is spent in the next period',
  'zh-CN': '对下一周期消费差异的解释比例',
};

export interface JudgeSettings {
  seed: number;
  signal: AbortSignal | undefined;
}

/** What a segmentation comes to on customers and what they spent next. */
export interface Judgement {
  figures: Figure[];
  /** How much more of the variance it tells than the plain rule. */
  gain: Estimate;
  /** How alike each segment is found again, by cluster. */
  jaccard: Estimate[];
}

/**
 * Three figures, each beside the plain RFM rule of as many groups. The first asks what a customer's group, as known at
 * the moment, tells of ln(1 + spend) in the horizon after it, by the means that were learned a horizon earlier.
 */
export async function judgement(
  segmentation: Segmentation,
  later: Spenders,
  settings: JudgeSettings,
): Promise<Judgement> {
  const { spend, gain } = await spendShares(segmentation, later, settings);
  const again = await foundAgain(segmentation, later.table, settings);
  const apart = await clearness(segmentation, later.table, settings);
  const figure = (
    name: string,
    unit: Figure['unit'],
    words: Words,
    [model, baseline]: readonly [Estimate, Estimate],
  ): Figure => ({ name, unit, words, better: 'higher', model, baseline });
  const stability = {
    en: 'stability over resampling (adjusted Rand)',
    'zh-CN': '重抽样稳定性（调整兰德指数）',
  };
  return {
    figures: [
      figure('spend_share', 'share', SPEND_SHARE, spend),
      figure('stability', 'number', stability, again.rand),
      figure('silhouette', 'number', { en: 'silhouette', 'zh-CN': '轮廓系数' }, apart),
    ],
    gain,
    jaccard: again.jaccard,
  };
}

async function spendShares(
  segmentation: Segmentation,
  later: Spenders,
  { seed, signal }: JudgeSettings,
): Promise<{ spend: [Estimate, Estimate]; gain: Estimate }> {
  const told = predictions(segmentation, later.table);
  const share = (of: Float64Array, weights?: Float64Array): number => r2(of, later.logSpend, weights);
  const { model, rule, gain } = await bootstrapAll(
    later.table.rows,
    {
      model: weights => share(told.model, weights),
      rule: weights => share(told.rule, weights),
      gain: weights => share(told.model, weights) - share(told.rule, weights),
    },
    { rng: new Rng(seed), rounds: ROUNDS, signal },
  );
  return { spend: [model, rule], gain };
}

/** What the segments, and the parts of the plain rule, say that each customer will spend, as ln(1 + spend). */
export function predictions(
  { clusters, means, rule, ruleMeans }: Segmentation,
  table: Table,
): { model: Float64Array; rule: Float64Array } {
  const [labels, parts] = [assign(clusters, table), rfmParts(table, rule)];
  return {
    model: Float64Array.from(labels, label => means[label]),
    rule: Float64Array.from(parts, part => ruleMeans[part]),
  };
}

/**
 * Segments found anew, scaling and all, in customers drawn with replacement, and laid over the version's: adjusted Rand
 * of the whole (Hubert and Arabie 1985), Jaccard of each segment with the one most like it (Hennig 2007). The plain
 * rule is cut anew in the same draws.
 */
async function foundAgain(
  { clusters, rule }: Segmentation,
  table: Table,
  { seed, signal }: JudgeSettings,
): Promise<{ rand: [Estimate, Estimate]; jaccard: Estimate[] }> {
  const rng = new Rng(seed + 1);
  const k = clusters.model.clusters;
  const some = rowsAt(table, rng.permutation(table.rows).subarray(0, SAMPLE));
  const [labels, parts] = [assign(clusters, some), rfmParts(some, rule)];
  const [rands, rules]: [number[], number[]] = [[], []];
  const likeness = Array.from({ length: k }, (): number[] => []);
  for (let round = 0; round < RESAMPLES; round++) {
    const drawn = rowsAt(
      some,
      Uint32Array.from({ length: some.rows }, () => rng.integer(some.rows)),
    );
    const other = assign(await findClusters(drawn, k, { rng, signal }), some);
    rands.push(adjustedRand(labels, other));
    rules.push(adjustedRand(parts, rfmParts(some, rfmRule(drawn, k))));
    mostAlike(labels, other, k).forEach((jaccard, cluster) => likeness[cluster].push(jaccard));
  }
  return {
    rand: [overDraws(rands, some.rows), overDraws(rules, some.rows)],
    jaccard: likeness.map(each => overDraws(each, some.rows)),
  };
}

/** For each cluster of one partition, the largest Jaccard likeness with a cluster of the other. */
export function mostAlike(labels: Int32Array, other: Int32Array, k: number): number[] {
  const both = overlaps(labels, other, k);
  return both.map(row => Math.max(...row));
}

/** Jaccard likeness of every pair of clusters: k x k. */
export function overlaps(labels: Int32Array, other: Int32Array, k: number, others = k): number[][] {
  const both = Array.from({ length: k }, () => new Float64Array(others));
  const [sizes, otherSizes] = [new Float64Array(k), new Float64Array(others)];
  labels.forEach((label, row) => {
    both[label][other[row]]++;
    sizes[label]++;
    otherSizes[other[row]]++;
  });
  return both.map((row, a) =>
    Array.from(row, (shared, b) => shared / Math.max(1, sizes[a] + otherSizes[b] - shared)),
  );
}

function overDraws(values: readonly number[], n: number): Estimate {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { value: mean, low: at(0.025), high: at(0.975), n };
}

/** Mean silhouette of the segments, and of the rule's groups among the same rows and columns. */
async function clearness(
  { clusters, rule }: Segmentation,
  table: Table,
  { seed, signal }: JudgeSettings,
): Promise<[Estimate, Estimate]> {
  const near = rowsAt(table, new Rng(seed + 2).permutation(table.rows).subarray(0, NEAR));
  const scaled = scaledBy(clusters, near);
  const of = async (labels: Int32Array): Promise<Estimate> => {
    if (new Set(labels).size < 2) return { value: null, low: null, high: null, n: near.rows };
    const statistic = (weights?: Float64Array): number =>
      silhouette(scaled, labels, weights ? { weights } : {});
    return bootstrap(near.rows, statistic, { rng: new Rng(seed + 3), rounds: 40, signal });
  };
  return [await of(clusters.model.assign(scaled)), await of(rfmParts(near, rule))];
}
