export { forgetChampion } from './live.ts';
export { predictWithClassifier } from './predict.ts';
export { nextScoredAt, scoreWithClassifier } from './score.ts';
export { customerScores } from './scores.ts';
export { whatIf, type MeasuredJourney } from './what-if.ts';
