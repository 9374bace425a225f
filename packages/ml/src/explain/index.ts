export {
  counterfactual,
  type Change,
  type ChangedFeature,
  type Counterfactual,
  type CounterfactualOptions,
} from './counterfactual.ts';
export {
  accumulatedEffects,
  partialDependence,
  type AccumulatedEffects,
  type DependenceOptions,
  type PartialDependence,
} from './dependence.ts';
export { permutationImportance, type PermutationImportance, type PermutationOptions } from './permutation.ts';
export { reasons, type FeatureWords, type Reason, type ReasonOptions } from './reasons.ts';
export { sampledShapley, type SamplingOptions } from './sampled-shapley.ts';
