import type { Job, Overview, Status } from '@bellwether/contracts';
import { ago, day, estimate, noise, times } from './made.ts';

export const user = {
  id: 'u1',
  email: 'mei@example.com',
  name: 'Mei Lin',
  role: 'admin',
  locale: 'en',
} as const;

export const status: Status = {
  version: '0.1.0',
  started_at: ago(0.2),
  now: ago(0),
  demo: true,
  data_folder: '.bellwether/demo',
  engines: [
    { name: 'warehouse', state: 'up', detail: 'ClickHouse 26.7', restarts: 0, embedded: true },
    { name: 'records', state: 'up', detail: 'PostgreSQL 18', restarts: 1, embedded: true },
  ],
  journal: { waiting_events: 12, waiting_bytes: 6_200, last_loaded_at: ago(0.001), last_error: null },
  warnings: [],
};

export const overview: Overview = {
  as_of: ago(0.01),
  demo: true,
  currency: 'GBP',
  stages: [
    {
      stage: 'collect',
      state: 'ok',
      at: ago(0.003),
      figures: { orders: 409_812, events: 182_340 },
      error: null,
    },
    {
      stage: 'prepare',
      state: 'ok',
      at: ago(0.01),
      figures: { lines_out: 391_240, dropped: 18_572 },
      error: null,
    },
    { stage: 'learn', state: 'ok', at: ago(0.9), figures: { auc: 0.781, version: 3 }, error: null },
    { stage: 'score', state: 'stale', at: ago(1.4), figures: { scored: 4_338, chosen: 1_420 }, error: null },
    { stage: 'act', state: 'running', at: ago(0.01), figures: { sent: 1_136, running: 1 }, error: null },
    { stage: 'measure', state: 'waiting', at: null, figures: { lift: 0.041 }, error: null },
  ],
  customers: 4_338,
  orders: 18_402,
  revenue: 8_278_519.42,
  expected_buyers: estimate(1_204, 1_130, 1_290),
  horizon_days: 30,
  previous_buyers: 1_020,
  revenue_by_week: times(40, i => ({
    week: day(7 * (40 - i)),
    revenue: 120_000 + 60_000 * Math.sin(i / 4) + 90_000 * noise(i) + i * 1_500,
    orders: 300 + Math.round(200 * noise(i)),
    customers: 220 + Math.round(100 * noise(i)),
  })),
  learned: {
    scenario: 'purchase-prediction',
    version: 3,
    auc: 0.781,
    baseline_auc: 0.742,
    lift: 2.8,
    trained_at: ago(0.9),
  },
  worth: {
    journey_id: 'j1',
    name: 'Likely buyers, spring',
    lift: estimate(0.041, 0.012, 0.071, 1_420),
    incremental_revenue: estimate(14_300, 3_900, 25_100, 1_420),
    sent: 1_136,
    truth: 0.038,
    dry_run: false,
  },
  proposals: [
    {
      id: 'start-journey',
      title: {
        en: 'Start “Win back, June” for 1,420 likely buyers',
        'zh-CN': '为 1,420 位可能下单的客户启动“六月召回”',
      },
      why: {
        en: '20% are left alone, so that its effect can be measured.',
        'zh-CN': '其中 20% 不会被打扰，用于衡量效果。',
      },
      expected: estimate(14_300, 3_900, 25_100),
      cost: 71,
      href: '/journeys/j2',
    },
    {
      id: 'look-at-refused',
      title: { en: 'Look at what was refused: 214', 'zh-CN': '查看被拒收的数据：214 条' },
      why: { en: 'Each was kept with its reason.', 'zh-CN': '每一条都连同原因保留。' },
      expected: null,
      cost: null,
      href: '/data?tab=quarantine',
    },
  ],
};

const job = (id: string, name: string, subject: string): Job => ({
  id,
  name,
  subject,
  state: 'done',
  done: 42,
  total: 42,
  unit: 'iterations',
  step: 'train.fit',
  error: null,
  result: null,
  created_at: ago(0.9),
  started_at: ago(0.9),
  finished_at: ago(0.9),
});
export const jobs: Job[] = [
  {
    ...job('job1', 'import', 'online_retail.csv.gz'),
    state: 'running',
    done: 212_000,
    total: 409_812,
    unit: 'rows',
    step: 'import.read',
    started_at: ago(0.0001),
    finished_at: null,
  },
  job('job0', 'train', 'purchase-prediction'),
];

export const keys = [
  {
    id: 'k1',
    name: 'Web shop',
    scopes: ['track'],
    prefix: 'bw_w3b',
    created_at: ago(30),
    last_used_at: ago(0.001),
  },
  { id: 'k2', name: 'Reporting', scopes: ['read'], prefix: 'bw_rep', created_at: ago(9), last_used_at: null },
] as const;
