import { api } from '@bellwether/contracts';
import { keepRecommendationSettings, recommendationSettings } from '@bellwether/scenarios';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { recommendation } = api;

export function mountRecommendation(on: Mount, { stores, recommender, settings }: Installation): void {
  // a shop asks for every page that it shows, as it tracks every page
  const limit = { max: settings.trackingPerMinute, timeWindow: '1 minute' };
  on(recommendation.recommend, ({ query }) => recommender.answer(query), limit);
  on(recommendation.settings, () => recommendationSettings(stores.records));
  on(recommendation.setSettings, async ({ body }) => {
    await keepRecommendationSettings(stores.records, body);
    await recommender.refresh();
    return DONE;
  });
}
