export { gammaGamma, type SpendModel } from './gamma-gamma.ts';
export { lifetimeValue, type LifetimeValueOptions } from './lifetime-value.ts';
export type { LikelihoodParameters } from './maximum-likelihood.ts';
export {
  bgNbd,
  mbgNbd,
  paretoNbd,
  type LifetimeEstimator,
  type PurchaseModel,
  type PurchaseParameters,
} from './purchases.ts';
export type { ParameterEstimate, Uncertain, UncertaintyOptions } from './uncertainty.ts';
