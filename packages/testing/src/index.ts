export * from './data.ts';
export * from './stores.ts';
export * from './story.ts';
