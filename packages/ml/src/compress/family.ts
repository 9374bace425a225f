import type { Family } from '../family.ts';

export const compressFamily: Family = {};
