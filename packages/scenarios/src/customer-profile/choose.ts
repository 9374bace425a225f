import type { SegmentCount, Words } from '@bellwether/contracts';
import { adjustedRand, kMeans, r2, Rng, rowsAt, silhouette, valuesAt, type Table } from '@bellwether/ml';
import type { Spenders } from './read.ts';
import { comparable, meansBy } from './segments.ts';

/** Fewer are too coarse to act on, more too many to keep in mind. */
const COUNTS = [3, 4, 5, 6, 7, 8];
/** Customers on whom numbers of segments are compared. */
const SAMPLE = 3000;
/** Customers between whom all distances are measured. */
const NEAR = 800;
const DRAWS = 5;
/** Mean agreement (adjusted Rand) of two halves from which segments count as found again. */
export const STABLE = 0.75;
/** As useful within this share of the variance. */
const AS_USEFUL = 0.01;

export interface Choice {
  k: number;
  tried: SegmentCount[];
  why: Words;
}

interface Trial {
  scaled: Table;
  logSpend: Float32Array;
  seed: number;
  signal: AbortSignal | undefined;
}

/**
 * How many segments: of the numbers whose segments two halves of the customers agree on, the fewest that tell as much of
 * what customers spend next as any. Looks at the training period only.
 */
export async function chooseCount(past: Spenders, seed: number, signal?: AbortSignal): Promise<Choice> {
  const rows = new Rng(seed).permutation(past.table.rows).subarray(0, SAMPLE);
  const { table: scaled } = await comparable(rowsAt(past.table, rows));
  const trial = { scaled, logSpend: valuesAt(past.logSpend, rows), seed, signal };
  const tried: SegmentCount[] = [];
  for (const k of COUNTS.filter(count => count * 20 <= scaled.rows)) tried.push(await tryCount(k, trial));
  return { ...chosenOf(tried), tried };
}

async function tryCount(k: number, { scaled, logSpend, seed, signal }: Trial): Promise<SegmentCount> {
  const rng = new Rng(seed + k);
  const labels = (await kMeans({ k }).fit(scaled, undefined, { rng, signal })).assign(scaled);
  let [stability, share] = [0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const order = rng.permutation(scaled.rows);
    const halves = [order.subarray(0, scaled.rows >> 1), order.subarray(scaled.rows >> 1)];
    const found: Int32Array[] = [];
    for (const half of halves) {
      const model = await kMeans({ k }).fit(rowsAt(scaled, half), undefined, { rng, signal });
      found.push(model.assign(scaled));
    }
    stability += adjustedRand(found[0], found[1]) / DRAWS;
    share +=
      (sharedOut(labels, logSpend, halves, k) + sharedOut(labels, logSpend, halves.reverse(), k)) /
      (2 * DRAWS);
  }
  const near = order(rng, scaled.rows);
  return {
    k,
    silhouette: silhouette(
      rowsAt(scaled, near),
      Array.from(near, row => labels[row]),
    ),
    ...{ stability, spend_share: share },
  };
}

const order = (rng: Rng, rows: number): Int32Array | Uint32Array => rng.permutation(rows).subarray(0, NEAR);

/** What the means of one half tell of the other's spend. */
function sharedOut(
  labels: Int32Array,
  logSpend: Float32Array,
  [learned, told]: readonly ArrayLike<number>[],
  k: number,
): number {
  const own = Int32Array.from(learned, row => labels[row]);
  const means = meansBy(own, valuesAt(logSpend, learned), k);
  const target = valuesAt(logSpend, told);
  const share = r2(
    Float64Array.from(told, row => means[labels[row]]),
    target,
  );
  return Number.isFinite(share) ? share : 0;
}

/** The rule by which a number is chosen, and its words. */
export function chosenOf(tried: readonly SegmentCount[]): { k: number; why: Words } {
  const stable = tried.filter(each => each.stability >= STABLE);
  const firm = stable.length > 0;
  const among = firm ? stable : [best(tried, each => each.stability)];
  const most = Math.max(...among.map(each => each.spend_share));
  const { k, stability, spend_share } = among.filter(each => each.spend_share >= most - AS_USEFUL)[0];
  const figures = `${stability.toFixed(2)}`;
  const told = `${(100 * spend_share).toFixed(1)} %`;
  return {
    k,
    why: firm
      ? {
          en: `${k} segments: two halves of the customers agree on them (adjusted Rand ${figures}), and they tell ${told} of the variance of what is spent next, as much as any stable number does within a point.`,
          'zh-CN': `${k} 个分群：两半客户各自得到的分群一致（调整兰德指数 ${figures}），可解释后续消费差异的 ${told}，在稳定的方案中不低于最好者一个百分点。`,
        }
      : {
          en: `${k} segments are the most stable, but no number of segments is stable (adjusted Rand ${figures}, less than ${STABLE}): read them as a summary, not as kinds of people.`,
          'zh-CN': `${k} 个分群最稳定，但没有任何数量是稳定的（调整兰德指数 ${figures}，低于 ${STABLE}）：请视作概括，而非真实的人群类别。`,
        },
  };
}

function best(tried: readonly SegmentCount[], of: (each: SegmentCount) => number): SegmentCount {
  return tried.reduce((most, each) => (of(each) > of(most) ? each : most));
}
