import type { Scenario } from '@bellwether/pipeline';
import { purchasePrediction } from './src/purchase-prediction/index.ts';

/** Every question that Bellwether answers, in the order in which the console lists them. */
export const scenarios: readonly Scenario[] = [purchasePrediction];

export { purchasePrediction };
