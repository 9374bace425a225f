import type { Family } from '../family.ts';
import { loadLogistic, logistic } from './logistic.ts';

export const linearFamily: Family = { makers: { logistic }, models: { logistic: loadLogistic } };
