export * from './client.ts';
export { createTracker, type Tracker, type TrackerOptions } from './track.ts';
export type { DropReason, QueuedEvent } from './queue.ts';
export {
  recommendations,
  type RecommendationsOptions,
  type RecommendationsWidget,
  type WidgetItem,
} from './widget.ts';
