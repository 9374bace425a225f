export { erasures, requestErasure, runErasure, type ErasureRequest, type ErasureStores } from './erase.ts';
export { exportPerson, exportZip, type PersonExport } from './export.ts';
export { holdBack, liftHold } from './hold-back.ts';
export { objectors, profilingOf, recordObjection } from './profiling.ts';
export { personOf, type Person } from './whom.ts';
