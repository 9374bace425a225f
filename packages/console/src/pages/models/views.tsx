import type { ScenarioKind, ScenarioPage } from '@bellwether/contracts';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** What a kind of scenario shows of today's customers, above how good its version is; loaded when it is looked at. */
export type ScenarioView = LazyExoticComponent<ComponentType<{ page: ScenarioPage }>>;

/** One line for each kind that has a view of its own; a classifier's is `Results`. */
export const VIEWS: Partial<Record<ScenarioKind, ScenarioView>> = {
  recommendation: lazy(() =>
    import('../recommendation/RecommendationView.tsx').then(module => ({
      default: module.RecommendationView,
    })),
  ),
  lifecycle: lazy(() => import('../lifecycle/Lifecycle.tsx')),
  profile: lazy(() => import('../profile/ProfileView.tsx').then(module => ({ default: module.ProfileView }))),
};
