export { createMarket, Market, type MarketOptions, type Reading } from './market.ts';
export { publish, batchesOf, type PublicApi } from './publish.ts';
export { catalogueCsv, type Product } from './catalogue.ts';
export type { HiddenTruth, Person, PublicFace } from './customer.ts';
export type { TrueLift } from './truth.ts';
