export { distil } from './distil.ts';
export { quantiseSaved, unpackedSaved, type Packing, type RowLength } from './packed.ts';
export { prune, type FineTune } from './prune.ts';
export { quantise } from './quantise.ts';
export {
  compared,
  type CompressionReport,
  type Judge,
  type Metric,
  type Predicts,
  type SmallerModel,
} from './report.ts';
