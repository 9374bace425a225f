import type { Family } from '../family.ts';

export const explainFamily: Family = {};
