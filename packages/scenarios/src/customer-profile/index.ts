import type { Scenario } from '@bellwether/pipeline';
import { applyProfile } from './apply.ts';
import { FEATURES } from './features.ts';
import { HORIZON_DAYS, profilesInBatches } from './read.ts';
import { predictSegment } from './serve.ts';
import { judgeProfile, NAME, profileNeeds, trainProfile } from './train.ts';

/** Who are our customers? See README.md beside this file. */
export const customerProfile = Object.freeze({
  name: NAME,
  kind: 'profile' as const,
  title: { en: 'Customer profile', 'zh-CN': '客户画像' },
  question: { en: 'Who are our customers?', 'zh-CN': '我们的客户是谁？' },
  horizonDays: HORIZON_DAYS,
  features: FEATURES,
  needs: profileNeeds,
  subjects: ({ warehouse }, asOf, options) => profilesInBatches(warehouse, asOf, options),
  train: trainProfile,
  apply: applyProfile,
  judge: judgeProfile,
  predict: predictSegment,
} satisfies Scenario);

export { listLookalikes, lookalikeMembers, makeLookalike } from './lookalike.ts';
export { customerProfileOf, profileOverview, renameSegment, rfmGrid } from './overview.ts';
