import {
  LIFECYCLE_STAGES,
  type Churn,
  type Cohorts,
  type LifecycleCustomer,
  type LifecycleRules,
  type LifecycleSettings,
  type LifecycleSummary,
  type RulesPreview,
  type Stage,
  type Transitions,
} from '@bellwether/contracts';
import { ago, estimate, noise, NOW, times } from './made.ts';

const words = (en: string, zh: string) => ({ en, 'zh-CN': zh });
const around = (value: number, share: number, n: number) =>
  estimate(value, value * (1 - share), value * (1 + share), n);

const SIZES: Record<Stage, [customers: number, silence: number, orders: number]> = {
  new: [412, 18, 0.42],
  active: [792, 24, 1.1],
  loyal: [412, 12, 3.4],
  at_risk: [310, 71, 0.82],
  lapsed: [604, 118, 0.31],
  lost: [1_711, 244, 0.03],
  won_back: [97, 15, 0.94],
};

const summary: LifecycleSummary = {
  as_of: ago(0.2),
  version: 2,
  currency: 'GBP',
  customers: 4_338,
  stages: LIFECYCLE_STAGES.map(stage => {
    const [customers, silence_days, each] = SIZES[stage];
    const orders = (factor: number) => around(customers * each * factor, 0.08, customers);
    const value = (factor: number) => around(customers * each * factor * 48, 0.11, customers);
    return {
      ...{ stage, customers, silence_days, alive: 1 / (1 + silence_days / 90) },
      ...{ orders_30: orders(0.35), orders_90: orders(1), orders_365: orders(3.4) },
      ...{ value_30: value(0.35), value_90: value(1), value_365: value(3.4) },
      next_step: {
        title: words('Remind with what they usually buy', '用常购商品提醒'),
        why: words('They are later than their own rhythm.', '他们已晚于自己的节奏。'),
      },
    };
  }),
  orders_90: around(3_040, 0.05, 4_338),
  value_90: around(145_920, 0.07, 4_338),
  histogram: times(10, n => ({
    low: n === 0 ? 0 : 2 ** n,
    high: 2 ** (n + 1),
    customers: Math.round(900 * Math.exp(-((n - 4) ** 2) / 6)),
    value: 40 * 2 ** n,
  })),
};

const customer = (n: number): LifecycleCustomer => ({
  ...{ customer_id: `${17_850 + n}`, name: n % 3 === 0 ? '' : `Customer ${n}`, email: '' },
  stage: LIFECYCLE_STAGES[n % LIFECYCLE_STAGES.length] ?? 'active',
  ...{ orders: 1 + (n % 9), silence_days: Math.round(180 * noise(n)), silent_90: noise(n + 3) },
  alive: estimate(0.2 + 0.7 * noise(n + 1), 0.15, 0.95, 1),
  ...{ orders_30: estimate(0.4, 0, 2, 1), orders_90: estimate(1.2, 0, 4, 1) },
  ...{ orders_365: estimate(4.1, 0, 10, 1), value_90: estimate(140 - n, 0, 410, 1) },
  value_365: estimate(480 - n, 0, 1_120, 1),
  ...{ next_order_at: ago(-30 - n), next_order_low: ago(-4), next_order_high: ago(-120 - n) },
});

const months = times(7, n => {
  const now = new Date(NOW);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 6 + n, 1)).toISOString();
});
const transitions: Transitions = {
  moments: months,
  counts: months.flatMap((at, n) =>
    LIFECYCLE_STAGES.map(stage => ({ at, stage, customers: Math.round(SIZES[stage][0] * (0.6 + 0.06 * n)) })),
  ),
  flows: months.slice(1).flatMap((to_at, n) => {
    const flow = (from: Stage | 'none', to: Stage, customers: number) => ({
      ...{ from_at: months[n] ?? to_at, to_at, from, to, customers },
    });
    return [
      flow('none', 'new', 180 + 8 * n),
      flow('new', 'active', 90),
      flow('new', 'at_risk', 70),
      flow('active', 'active', 520),
      flow('active', 'loyal', 60),
      flow('active', 'at_risk', 110),
      flow('loyal', 'loyal', 330),
      flow('loyal', 'at_risk', 22),
      flow('at_risk', 'active', 60),
      flow('at_risk', 'lapsed', 120),
      flow('lapsed', 'won_back', 40),
      flow('lapsed', 'lost', 150),
      flow('lost', 'lost', 1_100),
      flow('lost', 'won_back', 18),
      flow('won_back', 'active', 30),
    ];
  }),
};

const cohorts: Cohorts = {
  every: 'month',
  currency: 'GBP',
  cohorts: months.map((start, n) => ({
    start,
    customers: 420 - 30 * n,
    periods: times(7 - n, period => ({
      period,
      customers: Math.round((420 - 30 * n) * (period === 0 ? 1 : 0.34 - 0.02 * period)),
      revenue: (420 - 30 * n) * (period === 0 ? 52 : 17),
      cumulative: 52 + 17 * period,
      whole: period < 6 - n,
    })),
  })),
};

const rules: LifecycleRules = {
  stages: [
    {
      stage: 'won_back',
      when: [
        { fact: 'return_ratio', at_least: 3 },
        { fact: 'last_gap_days', at_least: 95 },
        { fact: 'silence_ratio', at_most: 1 },
      ],
    },
    {
      stage: 'new',
      when: [
        { fact: 'orders', at_most: 1 },
        { fact: 'silence_days', at_most: 95 },
      ],
    },
    {
      stage: 'loyal',
      when: [
        { fact: 'orders', at_least: 5 },
        { fact: 'alive', at_least: 0.5 },
      ],
    },
    {
      stage: 'active',
      when: [
        { fact: 'silence_ratio', at_most: 1.5 },
        { fact: 'alive', at_least: 0.5 },
      ],
    },
    { stage: 'at_risk', when: [{ fact: 'silence_ratio', at_most: 3 }] },
    { stage: 'lapsed', when: [{ fact: 'silence_ratio', at_most: 6 }] },
    { stage: 'lost', when: [] },
  ],
  churn: { by: 'silence', days: 95 },
};
const settings: LifecycleSettings = { rules, defaults: rules, proposed_days: 95 };

const churn: Churn = {
  definition: rules.churn,
  proposed_days: 95,
  rates: months.slice(1).map((to, n) => ({
    ...{ from: months[n] ?? to, to, customers: 1_800 + 60 * n, churned: 210 + 5 * n },
    rate: { value: 0.117 - 0.002 * n, low: 0.102, high: 0.133, n: 1_800 },
  })),
  survival: [9, 6, 3].map((ago_, n) => ({
    cohort: ago(30 * ago_),
    customers: 900 - 200 * n,
    median_days: n === 2 ? null : 140 + 20 * n,
    steps: times(21, step => {
      const share = Math.exp(-(step * 13) / (190 + 30 * n));
      return { days: step * 13, share, low: Math.max(0, share - 0.04), high: Math.min(1, share + 0.04) };
    }),
  })),
};

const preview: RulesPreview = {
  ...{ customers: 4_338, moved: 128, churned_before: 1_902, churned_after: 1_804 },
  stages: LIFECYCLE_STAGES.map(stage => {
    const before = SIZES[stage][0];
    return {
      stage,
      before,
      after: stage === 'at_risk' ? before + 128 : stage === 'active' ? before - 128 : before,
    };
  }),
  moves: [{ from: 'active', to: 'at_risk', customers: 128 }],
};

export const answers: Record<string, unknown> = {
  'GET /v1/lifecycle/summary': summary,
  'GET /v1/lifecycle/customers': { total: 310, rows: times(25, customer) },
  'GET /v1/lifecycle/transitions': transitions,
  'GET /v1/lifecycle/cohorts': cohorts,
  'GET /v1/lifecycle/churn': churn,
  'GET /v1/lifecycle/rules': settings,
  'PUT /v1/lifecycle/rules': settings,
  'POST /v1/lifecycle/rules/preview': preview,
};
