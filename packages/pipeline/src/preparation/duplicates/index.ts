export { duplicateRuns, findDuplicates, type FindOptions } from './find.ts';
export { mergePairs, refusePairs, reopenPairs } from './decide.ts';
export { duplicatePairs } from './review.ts';
