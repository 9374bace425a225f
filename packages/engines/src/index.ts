export { startEngines, type Engines, type EnginesOptions } from './engines.ts';
export type { Log } from './supervised.ts';
