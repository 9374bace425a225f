export { nextScoredAt, scoreWithClassifier } from './score.ts';
export { customerScores } from './scores.ts';
