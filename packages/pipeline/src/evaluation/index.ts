export { aucGain, figuresOf, namedFigures, type EvaluationOptions, type Judged } from './figures.ts';
export { curvesOf } from './curves.ts';
export { calibrationOf, classifierOutcome } from './told.ts';
