export {
  compileTraits,
  isText,
  type CompiledTraits,
  type CompileOptions,
  type Definitions,
} from './compile.ts';
export { computeTraits, type Computed, type ComputeOptions } from './compute.ts';
export { previewTrait } from './preview.ts';
export { DEFAULT_TRAITS } from './defaults.ts';
export { deleteTrait, getTrait, listTraits, saveTrait, traitDefinitions } from './keep.ts';
export {
  definitionNamed,
  evaluateTraits,
  momentParam,
  traitAt,
  traitCounts,
  traitNumberSql,
  customerTraits,
  valuesOf,
  type EvaluateOptions,
  type KeptTraits,
} from './read.ts';
