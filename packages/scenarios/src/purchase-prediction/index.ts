import { cells, impute, logistic, pipeline, standardise } from '@bellwether/ml';
import { defineClassifier } from '@bellwether/pipeline';
import { FEATURES } from './features.ts';

const LOG = FEATURES.filter(feature => feature.skewed).map(feature => feature.name);

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
  estimator: l2 => pipeline([impute(), standardise({ log: LOG })], logistic({ l2 })),
  penalties: [1, 10, 100, 1000],
  baseline: {
    name: { en: 'recency, frequency and value, by quintile', 'zh-CN': 'RFM 五分位规则' },
    estimator: cells({ columns: ['recency_days', 'orders', 'revenue'], bins: 5, shrinkage: 20 }),
  },
  // 60 days to know customers by, then windows to learn from (two), to calibrate on and to test on
  least: { customers: 200, historyDays: 180, outcomes: 50 },
});
