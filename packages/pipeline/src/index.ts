export * from './collection/index.ts';
export * from './collection/importers/index.ts';
export * from './features/index.ts';
export {
  championOf,
  modelVersions,
  needsOf,
  planMoments,
  ValueSettings,
  valueSettings,
  type Champion,
} from './training/index.ts';
export * from './train.ts';
export * from './prediction/index.ts';
export * from './optimisation/index.ts';
export type { Stores } from './stores.ts';
export * from './preparation/index.ts';
