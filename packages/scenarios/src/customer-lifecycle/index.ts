import type { Scenario } from '@bellwether/pipeline';
import { apply } from './apply.ts';
import { FEATURES } from './features.ts';
import { customersInBatches } from './read.ts';
import { predict } from './serve.ts';
import { needs } from './needs.ts';
import { judge, NAME, train } from './train.ts';

/** Where is each customer, and what will they be worth? See README.md beside this file. */
export const customerLifecycle: Scenario = {
  name: NAME,
  kind: 'lifecycle',
  title: { en: 'Customer lifecycle', 'zh-CN': '客户生命周期' },
  question: {
    en: 'Where is each customer, and what will they be worth?',
    'zh-CN': '每位客户处于哪个阶段，未来价值多少？',
  },
  horizonDays: 60,
  features: FEATURES,
  needs,
  subjects: ({ warehouse }, asOf, options) => customersInBatches(warehouse, asOf, options),
  train,
  apply,
  judge,
  predict,
};

export { churn } from './churn.ts';
export { cohorts } from './cohorts.ts';
export { lifecycleCustomers, lifecycleSummary } from './report.ts';
export { changeRules, currentRules, previewRules } from './rules.ts';
export { transitions } from './transitions.ts';
