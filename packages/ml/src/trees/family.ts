import type { Family } from '../family.ts';

export const treesFamily: Family = {};
