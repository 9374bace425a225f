export { cox, type CoxCoefficient, type CoxModel, type CoxParameters } from './cox.ts';
export {
  discreteSurvival,
  personPeriods,
  type DiscreteSurvivalModel,
  type DiscreteSurvivalParameters,
} from './discrete-survival.ts';
export { gammaGamma, type SpendModel } from './gamma-gamma.ts';
export {
  kaplanMeier,
  survivalAt,
  type KaplanMeierOptions,
  type SurvivalCurve,
  type SurvivalStep,
} from './kaplan-meier.ts';
export { lifetimeValue, type LifetimeValueOptions } from './lifetime-value.ts';
export { logRank, type LogRank } from './log-rank.ts';
export type { LikelihoodParameters } from './maximum-likelihood.ts';
export {
  bgNbd,
  mbgNbd,
  paretoNbd,
  type LifetimeEstimator,
  type PurchaseCounts,
  type PurchaseModel,
  type PurchaseParameters,
} from './purchases.ts';
export type { SurvivalTarget } from './survival-target.ts';
export type { ParameterEstimate, Uncertain, UncertaintyOptions } from './uncertainty.ts';
