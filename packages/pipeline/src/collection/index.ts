export { openCollection } from './collection.ts';
export type { Collection, CollectionOptions, Counts } from './collection.ts';
export type { Call, Receipt, RefusedEvent } from './judge.ts';
export type { Replay, Replayed } from './replay.ts';
export { arrivals } from './arrivals.ts';
export { quarantinePage, type QuarantineQuery, type QuarantinePage } from './quarantine.ts';
export { COLLECTION_ERRORS, TRACKING_PATHS, writeKeyOf } from './tracking.ts';
