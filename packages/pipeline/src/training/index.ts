export {
  BUDGET,
  compete,
  timeSplitsOf,
  type Budget,
  type CompeteInput,
  type Competition,
} from './compete.ts';
export { fiveFamilies, traitsOf, type Candidate, type ColumnTraits } from './families.ts';
export { FAMILY_WORDS } from './standings.ts';
export { fitScenario, type Fitted } from './fit.ts';
export { planMoments, WARM_UP_DAYS, type TrainingPlan } from './moments.ts';
export { assertReady, classifierNeeds, needOf } from './needs.ts';
export { beyondChance, firstVerdict, laterVerdict, replacing } from './verdict.ts';
export { currentTerms, keepValueSettings, valueSettings, valueTerms, type ValueTerms } from './value.ts';
export {
  bytesOf,
  keptClassifier,
  learnedFrom,
  learnedOf,
  readable,
  type KeptClassifier,
  type Learned,
} from './learned.ts';
export {
  keepVersion,
  keptVersion,
  modelVersions,
  promoteVersion,
  type KeptVersion,
  type NewVersion,
  type Verdict,
} from './versions.ts';
