import type { ClassifierCard, TableCard, TablePage, TableSummary } from '@bellwether/contracts';
import { ago, estimate } from './made.ts';
import { scenarioPage } from './scenario-fixtures.ts';

const words = (en: string, zh: string) => ({ en, 'zh-CN': zh });
// the first version of the fixtures is a classifier's
const like = scenarioPage.versions[0].card as ClassifierCard;

const leak: TablePage['leaks'][number] = {
  column: 'duration',
  sign: 'known_after',
  verdict: 'leak',
  auc: 0.815,
  next_auc: 0.782,
  evidence: words(
    '“duration” in its name speaks of what is known only when the outcome is, and alone it tells more than any other column: AUC 0.815, the best other 0.782.',
    '名称中的“duration”通常在结果出现时才知道，而它单独的判断力超过任何其他列：AUC 0.815，其他列最好为 0.782。',
  ),
};
const order: TablePage['leaks'][number] = {
  column: '',
  sign: 'row_order',
  verdict: 'warning',
  auc: 0.777,
  next_auc: 0.815,
  evidence: words(
    'The place of a row in the file tells the target (AUC 0.777): the file is sorted by time or by the outcome.',
    '行在文件中的位置就能提示目标（AUC 0.777）：文件按时间或结果排序。',
  ),
};
const leftOut = [{ column: 'duration', why: leak.evidence }];

const column = (
  name: string,
  kind: TablePage['overview'][number]['kind'],
  counts: readonly number[],
  notes: TablePage['overview'][number]['notes'] = [],
): TablePage['overview'][number] => ({
  ...{ name, kind, missing: name === 'income' ? 0.031 : 0, distinct: counts.length * 7 },
  examples: kind === 'number' ? ['41', '28', '57'] : ['web', 'shop', 'phone'],
  histogram: counts.map((count, at) => ({ label: kind === 'number' ? `${at * 8}` : `word ${at}`, count })),
  notes,
});

const card: TableCard = {
  ...{ kind: 'table', scenario: 'table:tab_1', estimator: 'boosting', parameters: like.parameters, seed: 1 },
  ...{ horizon_days: 0, train_moments: [], test_moment: ago(1), train_rows: 32_951 },
  ...{ baseline_name: words('logistic regression', '逻辑回归'), beats_baseline: true },
  ...{ figures: like.figures, data: like.data },
  limits: [
    words('“duration” was left out: it seems to know the outcome.', '已剔除“duration”：它似乎已知道结果。'),
  ],
  ...{ target: 'purchased', yes: 'yes', prior: 0.113, split: 'random' },
  cross: {
    ...{ folds: 5, rows: 41_188, positives: 4_640, fold_auc: [0.801, 0.808, 0.812, 0.803, 0.806] },
    ...{ auc: estimate(0.806, 0.794, 0.818), baseline_auc: estimate(0.791, 0.779, 0.803) },
    ...{ calibration_error: 0.004, log_loss: 0.269, brier: 0.076, calibration: like.curves.calibration },
  },
  ...{ model: like.model, baseline: like.baseline, auc_gain: like.auc_gain, curves: like.curves },
  ...{ threshold: 0.1, value: { gain: 20, cost: 2, currency: 'EUR' } },
  threshold_why: words(
    'Acting on a row costs 2 EUR and earns 20 EUR when it turns out yes: it pays from 10.0 % on.',
    '对一行采取行动的成本为 2 EUR，结果为“是”时收益 20 EUR：概率达到 10.0 % 即划算。',
  ),
  families: like.families,
  features: [
    { name: 'income', words: words('income: {value}', 'income：{value}'), importance: 3.1 },
    { name: 'age', words: words('age: {value}', 'age：{value}'), importance: 1.4 },
  ],
  columns: [
    { name: 'age', kind: 'number', values: [], typical: '38' },
    { name: 'income', kind: 'number', values: [], typical: '41000' },
    { name: 'channel', kind: 'category', values: ['web', 'shop', 'phone'], typical: 'web' },
  ],
  ...{ leaks: [leak, order], left_out: leftOut },
};

const summary: TableSummary = {
  ...{ id: 'tab_1', file_name: 'history.csv', rows: 41_188, columns: 5, target: 'purchased', champion: 1 },
  ...{ auc: card.cross.auc, created_at: ago(2) },
};

const page: TablePage = {
  ...summary,
  format: { container: 'csv', compression: 'none', encoding: 'utf-8', delimiter: ';', header: true },
  ...{ bytes: 5_834_924, sampled: 41_188 },
  refused: {
    total: 1,
    reasons: [{ reason: 'wrong_number_of_columns', count: 1 }],
    examples: [
      { line: 17, reason: 'wrong_number_of_columns', detail: '4 where 5 are expected', raw: '41;web;no;12' },
    ],
  },
  overview: [
    column('age', 'number', [120, 900, 1400, 1000, 600, 240, 60]),
    column(
      'income',
      'number',
      [300, 900, 1000, 400, 90],
      [
        words(
          '999 (4.0 % of the values) lies far from all others: it is read as “none”.',
          '999（占 4.0 %）远离其他取值，视为“无”。',
        ),
      ],
    ),
    column('channel', 'category', [2100, 1400, 300]),
    column('duration', 'number', [3000, 800, 300, 90, 12]),
    column('purchased', 'yes_no', [36_548, 4_640]),
  ],
  choices: {
    ...{ target: 'purchased', yes: 'yes', kinds: {}, leave_out: [], keep: [], folds: 5 },
    value: { gain: 20, cost: 2, currency: 'EUR' },
  },
  target_values: [
    { value: 'no', count: 36_548 },
    { value: 'yes', count: 4_640 },
  ],
  ...{ leaks: [leak, order], left_out: leftOut, faults: [] },
  versions: [
    {
      ...{ version: 1, state: 'champion', created_at: ago(1), promoted_at: ago(1), card },
      why: words('The first version. It beats the baseline.', '首个版本。优于基线。'),
    },
  ],
};

/** The answer of each route of tables. */
export const answers = (job: unknown): Record<string, unknown> => ({
  'GET /v1/tables': [summary],
  'POST /v1/tables': page,
  'GET /v1/tables/:id': page,
  'PUT /v1/tables/:id/choices': page,
  'POST /v1/tables/:id/train': job,
  'POST /v1/tables/:id/versions/:version/promote': page,
  'POST /v1/tables/:id/predict': {
    ...{ scenario: 'table:tab_1', version: 1, probability: estimate(0.183, 0.14, 0.23, 1), chosen: true },
    reasons: [{ feature: 'income', value: '41000', effect: 4.2 }],
    notes: [],
  },
  'POST /v1/tables/:id/check': { file_name: 'new.csv', ready: true, notes: [] },
  'DELETE /v1/tables/:id': { ok: true },
});
