export * from './collection/index.ts';
