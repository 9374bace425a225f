import { cells, columns, logistic, pipeline, standardise } from '@bellwether/ml';
import { defineClassifier, rule } from '@bellwether/pipeline';
import { FEATURES } from './features.ts';

const RFM = ['recency_days', 'orders', 'revenue'];

/** Will this customer buy in the next 30 days? See README.md beside this file. */
export const purchasePrediction = defineClassifier({
  name: 'purchase-prediction',
  title: { en: 'Purchase prediction', 'zh-CN': '购买预测' },
  question: {
    en: 'Who will buy in the next 30 days?',
    'zh-CN': '未来 30 天谁会购买？',
  },
  home: import.meta.url,
  horizonDays: 30,
  features: FEATURES,
  baseline: {
    name: { en: 'recency, frequency and value, by quintile', 'zh-CN': 'RFM 五分位规则' },
    estimator: cells({ columns: RFM, bins: 5, shrinkage: 20 }),
  },
  rivals: [
    {
      name: {
        en: 'logistic regression on recency, frequency and value',
        'zh-CN': '仅用 RFM 的逻辑回归',
      },
      estimator: pipeline(
        [columns([[RFM, standardise({ log: RFM })]], { rest: 'drop' })],
        logistic({ l2: 1 }),
      ),
    },
    rule({
      name: { en: 'bought in the last 30 days, or the last 90', 'zh-CN': '最近 30 天或 90 天内购买过' },
      tiers: [
        { when: { recency_days: { to: 30 } }, says: 0.5 },
        { when: { recency_days: { to: 90 } }, says: 0.25 },
      ],
      otherwise: 0.1,
    }),
  ],
  // 60 days to know customers by, then windows to learn from (two), to calibrate on and to test on
  least: { customers: 200, historyDays: 180, outcomes: 50 },
});
