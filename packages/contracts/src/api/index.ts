import { account } from './account.ts';
import { customers } from './customers.ts';
import { data } from './data.ts';
import { decision } from './decision.ts';
import { duplicates } from './duplicates.ts';
import { engagement } from './engagement.ts';
import { scenarios } from './scenarios.ts';
import { system } from './system.ts';
import { tables } from './tables.ts';
import { impressions } from './impressions.ts';
import { lifecycle } from './lifecycle.ts';
import { operations } from './operations.ts';
import { profile } from './profile.ts';
import { recommendation } from './recommendation.ts';

export * from './shared.ts';
export * from './words.ts';
export * from './account.ts';
export * from './data.ts';
export * from './customers.ts';
export * from './duplicates.ts';
export * from './card.ts';
export * from './classifier.ts';
export * from './decision.ts';
export * from './traits.ts';
export * from './profile.ts';
export * from './recommendation.ts';
export * from './impressions.ts';
export * from './lifecycle.ts';
export * from './scenarios.ts';
export * from './operations.ts';
export * from './tables.ts';
export * from './engagement.ts';
export * from './system.ts';
export * from './audience.ts';

/** Every endpoint of the API but the tracking calls, uploads and tracked links, which speak raw HTTP. */
export const api = {
  account,
  system,
  data,
  customers,
  duplicates,
  scenarios,
  operations,
  decision,
  profile,
  recommendation,
  impressions,
  lifecycle,
  engagement,
  tables,
};
