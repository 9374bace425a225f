export * from './client.ts';
export { createTracker, type Tracker, type TrackerOptions } from './track.ts';
export type { DropReason, QueuedEvent } from './queue.ts';
