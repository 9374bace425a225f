export {
  defineScenario,
  type Feature,
  type FeatureUnit,
  type Scenario,
  type ScenarioDefinition,
} from './scenario.ts';
export { dataMoment } from './moment.ts';
export { dataSpan, type DataSpan } from './span.ts';
export {
  columnsOf,
  featuresInBatches,
  labelledFeatures,
  type LabelledSubjects,
  type ReadOptions,
  type Subjects,
} from './read.ts';
