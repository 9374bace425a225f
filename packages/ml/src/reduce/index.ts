export { pca, type FittedPca, type Pca, type PcaParameters } from './pca.ts';
export {
  truncatedSvd,
  type FittedSvd,
  type TruncatedSvd,
  type TruncatedSvdParameters,
} from './truncated-svd.ts';
