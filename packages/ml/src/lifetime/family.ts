import type { Family } from '../family.ts';

export const lifetimeFamily: Family = {};
