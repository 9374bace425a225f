export type * from './scenario.ts';
export { dropChoice, type Chosen } from './chosen.ts';
export {
  classifierQuestion,
  type ClassifierDefinition,
  type ClassifierQuestion,
  type Rule,
} from './classifier.ts';
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
export { rule, type RuleDefinition, type Tier, type Within } from './rule.ts';
export {
  columnSummaries,
  crossProducts,
  histograms,
  quantileEdges,
  type ColumnSummary,
  type CrossProducts,
} from './summary.ts';
export { sampleLimit, shareWithin, type RowBudget } from './within.ts';
