export { linear, type LinearModel, type LinearParameters } from './linear.ts';
export {
  gamma,
  poisson,
  type GammaParameters,
  type LogLinkModel,
  type PoissonParameters,
} from './log-link.ts';
export { logistic, type LogisticParameters } from './logistic.ts';
export { softmax, type SoftmaxModel, type SoftmaxParameters } from './softmax.ts';
export * from './sparse/index.ts';
