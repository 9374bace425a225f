import type { Family } from '../family.ts';
import { augmentedOf } from './augmented.ts';

export const augmentFamily: Family = { makers: { augmented: augmentedOf } };
