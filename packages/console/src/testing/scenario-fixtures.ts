import type {
  ClassifierFigures,
  ClassifierCard,
  FamilyTrial,
  ModelVersion,
  Prediction,
  ScenarioPage,
  ScenarioSummary,
} from '@bellwether/contracts';
import { ago } from './made.ts';

const steps = Array.from({ length: 21 }, (_, i) => i / 20);
const figures = (auc: number, lift: number): ClassifierFigures => ({
  n: 3_904,
  positives: 1_061,
  auc: { value: auc, low: auc - 0.016, high: auc + 0.015, n: 3_904 },
  threshold: 0.3,
  precision: auc - 0.2,
  recall: auc - 0.1,
  f1: auc - 0.15,
  log_loss: 1.27 - auc,
  brier: 0.93 - auc,
  calibration_error: 0.8 - auc,
  top_decile_lift: lift,
});

const words = (en: string, zh: string) => ({ en, 'zh-CN': zh });
const FEATURES = [
  ['orders_60d', words('bought {value} times in the last 60 days', '过去 60 天下单 {value} 次'), 0.9],
  ['days_since_order', words('last order {value} days ago', '{value} 天前最近一次下单'), -0.7],
  ['returns_share', words('{value} of lines returned', '退货比例 {value}'), -0.2],
  ['revenue_365d', words('spent {value} in a year', '一年消费 {value}'), 0.35],
] as const;

const family = (
  name: FamilyTrial['family'],
  loss: number,
  auc: number,
  parameters: FamilyTrial['parameters'],
): FamilyTrial => ({
  family: name,
  method: name,
  parameters,
  log_loss: { value: loss, low: loss - 0.012, high: loss + 0.012, n: 3_800 },
  auc: { value: auc, low: auc - 0.016, high: auc + 0.016, n: 3_800 },
  trials: 4,
  rows: 8_600,
  seconds: 0.8,
  chosen: name === 'boosting',
  why:
    name === 'boosting'
      ? words('Chosen: the lowest log loss on what was held back.', '入选：在留出数据上对数损失最低。')
      : words(
          'Not chosen: its log loss is 0.0120 above that of boosted trees.',
          '未入选：对数损失比梯度提升树高 0.0120。',
        ),
});
const FAMILIES = [
  family('logistic', 0.492, 0.771, { l2: 100 }),
  family('tree', 0.503, 0.758, { leaves: 16, minLeaf: 40 }),
  family('forest', 0.487, 0.777, { trees: 120, minLeaf: 20 }),
  family('boosting', 0.48, 0.784, { leaves: 8, learningRate: 0.05, trees: 80 }),
  family('perceptron', 0.49, 0.772, { units: 16, l2: 0.01 }),
];

const card: ClassifierCard = {
  kind: 'classifier',
  scenario: 'purchase-prediction',
  estimator: 'logistic-regression',
  parameters: { l2: 1 },
  seed: 7,
  horizon_days: 30,
  train_moments: [ago(180), ago(150), ago(120)],
  calibration_moment: ago(90),
  test_moment: ago(60),
  train_rows: 10_412,
  features: FEATURES.map(([name, said, weight]) => ({
    name,
    words: said,
    weight,
    importance: Math.abs(weight),
  })),
  convergence: { iterations: 42, converged: true, gradient: 1e-7, objective: 0.49 },
  model: figures(0.781, 2.8),
  baseline: figures(0.742, 2.4),
  baseline_name: words('recency and frequency', '最近与频次'),
  beats_baseline: true,
  auc_gain: { value: 0.039, low: 0.024, high: 0.055, n: 3_904 },
  figures: [
    {
      name: 'auc',
      words: words('AUC', 'AUC'),
      unit: 'number',
      better: 'higher',
      model: figures(0.781, 2.8).auc,
      baseline: figures(0.742, 2.4).auc,
    },
  ],
  limits: [],
  threshold: 0.24,
  families: FAMILIES,
  rivals: [
    {
      name: words('logistic regression on RFM', '仅用 RFM 的逻辑回归'),
      figures: figures(0.755, 2.5),
      auc_gain: { value: 0.026, low: 0.015, high: 0.038, n: 3_904 },
    },
  ],
  value: {
    margin: 12.4,
    contact_cost: 0.05,
    currency: 'GBP',
    why: words(
      'An order leaves £12.40; a contact costs £0.05. So it pays from a probability of 24.0 %.',
      '每单毛利 £12.40，每次触达 £0.05。因此，购买概率达到 24.0 % 的顾客值得触达。',
    ),
  },
  curves: {
    roc: steps.map(x => ({ fpr: x, tpr: x ** 0.34 })),
    baseline_roc: steps.map(x => ({ fpr: x, tpr: x ** 0.42 })),
    calibration: Array.from({ length: 10 }, (_, i) => {
      const predicted = 0.04 + i * 0.08;
      const observed = predicted + 0.02 * Math.sin(i * 2);
      return { predicted, observed, low: Math.max(0, observed - 0.05), high: observed + 0.05, n: 390 };
    }),
    gain: steps.slice(1).map(x => ({ share: x, model: x ** 0.5, baseline: x ** 0.62 })),
    profit: steps.map(x => ({
      threshold: x,
      profit: 3_400 * Math.exp(-((x - 0.24) ** 2) * 9) - 200,
      contacted: (1 - x) ** 2,
    })),
  },
  data: { fingerprint: 'f00d', orders: 18_402, customers: 4_338, first_at: ago(250), last_at: ago(1) },
};

const version = (number: number, state: ModelVersion['state']): ModelVersion => ({
  scenario: 'purchase-prediction',
  version: number,
  state,
  created_at: ago(4 - number),
  promoted_at: state === 'champion' ? ago(0.9) : null,
  why:
    number === 3
      ? words('Better than version 2 by 0.012 AUC.', '比版本 2 的 AUC 高 0.012。')
      : words('The first version.', '首个版本。'),
  card,
});

export const summary: ScenarioSummary = {
  name: 'purchase-prediction',
  kind: 'classifier',
  title: words('Purchase prediction', '购买预测'),
  question: words('Will this customer buy in the next 30 days?', '这位客户未来 30 天会下单吗？'),
  ready: true,
  champion: 3,
  scored: 4_338,
  scored_at: ago(1.4),
};

export const scenarioPage: ScenarioPage = {
  ...summary,
  needs: [
    {
      what: words('orders with a known customer', '有客户编号的订单'),
      have: 18_402,
      need: 500,
      met: true,
      freshest: ago(1),
    },
    { what: words('days of history', '历史天数'), have: 250, need: 120, met: true, freshest: null },
  ],
  features: FEATURES.map(([name, said], i) => ({
    name,
    words: said,
    unit: name === 'returns_share' ? 'share' : 'count',
    drift: [0.03, 0.14, 0.31, null][i] ?? null,
  })),
  versions: [version(3, 'champion'), version(2, 'challenger'), version(1, 'retired')],
  results: {
    as_of: ago(1.4),
    scored: 4_338,
    chosen: 1_420,
    expected: { value: 1_204, low: 1_130, high: 1_290, n: 4_338 },
    histogram: Array.from({ length: 20 }, (_, i) => ({
      low: i / 20,
      high: (i + 1) / 20,
      count: Math.round(900 * Math.exp(-i / 4) + 60),
    })),
    score_drift: 0.06,
  },
  advice: { retrain: false, why: words('The champion still stands.', '当前模型依然可靠。') },
};

export const prediction: Prediction = {
  scenario: 'purchase-prediction',
  version: 3,
  customer_id: '17850',
  as_of: ago(0.1),
  estimates: { probability: { value: 0.41, low: 0.36, high: 0.46, n: 1 } },
  labels: { chosen: 'yes' },
  reasons: [{ feature: 'recency_days', value: 4, effect: 12.5 }],
};
