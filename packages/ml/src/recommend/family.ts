import type { Family } from '../family.ts';

export const recommendFamily: Family = {};
