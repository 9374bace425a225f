export { score, type Scoring, type ScoreOptions } from './score.ts';
export { customerScores } from './scores.ts';
