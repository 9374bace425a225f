import type { Scenario } from '@bellwether/pipeline';
import { applyRecommendation } from './apply.ts';
import { HORIZON_DAYS, NAME, recommendationNeeds } from './needs.ts';
import { FEATURES, recommendationSubjects } from './subjects.ts';
import { judgeRecommendation, trainRecommendation } from './train.ts';

export { evaluateLiterature, literatureOf, type LiteratureResult } from './literature.ts';
export { bytesOf as bytesOfRecommendation, type Learned as LearnedRecommendation } from './learned.ts';
export { deedsSince, readServingState } from './reading.ts';
export { LiveRecommendations } from './serve.ts';
export { keepRecommendationSettings, recommendationSettings } from './settings.ts';
export { deedsOf, TELLING } from './visits.ts';

/** What should this person see next? */
export const recommendation: Scenario = Object.freeze({
  name: NAME,
  kind: 'recommendation' as const,
  title: { en: 'Recommendation', 'zh-CN': '商品推荐' },
  question: { en: 'What should this person see next?', 'zh-CN': '接下来应该给这位客户看什么？' },
  horizonDays: HORIZON_DAYS,
  features: FEATURES,
  needs: recommendationNeeds,
  subjects: recommendationSubjects,
  train: trainRecommendation,
  apply: applyRecommendation,
  judge: judgeRecommendation,
} satisfies Scenario);
