import { account } from './account.ts';
import { customers } from './customers.ts';
import { data } from './data.ts';
import { engagement } from './engagement.ts';
import { scenarios } from './scenarios.ts';
import { system } from './system.ts';

export * from './shared.ts';
export * from './words.ts';
export * from './account.ts';
export * from './data.ts';
export * from './customers.ts';
export * from './scenarios.ts';
export * from './engagement.ts';
export * from './system.ts';

/** Every endpoint of the API but the tracking calls, uploads and tracked links, which speak raw HTTP. */
export const api = { account, system, data, customers, scenarios, engagement };
