import type { Family } from '../family.ts';

export const reduceFamily: Family = {};
