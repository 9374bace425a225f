export * from './check-scenario.ts';
export * from './data.ts';
export * from './market.ts';
export * from './shop.ts';
export * from './stores.ts';
export * from './story.ts';
