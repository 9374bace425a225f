export { MlError, type MlErrorCode } from './errors.ts';
export {
  columnOf,
  dictionaryOf,
  encoded,
  joined,
  pick,
  recoded,
  rowsAt,
  stacked,
  tableOf,
  valuesAt,
  type Dictionaries,
  type Table,
} from './table.ts';
export { tableFromArrow, type ArrowChunk, type ArrowColumn, type ArrowVector } from './arrow.ts';
export { sparseOf, sparseRowsAt, transposed, type SparseRows } from './sparse.ts';
export type {
  Chunk,
  Classifier,
  Contributions,
  Convergence,
  Estimator,
  Explained,
  FitOptions,
  FitProgress,
  FittedTransformer,
  IncrementalEstimator,
  Learner,
  Model,
  MulticlassClassifier,
  OddsModel,
  Parameters,
  Regressor,
  ScoredClassifier,
  Transformer,
} from './estimator.ts';
export { fitChunks } from './chunks.ts';
export { encode, decode, SavedReader, type Json, type Saved } from './saved.ts';
export {
  estimatorOf,
  loadCalibratedModel,
  loadClassifier,
  loadModel,
  loadOddsModel,
  loadTransformer,
} from './registry.ts';
export { Rng } from './random/rng.ts';
export { sigmoid, logit } from './numeric/logistic.ts';
export { methodOf, pipeline } from './pipeline.ts';
export * from './augment/index.ts';
export * from './baseline/index.ts';
export * from './calibrate/index.ts';
export * from './cluster/index.ts';
export * from './compress/index.ts';
export * from './explain/index.ts';
export * from './lifetime/index.ts';
export * from './linear/index.ts';
export * from './metrics/index.ts';
export * from './neural/index.ts';
export * from './preprocess/index.ts';
export * from './recommend/index.ts';
export * from './reduce/index.ts';
export * from './select/index.ts';
export * from './trees/index.ts';
