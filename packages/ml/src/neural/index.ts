export type { Activation } from './network.ts';
export type {
  PerceptronClasses,
  PerceptronClassifier,
  PerceptronModel,
  PerceptronRegressor,
} from './model.ts';
export type { Optimiser } from './optimiser.ts';
export type { PerceptronParameters, PerceptronTask } from './parameters.ts';
export { perceptron } from './perceptron.ts';
export type { Schedule } from './schedule.ts';
export * as tensors from './tensor.ts';
export type { Tensor } from './tensor.ts';
export type { TrainingHistory } from './train.ts';
