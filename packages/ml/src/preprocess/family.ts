import type { Family } from '../family.ts';
import { clipOutliers, loadClipOutliers } from './clip-outliers.ts';
import { columnsOf, loadColumns } from './columns.ts';
import { impute, loadImpute } from './impute.ts';
import { loadOneHot, oneHot } from './one-hot.ts';
import { frequency, loadFrequency, loadOrdinal, ordinal } from './ordinal.ts';
import { loadPowerTransform, powerTransform } from './power-transform.ts';
import { loadQuantileBins, quantileBins } from './quantile-bins.ts';
import { loadRobustScale, robustScale } from './robust-scale.ts';
import { loadStandardise, standardise } from './standardise.ts';
import { loadTargetEncode, targetEncode } from './target-encode.ts';

export const preprocessFamily: Family = {
  makers: {
    ...{ clipOutliers, columns: columnsOf, frequency, impute, oneHot, ordinal, powerTransform },
    ...{ quantileBins, robustScale, standardise, targetEncode },
  },
  transformers: {
    clipOutliers: loadClipOutliers,
    columns: loadColumns,
    frequency: loadFrequency,
    impute: loadImpute,
    oneHot: loadOneHot,
    ordinal: loadOrdinal,
    powerTransform: loadPowerTransform,
    quantileBins: loadQuantileBins,
    robustScale: loadRobustScale,
    standardise: loadStandardise,
    targetEncode: loadTargetEncode,
  },
};
