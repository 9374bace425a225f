export { aucGain, figuresOf, type EvaluationOptions, type Judged } from './figures.ts';
export { curvesOf } from './curves.ts';
