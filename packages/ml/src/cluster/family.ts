import type { Family } from '../family.ts';

export const clusterFamily: Family = {};
