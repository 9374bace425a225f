import { columns, pipeline, targetEncode, type Table } from '@bellwether/ml';
import { fiveFamilies, traitsOf, type Candidate } from '../training/index.ts';

/** Words of a column from which on its values are taken by their rate, not one by one. */
const MANY_WORDS = 24;
/** Boosting that is tried there: with columns encoded inside the fit, trees cannot be counted on the way. */
const BOOSTED: Candidate['points'] = [
  { leaves: 4, learningRate: 0.1, minLeaf: 20, trees: 120 },
  { leaves: 8, learningRate: 0.05, minLeaf: 40, trees: 120 },
  { leaves: 8, learningRate: 0.03, minLeaf: 100, trees: 300 },
  { leaves: 12, learningRate: 0.03, minLeaf: 60, trees: 300 },
  { leaves: 16, learningRate: 0.05, minLeaf: 150, trees: 120 },
  { leaves: 31, learningRate: 0.03, minLeaf: 80, trees: 160 },
];

/**
 * The five families for the columns of a table. Columns of many words (and contexts are such) are told to trees too by how
 * often each word went with yes, cross-fitted: inside the fit, where no row sees its own answer. Of the linear model the best
 * penalty is taken, not the strongest that is as good: it is the baseline that others are held against, and rows are few.
 */
export function tableFamilies(table: Table): readonly Candidate[] {
  const traits = traitsOf(table);
  const many = Object.entries(traits.words ?? {}).flatMap(([name, words]) =>
    words > MANY_WORDS ? [name] : [],
  );
  return fiveFamilies(traits)
    .map(candidate => (candidate.family === 'logistic' ? { ...candidate, ordered: false } : candidate))
    .map(candidate => (many.length > 0 ? withRates(candidate, many) : candidate));
}

function withRates(candidate: Candidate, many: readonly string[]): Candidate {
  // the linear model and the network encode all words themselves
  const { family, mostRows } = candidate;
  if (family === 'logistic' || family === 'perceptron') return candidate;
  const points = family === 'boosting' ? BOOSTED : candidate.points;
  const rates = columns([[many, targetEncode({ smooth: 20 })]]);
  return {
    ...{ family, points, mostRows, ordered: candidate.ordered ?? false },
    make: point => pipeline([rates], candidate.make(point)),
  };
}
