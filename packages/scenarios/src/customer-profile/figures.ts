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
import { missesOf, shareTold } from './looks.ts';
import type { Followed } from './read.ts';
import { rfmParts, rfmRule } from './rfm.ts';
import { assign, findClusters, scaledBy, type Segmentation } from './segments.ts';

/** Customers whose segments are found again and again. */
const SAMPLE = 3000;
const RESAMPLES = 30;
/** Customers between whom all distances are measured. */
const NEAR = 600;
const ROUNDS = 300;

export const LOOKS_SHARE: Words = {
  en: 'share told of how customers look a period later',
  'zh-CN': '对一个周期后客户面貌的解释比例',
};

export interface JudgeSettings {
  seed: number;
  signal: AbortSignal | undefined;
}

/** What a segmentation comes to on customers and what became of them. */
export interface Judgement {
  figures: Figure[];
  /** How much more it tells of later looks than the plain rule. */
  gain: Estimate;
  /** How alike each segment is found again, by cluster. */
  jaccard: Estimate[];
}

/**
 * Four figures, each beside the plain RFM rule of as many groups. The first two ask what a customer's group, as known at
 * the moment, tells of the time after it: of all features at the end of the horizon, and of what is spent in it.
 */
export async function judgement(
  segmentation: Segmentation,
  later: Followed,
  settings: JudgeSettings,
): Promise<Judgement> {
  const { looks, spend, gain } = await toldShares(segmentation, later, settings);
  const again = await foundAgain(segmentation, later.table, settings);
  const apart = await clearness(segmentation, later.table, settings);
  const figure = (
    name: string,
    unit: Figure['unit'],
    en: string,
    zh: string,
    pair: readonly [Estimate, Estimate],
  ): Figure => ({
    ...{ name, unit, words: { en, 'zh-CN': zh }, better: 'higher', model: pair[0], baseline: pair[1] },
  });
  return {
    figures: [
      figure('looks_share', 'share', LOOKS_SHARE.en, LOOKS_SHARE['zh-CN'], looks),
      figure(
        'spend_share',
        'share',
        'share told of what is spent in the period',
        '对该周期消费的解释比例',
        spend,
      ),
      figure(
        'stability',
        'number',
        'stability over resampling (adjusted Rand)',
        '重抽样稳定性（调整兰德指数）',
        again.rand,
      ),
      figure('silhouette', 'number', 'silhouette', '轮廓系数', apart),
    ],
    gain,
    jaccard: again.jaccard,
  };
}

async function toldShares(
  { clusters, rule, looks, means, ruleMeans }: Segmentation,
  later: Followed,
  { seed, signal }: JudgeSettings,
): Promise<{ looks: [Estimate, Estimate]; spend: [Estimate, Estimate]; gain: Estimate }> {
  const [labels, parts] = [assign(clusters, later.table), rfmParts(later.table, rule)];
  const missed = missesOf(looks, later.after, labels, parts);
  const told = Float64Array.from(labels, label => means[label]);
  const ruled = Float64Array.from(parts, part => ruleMeans[part]);
  const found = await bootstrapAll(
    later.table.rows,
    {
      segment: weights => shareTold(missed.segment, missed.mean, weights),
      part: weights => shareTold(missed.part, missed.mean, weights),
      gain: weights =>
        shareTold(missed.segment, missed.mean, weights) - shareTold(missed.part, missed.mean, weights),
      spend: weights => r2(told, later.logSpend, weights),
      ruleSpend: weights => r2(ruled, later.logSpend, weights),
    },
    { rng: new Rng(seed), rounds: ROUNDS, signal },
  );
  return { looks: [found.segment, found.part], spend: [found.spend, found.ruleSpend], gain: found.gain };
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
