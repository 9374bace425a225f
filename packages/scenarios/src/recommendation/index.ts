export { deedsSince, readServingState } from './reading.ts';
export { LiveRecommendations } from './serve.ts';
export { keepRecommendationSettings, recommendationSettings } from './settings.ts';
export { deedsOf, TELLING } from './visits.ts';
