export { impute } from './impute.ts';
export { standardise, type StandardiseParameters } from './standardise.ts';
