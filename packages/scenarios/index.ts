import type { Scenario } from '@bellwether/pipeline';
import { purchasePrediction } from './src/purchase-prediction/index.ts';

/** Every question that Bellwether answers, in the order in which the console lists them. */
export const scenarios: readonly Scenario[] = [purchasePrediction];

export { purchasePrediction };

export {
  deedsOf,
  deedsSince,
  keepRecommendationSettings,
  LiveRecommendations,
  readServingState,
  recommendationSettings,
  TELLING,
} from './src/recommendation/index.ts';
