import { columnOf, type Table } from '@bellwether/ml';
import type { RfmGroup, Words } from '@bellwether/contracts';

const FIFTHS = [0.2, 0.4, 0.6, 0.8];
type Column = 'recency_days' | 'orders' | 'revenue';

/** Where recency, frequency and value are cut into fifths: four ascending edges of each. */
export type RfmEdges = Record<Column, readonly number[]>;

/** A customer's fifths, 5 the best: the latest, the most frequent, the most worth. */
export interface RfmScores {
  recency: number;
  frequency: number;
  monetary: number;
}

/** @returns edges from these customers, so that each fifth holds as nearly a fifth as ties allow */
export function rfmEdges(table: Table): RfmEdges {
  const edges = (name: string): number[] => {
    const sorted = columnOf(table, name).slice().sort();
    return FIFTHS.map(share => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  };
  return { recency_days: edges('recency_days'), orders: edges('orders'), revenue: edges('revenue') };
}

/** The fifths of one row. */
export function rfmAt(table: Table, row: number, edges: RfmEdges): RfmScores {
  const fifth = (name: Column): number => {
    const value = columnOf(table, name)[row];
    return 1 + edges[name].filter(edge => value > edge).length;
  };
  return { recency: 6 - fifth('recency_days'), frequency: fifth('orders'), monetary: fifth('revenue') };
}

/**
 * The usual plain rule as groups: the sum of the three fifths, 3 to 15, cut into `k` parts of like size. `cuts` are the
 * sums at which the next part begins.
 */
export interface RfmRule {
  edges: RfmEdges;
  cuts: readonly number[];
}

export function rfmRule(table: Table, k: number): RfmRule {
  const edges = rfmEdges(table);
  const sums = Array.from({ length: table.rows }, (_, row) => sumOf(rfmAt(table, row, edges))).sort(
    (a, b) => a - b,
  );
  const cuts = Array.from({ length: k - 1 }, (_, i) => sums[Math.floor(((i + 1) * sums.length) / k)] ?? 0);
  return { edges, cuts };
}

export function rfmParts(table: Table, { edges, cuts }: RfmRule): Int32Array {
  return Int32Array.from({ length: table.rows }, (_, row) => {
    const sum = sumOf(rfmAt(table, row, edges));
    return cuts.filter(cut => sum >= cut).length;
  });
}

const sumOf = ({ recency, frequency, monetary }: RfmScores): number => recency + frequency + monetary;

interface Told {
  words: Words;
  advice: Words;
}

const told = (en: string, zh: string, advice: string, advise: string): Told => ({
  words: { en, 'zh-CN': zh },
  advice: { en: advice, 'zh-CN': advise },
});

/** What each group is called, and what is usually done for it. */
export const RFM_WORDS: Record<RfmGroup, Told> = {
  champions: told(
    'Champions',
    '重要价值客户',
    'Thank them, show them what is new first, ask them to recommend you.',
    '表达感谢，优先推新，邀请推荐好友。',
  ),
  loyal: told('Loyal', '忠诚客户', 'Offer what goes with what they buy.', '推荐搭配商品，提升客单。'),
  potential_loyalists: told(
    'Potential loyalists',
    '潜力客户',
    'Give a reason for the next order: a membership, a refill.',
    '给下一单一个理由：会员、补货提醒。',
  ),
  new_customers: told(
    'New customers',
    '新客户',
    'Welcome them, help with the first purchase.',
    '欢迎并协助首购使用。',
  ),
  promising: told(
    'Promising',
    '有望客户',
    'Keep the shop in mind with little messages.',
    '以轻量内容保持联系。',
  ),
  need_attention: told(
    'Need attention',
    '需关注客户',
    'A limited offer of what they bought before.',
    '基于历史购买的限时优惠。',
  ),
  about_to_sleep: told('About to sleep', '即将沉睡', 'Remind them before they forget you.', '在遗忘前提醒。'),
  cannot_lose: told(
    'Cannot lose them',
    '重要挽留客户',
    'They were among the best: call, ask what went wrong.',
    '曾是最优客户：主动联系，询问原因。',
  ),
  at_risk: told(
    'At risk',
    '流失风险客户',
    'A personal message and a good offer to come back.',
    '个性化消息与回归优惠。',
  ),
  hibernating: told('Hibernating', '沉睡客户', 'Cheap messages only; do not spend much.', '仅用低成本触达。'),
  lost: told('Lost', '已流失', 'One last offer, then leave them in peace.', '最后一次召回，否则不再打扰。'),
};

/** The group of a cell of the grid of recency and frequency. */
export function rfmGroup({ recency, frequency }: Pick<RfmScores, 'recency' | 'frequency'>): RfmGroup {
  return GRID[5 - recency][frequency - 1];
}

/** Rows from the latest fifth to the earliest, columns from the least frequent to the most. */
const GRID: readonly (readonly RfmGroup[])[] = [
  ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions'],
  ['promising', 'potential_loyalists', 'potential_loyalists', 'loyal', 'champions'],
  ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
  ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'at_risk'],
  ['lost', 'lost', 'at_risk', 'at_risk', 'cannot_lose'],
];
