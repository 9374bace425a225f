import type { Family } from '../family.ts';

export const neuralFamily: Family = {};
