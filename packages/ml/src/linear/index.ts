export { logistic, type LogisticParameters } from './logistic.ts';
