import type {
  Comparison,
  DriftHistory,
  Figure,
  Outcome,
  Performance,
  ScenarioRun,
  ScheduleState,
  Shadow,
} from '@bellwether/contracts';
import { ago } from './made.ts';

const words = (en: string, zh: string) => ({ en, 'zh-CN': zh });
const NAMES: readonly [Figure['name'], Figure['words'], Figure['unit'], Figure['better'], number][] = [
  ['auc', words('AUC', 'AUC'), 'number', 'higher', 0.78],
  ['log_loss', words('log loss', '对数损失'), 'number', 'lower', 0.45],
  ['calibration_error', words('calibration error', '校准误差'), 'share', 'lower', 0.02],
  ['top_decile_lift', words('top-decile lift', '前 10% 提升度'), 'times', 'higher', 2.8],
];
const figures = (shift: number): Figure[] =>
  NAMES.map(([name, said, unit, better, value]) => {
    const at = value * (1 + shift);
    const around = name === 'auc' ? { low: at - 0.015, high: at + 0.015 } : { low: null, high: null };
    return { name, words: said, unit, better, model: { value: at, ...around, n: 4_100 }, baseline: null };
  });

const run = (id: number, what: ScenarioRun['what'], more: Partial<ScenarioRun> = {}): ScenarioRun => ({
  id: `run_${id}`,
  what,
  cause: 'schedule',
  state: 'done',
  started_at: ago(id / 2),
  finished_at: ago(id / 2 - 0.001),
  version: 3,
  rows_read: { sales: 313_293, events: 1_204_118, identity: 9_120 },
  rows_written: what === 'train' ? { model_versions: 1 } : { scores: 4_338, features: 4_338, score_runs: 1 },
  result: {},
  error: null,
  job_id: `job_${id}`,
  ...more,
});

export const runs: ScenarioRun[] = [
  run(1, 'apply', { rows_written: { scores: 41, features: 41, score_runs: 1 } }),
  run(2, 'judge', { rows_written: {}, result: { judged: 1 } }),
  run(3, 'apply'),
  run(4, 'train', { cause: 'asked' }),
  run(5, 'apply', {
    state: 'failed',
    error: 'the server stopped while this ran; what it had not finished is not seen by anybody',
    rows_written: {},
  }),
];

export const schedule: ScheduleState = {
  ...{ on: true, changed: 'hourly', all: 'daily', hour: 3, train: 'auto' },
  timezone: 'Europe/London',
  is_default: true,
  next: { changed: ago(-0.03), all: ago(-0.6), train: ago(-0.6) },
};

const outcome = (days: number, shift: number): Outcome => ({
  as_of: ago(days),
  scored_at: ago(days),
  version: 3,
  judged_at: ago(days - 30),
  customers: 4_100,
  told: true,
  figures: figures(shift),
  calibration: Array.from({ length: 10 }, (_, bin) => ({
    predicted: (bin + 0.5) / 12,
    observed: ((bin + 0.5) / 12) * (1 + shift * 3),
    n: 410,
  })),
});

export const performance: Performance = {
  horizon_days: 30,
  next_at: ago(-3),
  outcomes: [0.01, 0, -0.005, -0.01, -0.008, -0.03].map((shift, i) => outcome(72 - 7 * i, shift)),
  promised: [{ version: 3, figures: figures(0) }],
  alarm: null,
};

export const drift: DriftHistory = {
  runs: Array.from({ length: 20 }, (_, i) => ({
    scored_at: ago(20 - i),
    as_of: ago(20 - i),
    version: 3,
    score: { psi: 0.01 + 0.004 * i, noise: 0.006 },
    features: [
      { name: 'orders_60d', psi: 0.02 + 0.016 * i, noise: 0.006, drifted: i > 14 },
      { name: 'days_since_order', psi: 0.015, noise: 0.006, drifted: false },
    ],
  })),
  sentences: [
    words(
      '“bought … times in the last 60 days” is spread otherwise than when the version was tested: 0.32 (by chance up to 0.006).',
      '“过去 60 天下单 … 次”的分布与测试时不同：0.32（随机波动最多 0.006）。',
    ),
  ],
};

const side = (version: number, shift: number): Comparison['a'] => ({
  version,
  state: version === 3 ? 'champion' : 'challenger',
  estimator: version === 3 ? 'boosting' : 'logistic-regression',
  created_at: ago(4 - version),
  test_moment: ago(60),
  has_seen: false,
  card: figures(shift),
  now: figures(shift - 0.01),
});
export const comparison: Comparison = { as_of: ago(31), horizon_days: 30, a: side(3, 0), b: side(2, -0.02) };

export const shadow: Shadow = {
  version: 2,
  since: ago(9),
  runs: Array.from({ length: 9 }, (_, i) => ({
    scored_at: ago(9 - i),
    as_of: ago(9 - i),
    version: 2,
    champion: 3,
    customers: 4_338,
    rank_correlation: 0.93 + 0.002 * i,
    differing: 0.08 - 0.003 * i,
    drift: 0.04,
    noise: 0.006,
  })),
};

export const cardPage = {
  file: 'purchase-prediction-v3.en.md',
  type: 'text/markdown; charset=utf-8',
  text: '# Model card: Purchase prediction, version 3\n',
};
