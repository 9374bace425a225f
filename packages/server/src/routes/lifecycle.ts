import { api } from '@bellwether/contracts';
import {
  changeRules,
  churn,
  cohorts,
  currentRules,
  lifecycleCustomers,
  lifecycleSummary,
  previewRules,
  transitions,
} from '@bellwether/scenarios';
import type { Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { lifecycle } = api;

export function mountLifecycle(on: Mount, { stores }: Installation): void {
  on(lifecycle.summary, () => lifecycleSummary(stores));
  on(lifecycle.customers, ({ query }) => lifecycleCustomers(stores, query));
  on(lifecycle.transitions, ({ query }) => transitions(stores, query));
  on(lifecycle.cohorts, ({ query }) => cohorts(stores, query.every));
  on(lifecycle.churn, () => churn(stores));
  on(lifecycle.rules, () => currentRules(stores));
  on(lifecycle.setRules, ({ body }) => changeRules(stores, body));
  on(lifecycle.previewRules, ({ body }) => previewRules(stores, body));
}
