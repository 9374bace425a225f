export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { selectTop } from './lib/lists';
export { scoreFactors, scoreSparse } from './lib/scoring';
export { entryLoss, gram, solve } from './lib/least-squares';
export { pairwiseSteps, pairwiseUsers } from './lib/pairwise';
export { coOccurrences, neighbours } from './lib/neighbours';
export { sweepPanel, sweepUpdate } from './lib/sweep';
export { slim } from './lib/elastic';
