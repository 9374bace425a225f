import type { Scenario } from '@bellwether/pipeline';
import { customerLifecycle } from './src/customer-lifecycle/index.ts';
import { customerProfile } from './src/customer-profile/index.ts';
import { recommendation } from './src/recommendation/index.ts';
import { purchasePrediction } from './src/purchase-prediction/index.ts';

/** Every question that Bellwether answers, in the order in which the console lists them. */
export const scenarios: readonly Scenario[] = [
  purchasePrediction,
  customerLifecycle,
  customerProfile,
  recommendation,
];

export { purchasePrediction };

export {
  changeRules,
  churn,
  cohorts,
  currentRules,
  customerLifecycle,
  lifecycleCustomers,
  lifecycleSummary,
  previewRules,
  transitions,
} from './src/customer-lifecycle/index.ts';

export {
  bytesOfRecommendation,
  deedsOf,
  deedsSince,
  evaluateLiterature,
  literatureOf,
  type LearnedRecommendation,
  type LiteratureResult,
  keepRecommendationSettings,
  LiveRecommendations,
  readServingState,
  recommendation,
  recommendationSettings,
  TELLING,
} from './src/recommendation/index.ts';

export {
  customerProfile,
  customerProfileOf,
  listLookalikes,
  lookalikeMembers,
  makeLookalike,
  profileOverview,
  renameSegment,
  rfmGrid,
} from './src/customer-profile/index.ts';
