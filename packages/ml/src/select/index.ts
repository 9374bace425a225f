export { dataAt, fittedAndPredicted, type Data, type Predictor, type Split } from './data.ts';
export { groupedFold, holdOut, kFold, stratifiedFold, timeSplits, type TimeSplitOptions } from './splits.ts';
export { aucScore, brierScore, logLossScore, rmseScore, type Score } from './score.ts';
export { crossValidate, type CrossValidateOptions, type CrossValidation } from './cross-validate.ts';
export {
  choice,
  logUniform,
  uniform,
  whole,
  type Dimension,
  type Point,
  type Space,
  type Value,
} from './space.ts';
export { search, type Search, type SearchOptions, type Trial } from './search.ts';
