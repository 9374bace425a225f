import type { Family } from '../family.ts';
import { loadPacked, PACKED } from './packed.ts';

export const compressFamily: Family = { models: { [PACKED]: loadPacked } };
