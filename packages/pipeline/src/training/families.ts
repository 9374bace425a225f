import type { ClassifierFamily } from '@bellwether/contracts';
import {
  boosting,
  columns,
  decisionTree,
  impute,
  logistic,
  oneHot,
  perceptron,
  pipeline,
  predictForest,
  randomForest,
  standardise,
  targetEncode,
  type BoostedClassifier,
  type ColumnsPart,
  type Estimator,
  type Point,
  type ScoredClassifier,
  type Table,
  type Transformer,
} from '@bellwether/ml';

/** A family of methods that takes part: what of it is tried, and how each try is made. */
export interface Candidate {
  family: ClassifierFamily;
  /** What is tried; where `ordered`, the simplest first. */
  points: readonly Point[];
  /** Takes the simplest point within one standard error of the best (Breiman and others 1984), not the best itself. */
  ordered?: boolean;
  make(point: Point): Estimator<ScoredClassifier>;
  /** Of one fit also what it was on the way there: points with the log-odds that they tell. */
  stages?(model: ScoredClassifier, point: Point, table: Table): { point: Point; logOdds: Float64Array }[];
  /** Rows that the chosen one learns from at most, drawn at random: more hardly change what it learns, but cost. */
  mostRows: number;
}

/** What the families need to know of the columns. */
export interface ColumnTraits {
  /** Columns with a long tail to the right: taken as ln(1 + x) where scale matters. */
  log?: readonly string[] | undefined;
  /** How many words each column of words has. */
  words?: Readonly<Record<string, number>> | undefined;
}

/** Columns with more words than this are encoded by the target's mean, not by a column a word. */
const MOST_ONE_HOT = 24;

/**
 * The five families, the simplest first: logistic regression, a decision tree, a random forest, boosted trees, a perceptron.
 * Trees take missing values and words as they are; the other two impute, encode and standardise.
 *
 * @example
 * const won = await compete({ candidates: fiveFamilies({ log: ['revenue'] }), data, splits, calibration, seed: 1 });
 */
export function fiveFamilies(traits: ColumnTraits = {}): readonly Candidate[] {
  return [linear(traits), tree, forest, boosted, network(traits)];
}

/** The traits of a table's columns: long tails by the numbers themselves. */
export function traitsOf({ names, columns: values, dictionaries = {} }: Table): ColumnTraits {
  const words = Object.fromEntries(Object.entries(dictionaries).map(([name, list]) => [name, list.length]));
  const log = names.filter((name, j) => !Object.hasOwn(words, name) && isLongTailed(values[j]));
  return { log, words };
}

/** Nowhere negative, and skewed by more than 2: the third standardised moment. */
function isLongTailed(column: Float32Array): boolean {
  const known = column.filter(value => !Number.isNaN(value));
  if (known.length === 0 || known.some(value => value < 0)) return false;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const moment = (power: number): number =>
    known.reduce((sum, value) => sum + (value - mean) ** power, 0) / known.length;
  const variance = moment(2);
  return variance > 0 && moment(3) / variance ** 1.5 > 2;
}

function linear(traits: ColumnTraits): Candidate {
  return {
    family: 'logistic',
    points: [1000, 100, 10, 1].map(l2 => ({ l2 })),
    ordered: true,
    make: ({ l2 }) => pipeline(numeric(traits), logistic({ l2: Number(l2) })),
    mostRows: 2_000_000,
  };
}

const tree: Candidate = {
  family: 'tree',
  points: [4, 8, 16, 32, 64].map(leaves => ({ leaves, minLeaf: 40 })),
  ordered: true,
  make: ({ leaves, minLeaf }) =>
    decisionTree({
      ...{ criterion: 'entropy', leaves: Number(leaves), minLeaf: Number(minLeaf), smoothing: 1 },
    }),
  mostRows: 1_000_000,
};

const forest: Candidate = {
  family: 'forest',
  // depth and leaves are bounded: exact reasons cost trees x leaves x depth for each customer
  points: [10, 40].map(minLeaf => ({ minLeaf, trees: 100 })),
  make: ({ minLeaf, trees }) =>
    randomForest({
      ...{ trees: Number(trees), minLeaf: Number(minLeaf), criterion: 'entropy', maxDepth: 9, leaves: 96 },
      ...{ columnSample: 'sqrt', smoothing: 1, bins: 64 },
    }),
  mostRows: 300_000,
};

/** Trees of boosting at most, and how often it is looked at on the way there. */
const ROUNDS = 160;
const STAGE = 20;

const boosted: Candidate = {
  family: 'boosting',
  points: [
    { leaves: 4, learningRate: 0.1, minLeaf: 20 },
    { leaves: 8, learningRate: 0.05, minLeaf: 40 },
    { leaves: 16, learningRate: 0.05, minLeaf: 80 },
  ],
  make: ({ leaves, learningRate, minLeaf, trees = ROUNDS }) =>
    boosting({
      ...{ loss: 'logistic', trees: Number(trees), leaves: Number(leaves), minLeaf: Number(minLeaf) },
      ...{ learningRate: Number(learningRate), columnSample: 0.5, rowSample: 0.8, l2: 5, bins: 127 },
    }),
  stages: (model, point, table) => boostedStages(model as BoostedClassifier, point, table), // as `make` fits it
  mostRows: 2_000_000,
};

/** What boosting told after every twentieth tree: early stopping on rows that come later, not on some of its own. */
function boostedStages(
  { forest: grown, base }: BoostedClassifier,
  point: Point,
  table: Table,
): { point: Point; logOdds: Float64Array }[] {
  const stages: { point: Point; logOdds: Float64Array }[] = [];
  let logOdds = new Float64Array(table.rows).fill(base[0]);
  for (let from = 0; from < grown.roots.length; from += STAGE) {
    const [roots, output] = [grown.roots, grown.output].map(list => list.slice(from, from + STAGE));
    const more = predictForest({ ...grown, roots, output }, table);
    logOdds = logOdds.map((sum, row) => sum + more[row]);
    stages.push({ point: { ...point, trees: from + roots.length }, logOdds });
  }
  return stages;
}

function network(traits: ColumnTraits): Candidate {
  return {
    family: 'perceptron',
    points: [
      { units: 16, l2: 0.001, dropout: 0 },
      { units: 16, l2: 0.01, dropout: 0.2 },
      { units: 32, l2: 0.001, dropout: 0.3 },
    ],
    make: ({ units, l2, dropout }) =>
      pipeline(
        numeric(traits),
        perceptron({
          ...{ layers: [{ units: Number(units) }], l2: Number(l2), dropout: Number(dropout) },
          ...{ learningRate: 0.005, epochs: 40, batch: 128, validationShare: 0.15, patience: 5 },
        }),
      ),
    mostRows: 300_000,
  };
}

/** Numbers alone, complete and of one scale: few words as a column each, many as the mean of the target. */
function numeric({ log = [], words = {} }: ColumnTraits): Transformer[] {
  const named = Object.keys(words);
  const many = named.filter(name => (words[name] ?? 0) > MOST_ONE_HOT);
  const few = named.filter(name => !many.includes(name));
  const parts: ColumnsPart[] = [
    ...(many.length > 0 ? [[many, targetEncode({ smooth: 20 })] as const] : []),
    ...(few.length > 0 ? [[few, oneHot({ least: 10, missing: 'column' })] as const] : []),
  ];
  return [...(parts.length > 0 ? [columns(parts)] : []), impute(), standardise({ log: [...log] })];
}
