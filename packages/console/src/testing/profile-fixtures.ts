import type {
  CustomerProfile,
  Lookalike,
  LookalikeMember,
  ProfileOverview,
  Rfm,
  RfmGroup,
  ScenarioPage,
  Segment,
  SegmentDifference,
  Trait,
  TraitPreview,
  Words,
} from '@bellwether/contracts';
import { scenarioPage } from './scenario-fixtures.ts';

const AT = '2026-01-31T00:00:00.000Z';
const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });
const estimate = (value: number, low: number, high: number) => ({ value, low, high, n: 3_200 });

const difference = (
  feature: string,
  told: Words,
  unit: string,
  [inside, outside, size]: [number, number, number],
): SegmentDifference => ({ feature, words: told, unit, inside, outside, difference: size });

const LAST = words('last bought {value} days ago', '上次购买在 {value} 天前');
const FIRST = words('first bought {value} days ago', '首次购买在 {value} 天前');
const OFTEN = words('bought {value} times in all', '累计购买 {value} 次');
const SPENT = words('spent {value} in all', '累计消费 {value}');
const BASKET = words('spends {value} an order', '平均每单 {value}');

function segment(
  key: string,
  name: Words,
  [customers, revenue, orders, days]: [number, number, number, number],
  [recency, often, spent]: [number, number, number],
): Segment {
  return {
    ...{ key, name, model_name: name, renamed: false, customers, share: customers / 4_338 },
    ...{ revenue, revenue_share: revenue / 4_970_000, orders, recency_days: days },
    stability: estimate(0.86, 0.71, 0.94),
    next_spend: estimate(revenue / customers / 8, revenue / customers / 10, revenue / customers / 6),
    differences: [
      difference('orders', OFTEN, 'times', [orders, 2.1, often]),
      difference('recency_days', LAST, 'days', [days, 84, recency]),
      difference('revenue', SPENT, 'currency', [revenue / customers, 860, spent]),
      difference('tenure_days', FIRST, 'days', [150, 160, -0.1]),
      difference('basket', BASKET, 'currency', [310, 290, 0.2]),
    ],
    sentences: [
      words(`bought ${orders} times in all; others: 2.1`, `累计购买 ${orders} 次；其他客户：2.1`),
      words(`last bought ${days} days ago; others: 84`, `上次购买在 ${days} 天前；其他客户：84`),
    ],
  };
}

export const segments: Segment[] = [
  segment(
    's1',
    words('Lapsed one-time buyers', '沉睡低频客户'),
    [1_322, 410_000, 1.1, 168],
    [1.4, -0.9, -0.8],
  ),
  segment(
    's2',
    words('Long-standing lapsed buyers', '老沉睡客户'),
    [1_004, 860_000, 2.6, 91],
    [0.3, 0.1, 0.2],
  ),
  segment(
    's3',
    words('Frequent big spenders', '高频高消费客户'),
    [871, 3_120_000, 8.7, 20],
    [-1.2, 1.7, 1.6],
  ),
  segment('s4', words('New one-time buyers', '新低频客户'), [702, 240_000, 1.1, 40], [-0.5, -0.8, -0.7]),
  segment('s5', words('Active new customers', '活跃新客户'), [439, 340_000, 1.9, 28], [-0.9, 0.2, -0.1]),
];

export const profileOverview: ProfileOverview = {
  ...{ version: 1, as_of: AT, currency: 'GBP', customers: 4_338, revenue: 4_970_000, segments },
  changes: {
    since: '2026-01-01T00:00:00.000Z',
    flows: [
      { from: 's5', to: 's3', customers: 96 },
      { from: 's4', to: 's1', customers: 210 },
      { from: 's3', to: 's2', customers: 61 },
      { from: 's1', to: 's1', customers: 1_112 },
    ],
  },
  tags: [
    {
      ...{ name: 'weekend_shopper', kind: 'behaviour', customers: 312 },
      words: words('Weekend shopper', '周末购物'),
      rule: words('at least 3 orders, 60 % of them at weekends', '至少 3 单，其中 60 % 在周末'),
    },
    {
      ...{ name: 'age_25_34', kind: 'person', customers: 1_204 },
      words: words('Aged 25 to 34', '25–34 岁'),
      rule: words('age as told', '依据已知年龄'),
    },
  ],
};

const GRID: RfmGroup[][] = [
  ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions'],
  ['promising', 'potential_loyalists', 'potential_loyalists', 'loyal', 'champions'],
  ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
  ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'at_risk'],
  ['lost', 'lost', 'at_risk', 'at_risk', 'cannot_lose'],
];

const cells: Rfm['cells'] = GRID.flatMap((row, r) =>
  row.map((group, f) => ({
    ...{ recency: 5 - r, frequency: f + 1, group, customers: 60 + 37 * ((3 * r + 5 * f) % 9) },
    ...{ revenue: 9_000 * (f + 1) * (5 - r), recency_days: 12 + 41 * r, orders: 1 + 2 * f },
    monetary: [10, 20, 10, 15, 5],
  })),
);

const groupWords: Partial<Record<RfmGroup, [string, string]>> = {
  champions: ['Champions', '重要价值客户'],
  at_risk: ['At risk', '流失风险客户'],
};

export const rfm: Rfm = {
  ...{ as_of: AT, currency: 'GBP', customers: 4_338, revenue: 4_970_000, cells },
  groups: [...new Set(cells.map(cell => cell.group))].map(group => {
    const own = cells.filter(cell => cell.group === group);
    const [en, zh] = groupWords[group] ?? [group.replaceAll('_', ' '), group];
    return {
      ...{ group, words: words(en, zh), advice: words('Thank them first.', '优先表达感谢。') },
      customers: own.reduce((sum, cell) => sum + cell.customers, 0),
      revenue: own.reduce((sum, cell) => sum + cell.revenue, 0),
    };
  }),
};

export const traits: Trait[] = [
  {
    ...{ name: 'orders_90', built_in: true, created_at: null, customers: 2_011, computed_at: AT },
    definition: {
      words: words('Orders in 90 days', '90 天内订单数'),
      ...{ from: 'orders', measure: 'count', where: [], days: 90, unit: 'times' },
    },
  },
  {
    ...{ name: 'favourite_category', built_in: true, created_at: null, customers: 4_338, computed_at: AT },
    definition: {
      words: words('Favourite category', '最常购买的品类'),
      ...{ from: 'lines', measure: 'favourite', field: 'category', where: [], unit: 'text' },
    },
  },
  {
    ...{ name: 'tea_spend', built_in: false, created_at: AT, customers: 310, computed_at: AT },
    definition: {
      words: words('Spent on tea in a year', '一年内茶叶消费'),
      ...{ from: 'lines', measure: 'sum', field: 'amount', days: 365, unit: 'currency' },
      where: [{ field: 'category', op: 'is', text: 'tea' }],
    },
  },
];

export const traitPreview: TraitPreview = {
  ...{ as_of: AT, customers: 148, looked_at: 200, sql: 'SELECT …' },
  rows: [
    { customer_id: '12347', name: 'Anna Lee', value: 41.5 },
    { customer_id: '12348', name: '李华', value: 12 },
  ],
};

export const customerProfile: CustomerProfile = {
  ...{ customer_id: '12347', as_of: AT },
  segment: { key: 's3', name: segments[2].name, closeness: 0.62, since: '2025-11-02T00:00:00.000Z' },
  rfm: {
    recency: 5,
    frequency: 4,
    monetary: 5,
    group: 'champions',
    words: words('Champions', '重要价值客户'),
  },
  traits: [{ name: 'orders', words: words('Orders', '订单数'), unit: 'times', value: 7 }],
  tags: [
    {
      ...{ name: 'weekend_shopper', kind: 'behaviour', words: words('Weekend shopper', '周末购物') },
      rule: words('at least 3 orders, 60 % of them at weekends', '至少 3 单，其中 60 % 在周末'),
      evidence: [{ name: 'orders', words: words('Orders', '订单数'), unit: 'times', value: 7 }],
    },
  ],
};

export const lookalikes: Lookalike[] = [
  {
    ...{ id: 'l1', name: 'Like our champions', seed: { kind: 'rfm', group: 'champions' }, size: 500 },
    ...{ created_at: AT, as_of: AT, seed_customers: 640, candidates: 3_698, labelled_share: 0.71 },
    ...{
      auc: estimate(0.93, 0.92, 0.94),
      method: 'impute > standardise > logistic',
      scenario: 'lookalike:l1',
    },
    differences: segments[2].differences,
  },
];

export const lookalikeMembers: LookalikeMember[] = [
  {
    ...{ customer_id: '12352', name: 'Bo Chen', email: 'bo@example.com', score: 0.91 },
    ...{ low: 0.84, high: 0.97, orders: 5, revenue: 1_420 },
  },
];

/** The page of the scenario, with the card of a profile. */
export const profilePage: ScenarioPage = {
  ...scenarioPage,
  ...{ name: 'customer-profile', kind: 'profile', results: null, champion: 1, scored: 4_338 },
  title: words('Customer profile', '客户画像'),
  question: words('Who are our customers?', '我们的客户是谁？'),
  versions: [
    {
      ...{ scenario: 'customer-profile', version: 1, state: 'champion', created_at: AT, promoted_at: AT },
      why: words('The first version. It beats the baseline.', '首个版本。优于基线。'),
      card: {
        ...{ kind: 'profile', scenario: 'customer-profile', estimator: 'impute > powerTransform > kMeans' },
        ...{ parameters: { k: 5 }, seed: 1, horizon_days: 30, train_rows: 3_154, beats_baseline: true },
        ...{ train_moments: ['2025-12-02T00:00:00.000Z'], test_moment: '2026-01-01T00:00:00.000Z' },
        baseline_name: words('the RFM score cut into as many groups', '按 RFM 总分切成同样数量的组'),
        figures: [
          {
            ...{ name: 'spend_share', unit: 'share', better: 'higher' },
            words: words('share told of what is spent in the next period', '对下一周期消费差异的解释比例'),
            ...{ model: estimate(0.171, 0.14, 0.204), baseline: estimate(0.141, 0.125, 0.16) },
          },
          {
            ...{ name: 'stability', unit: 'number', better: 'higher' },
            words: words('stability over resampling (adjusted Rand)', '重抽样稳定性（调整兰德指数）'),
            ...{ model: estimate(0.798, 0.572, 0.898), baseline: estimate(0.762, 0.712, 0.89) },
          },
        ],
        data: {
          ...{ fingerprint: 'ab12', orders: 18_532, customers: 4_338 },
          ...{ first_at: '2024-12-01T00:00:00.000Z', last_at: AT },
        },
        limits: [words('Segments describe customers.', '分群用于描述客户。')],
        clustered: [{ name: 'recency_days', words: LAST }],
        tried: [
          { k: 3, silhouette: 0.36, stability: 0.94, spend_share: 0.1 },
          { k: 4, silhouette: 0.32, stability: 0.81, spend_share: 0.13 },
          { k: 5, silhouette: 0.32, stability: 0.82, spend_share: 0.145 },
          { k: 6, silhouette: 0.31, stability: 0.69, spend_share: 0.146 },
        ],
        why_k: words(
          '5 segments: two halves of the customers agree on them.',
          '5 个分群：两半客户得到的分群一致。',
        ),
        segments,
      },
    },
  ],
};
