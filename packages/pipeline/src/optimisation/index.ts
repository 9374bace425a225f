export { promote, scenarioPage, scenarioSummary } from './page.ts';
export { adviceOf, type Advice, type Situation } from './advice.ts';
export { decisionOf, type DecisionOptions } from './decision.ts';
