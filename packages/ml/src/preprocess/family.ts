import type { Family } from '../family.ts';
import { impute, loadImpute } from './impute.ts';
import { loadStandardise, standardise } from './standardise.ts';

export const preprocessFamily: Family = {
  makers: { impute, standardise },
  transformers: { impute: loadImpute, standardise: loadStandardise },
};
