export {
  openEngagement,
  type Engagement,
  type EngagementOptions,
  type EngagementStores,
  type Log,
  type Shop,
} from './engagement.ts';
export {
  countAudience,
  createAudience,
  getAudience,
  listAudiences,
  refreshAudience,
} from './audiences/audiences.ts';
export { parseCondition } from './audiences/text/parse.ts';
export { printCondition } from './audiences/text/print.ts';
export type { Channel, Outcome, OutgoingMessage } from './channels/channel.ts';
export { openEmailChannel, type DkimKey, type EmailSettings } from './channels/email.ts';
export { getTemplate, listTemplates, previewTemplate, saveTemplate } from './templates/templates.ts';
export { DEFAULT_TEMPLATES } from './templates/defaults.ts';
export {
  keepRecommendationUse,
  listArmOf,
  recommendationUse,
  type ListArm,
} from './templates/recommendations-use.ts';
export type { Person } from './templates/people.ts';
export { compileJourney, type CompiledJourney } from './journeys/graph.ts';
export {
  changeJourney,
  createJourney,
  getJourney,
  listJourneys,
  setJourneyState,
  type JourneyDraft,
} from './journeys/journeys.ts';
export { journeyMessages } from './journeys/messages.ts';
export { journeyResults } from './experiments/results.ts';
export { differenceOfShares, sampleRatioP, tQuantile } from './experiments/statistics.ts';
export { GUARDS, type FrequencyCap, type Guard, type QuietHours } from './delivery/guards.ts';
export { tick, type TickReport } from './delivery/tick.ts';
export { startWorker, type Worker } from './delivery/worker.ts';
export type { LinkSettings } from './links/links.ts';
export {
  trackedLinks,
  type LinkHandler,
  type LinkReply,
  type LinkRequest,
  type TrackedLinks,
} from './links/tracked.ts';
