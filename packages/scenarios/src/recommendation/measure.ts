import type { Estimate, Figure, Words } from '@bellwether/contracts';
import {
  bootstrapAll,
  coverage,
  listMetricsByUser,
  novelty,
  Rng,
  sparseRowsAt,
  type RankedLists,
  type SparseRows,
} from '@bellwether/ml';
import { setImmediate } from 'node:timers/promises';
import { historyAt, type Past } from './past.ts';
import type { Shelf } from './shelf.ts';

/** Lists of the customers who then bought something new. */
export interface Tested {
  lists: RankedLists;
  /** What they bought, in the order of the lists. */
  truth: SparseRows;
  /** What everybody had done before. */
  before: SparseRows;
}

/** Figures of each customer who was tested, beside each other. */
export interface Measured extends Tested {
  ndcg10: Float64Array;
  recall20: Float64Array;
  hit10: Float64Array;
  mrr: Float64Array;
}

const [SHORT, LONG] = [10, 20];
/** Customers between two breaths. */
const STRIDE = 200;

/** Rows of customers with something to be found. */
export function testedRows({ rows, offsets }: SparseRows): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter(row => offsets[row + 1] > offsets[row]);
}

/** Ranks for each of these rows, and compares with what they bought. */
export async function measured(
  shelf: Shelf,
  { histories }: Past,
  bought: SparseRows,
  rows: readonly number[] = testedRows(bought),
  signal?: AbortSignal,
): Promise<Measured> {
  const lists: Uint32Array[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % STRIDE === 0) await setImmediate();
    signal?.throwIfAborted();
    lists.push(shelf.rank(historyAt(histories, row), { k: LONG }).items);
  }
  return compared({ lists: listed(lists), truth: sparseRowsAt(bought, rows), before: histories });
}

export function compared(tested: Tested): Measured {
  const [short, long] = [SHORT, LONG].map(k => listMetricsByUser(tested.lists, tested.truth, k));
  return { ...tested, ndcg10: short.ndcg, recall20: long.recall, hit10: short.hitRate, mrr: long.mrr };
}

export function listed(lists: readonly Uint32Array[]): RankedLists {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, at) => (offsets[at + 1] = offsets[at] + list.length));
  const items = new Uint32Array(offsets[lists.length]);
  lists.forEach((list, at) => items.set(list, offsets[at]));
  return { rows: lists.length, offsets, items, scores: new Float32Array(items.length) };
}

const BY_CUSTOMER = {
  ndcg_10: ['ndcg10', words('quality of the first ten (nDCG@10)', '前十名质量（nDCG@10）')],
  recall_20: [
    'recall20',
    words(
      'share of new purchases among the first twenty (recall@20)',
      '前二十名覆盖的新购买比例（recall@20）',
    ),
  ],
  hit_rate_10: ['hit10', words('customers with a hit among the first ten', '前十名命中的客户比例')],
  mrr_20: ['mrr', words('1 over the place of the first hit (MRR@20)', '首个命中名次的倒数（MRR@20）')],
} as const;

function words(en: string, zh: string): Words {
  return { en, 'zh-CN': zh };
}

/** Figures with intervals over customers; the first decides. The same draws serve the model and the baseline. */
export async function figuresOf(
  model: Measured,
  baseline: Measured,
  { seed, signal }: { seed: number; signal?: AbortSignal | undefined },
): Promise<Figure[]> {
  const both = [model, baseline].map(one => estimates(one, seed, signal));
  const [own, plain] = await Promise.all(both);
  const names = Object.keys(BY_CUSTOMER) as (keyof typeof BY_CUSTOMER)[]; // exactly its keys
  const byCustomer = names.map(name => {
    const figure = { name, words: BY_CUSTOMER[name][1], unit: 'share', better: 'higher' } as const;
    return { ...figure, model: own[name], baseline: plain[name] };
  });
  return [...byCustomer, coverageOf(model, baseline), noveltyOf(model, baseline)];
}

async function estimates(one: Measured, seed: number, signal: AbortSignal | undefined) {
  const mean = (values: Float64Array) => (weights?: Float64Array) => meanOf(values, weights);
  const { ndcg10, recall20, hit10, mrr } = one;
  const statistics = {
    ndcg_10: mean(ndcg10),
    recall_20: mean(recall20),
    hit_rate_10: mean(hit10),
    mrr_20: mean(mrr),
  };
  return bootstrapAll(ndcg10.length, statistics, { rng: new Rng(seed), signal });
}

function coverageOf(model: Measured, baseline: Measured): Figure {
  const of = ({ lists, before }: Measured): Estimate =>
    plain(coverage(lists, before.width, LONG), lists.rows);
  return {
    ...{ name: 'coverage_20', unit: 'share', better: 'higher', model: of(model), baseline: of(baseline) },
    words: words('share of all products that somebody is shown', '被展示过的商品比例'),
  };
}

function noveltyOf(model: Measured, baseline: Measured): Figure {
  const of = ({ lists, before }: Measured): Estimate => plain(novelty(lists, before, LONG), lists.rows);
  return {
    ...{ name: 'novelty_20', unit: 'number', better: 'higher', model: of(model), baseline: of(baseline) },
    words: words('how little known what is shown is, in bits', '所展示商品的新颖度（比特）'),
  };
}

function plain(value: number, n: number): Estimate {
  return { value, low: null, high: null, n };
}

/** By how much one is better than the other in the figure that decides, by the same draws of customers. */
export async function gainOf(
  model: Measured,
  other: Measured,
  { seed, signal }: { seed: number; signal?: AbortSignal | undefined },
): Promise<Estimate> {
  const difference = model.ndcg10.map((value, at) => value - other.ndcg10[at]);
  const statistic = (weights?: Float64Array): number => meanOf(difference, weights);
  return (await bootstrapAll(difference.length, { statistic }, { rng: new Rng(seed), signal })).statistic;
}

export function meanOf(values: Float64Array, weights?: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const weight = weights === undefined ? 1 : weights[at];
    sum += weight * values[at];
    total += weight;
  }
  return total === 0 ? 0 : sum / total;
}

/** The mean with its interval by the normal law. */
export function estimateOf(values: Float64Array): Estimate {
  const value = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map(one => (one - value) ** 2)) / Math.max(1, values.length));
  return { value, low: value - 1.96 * deviation, high: value + 1.96 * deviation, n: values.length };
}
