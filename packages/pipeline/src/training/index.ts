export { fitScenario, type Fitted } from './fit.ts';
export { planMoments, WARM_UP_DAYS, type TrainingPlan } from './moments.ts';
export { assertReady, needsOf } from './needs.ts';
export { ValueSettings, valueSettings, valueTerms, type ValueTerms } from './value.ts';
export {
  bytesOf,
  championOf,
  keepVersion,
  learnedFrom,
  learnedOf,
  modelVersions,
  promoteVersion,
  type Champion,
  type Learned,
  type Verdict,
} from './versions.ts';
