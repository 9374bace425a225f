export * from './errors.ts';
export * from './time.ts';
export * from './progress.ts';
export * from './events.ts';
export * from './tables.ts';
export * from './route.ts';
export * from './api/index.ts';
