export {
  factorisationMachine,
  type FactorClassifier,
  type FactorisationMachineParameters,
  type FactorRegressor,
} from './factors.ts';
export { ftrl, type FtrlParameters } from './ftrl.ts';
export { hashed, type HashedModel } from './hashed.ts';
export type { SparseClassifier, SparseLinear, SparseRegressor } from './linear-model.ts';
export type { SgdLoss } from './losses.ts';
export { sgd, type SgdParameters } from './sgd.ts';
export { sparseSoftmax, type SparseSoftmaxModel, type SparseSoftmaxParameters } from './softmax.ts';
export {
  loadTextClassifier,
  textClassifier,
  type TextClassifier,
  type TextClassifierParameters,
} from './text-classifier.ts';
