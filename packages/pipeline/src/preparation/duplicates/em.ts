/** A pattern of levels (0: not comparable) with the number of pairs that show it. */
export interface Pattern {
  levels: readonly number[];
  pairs: number;
}

/** What is known of one field before any pair is judged; all arrays by level, the first level at 0. */
export interface FieldPrior {
  /** How often two records of one person stand so: the start of the search, and `PRIOR_PAIRS` pairs' worth of evidence. */
  m: readonly number[];
  /** Whether `m` is taken as it is, and nothing of it learned. */
  isGiven?: boolean;
  /** How often two records picked at random stand so; of levels that were counted it is not asked. */
  random: readonly number[];
  /** Pairs that stand so, of all pairs that both say something: for agreement so rare that samples do not show it. */
  counted: readonly (Counted | undefined)[];
}

export interface Counted {
  pairs: number;
  of: number;
  /** What the chance of agreement between two people is taken for where there is little to count, and is never below. */
  floor: number;
  /** How many pairs' worth that is. */
  weight: number;
}

export interface Estimates {
  /** Share of all pairs that are one person. */
  share: number;
  /** P(level | one person), by field and level. */
  m: number[][];
  /** P(level | two people), by field and level. */
  u: number[][];
  iterations: number;
}

const PRIOR_PAIRS = 10;
const LEAST_CHANCE = 1e-12;

/**
 * Estimates without labels what speaks for two records being one person. The model is Fellegi & Sunter's (1969, "A theory
 * for record linkage", JASA 64): pairs are a mixture of matches and others, and within each the fields agree
 * independently. `u` is what random pairs show; m and the share of matches come by expectation-maximisation (Winkler
 * 1988, "Using the EM algorithm for weight computation in the Fellegi-Sunter model"). The mixture is of all pairs, not
 * of those that were compared: a pair outside of every block counts as no match, so that the prior means what it says.
 *
 * Where agreement among strangers is rarer than matches are in the data (an e-mail address), the pairs
 * that are expected to be matches are taken off what was counted.
 *
 * @param patterns of the compared pairs
 * @param allPairs n (n − 1) / 2
 * @example
 * const { share, m, u } = estimate([{ levels: [1, 1], pairs: 90 }, { levels: [2, 1], pairs: 4000 }], 5e5, fields);
 */
export function estimate(
  patterns: readonly Pattern[],
  allPairs: number,
  fields: readonly FieldPrior[],
  { tolerance = 1e-7, limit = 500 } = {},
): Estimates {
  let m = fields.map(field => [...field.m]);
  let share = firstShare(allPairs);
  let u = fields.map(field =>
    chances(
      field,
      field.m.map(() => 0),
    ),
  );
  for (let iterations = 1; ; iterations++) {
    const { matches, counts } = expectations(patterns, { share, m, u }, fields);
    const nextShare = Math.max(matches, 0.5) / allPairs;
    const next = counts.map((levels, f) => shares(levels, fields[f]));
    const moved = Math.abs(Math.log(nextShare / share)) + farthest(m, next);
    [share, m] = [nextShare, next];
    u = fields.map((field, f) => chances(field, counts[f]));
    if (moved < tolerance || iterations >= limit) return { share, m, u, iterations };
  }
}

/** Bits that a pattern adds to the prior's: log2 of m / u, one a field; 0 where it says nothing. */
export function bitsOf(levels: readonly number[], { m, u }: Pick<Estimates, 'm' | 'u'>): number[] {
  return levels.map((level, f) => (level === 0 ? 0 : Math.log2(m[f][level - 1] / u[f][level - 1])));
}

/** The probability that a pair of this pattern is one person. */
export function probabilityOf(levels: readonly number[], estimates: Omit<Estimates, 'iterations'>): number {
  const bits = bitsOf(levels, estimates).reduce((sum, each) => sum + each, priorBits(estimates.share));
  return 1 / (1 + 2 ** -bits);
}

export const priorBits = (share: number): number => Math.log2(share / (1 - share));

/** One extra record for each hundred customers, of n customers, among n² / 2 pairs. */
function firstShare(allPairs: number): number {
  return Math.min(0.5, (0.01 * Math.sqrt(2 * allPairs)) / allPairs);
}

function expectations(
  patterns: readonly Pattern[],
  now: Omit<Estimates, 'iterations'>,
  fields: readonly FieldPrior[],
): { matches: number; counts: number[][] } {
  const counts = fields.map(field => field.m.map(() => 0));
  let matches = 0;
  for (const { levels, pairs } of patterns) {
    const expected = pairs * probabilityOf(levels, now);
    matches += expected;
    for (const [f, level] of levels.entries()) if (level > 0) counts[f][level - 1] += expected;
  }
  return { matches, counts };
}

/** Counts as probabilities, with the prior's pairs among them. */
function shares(counts: readonly number[], prior: FieldPrior): number[] {
  if (prior.isGiven === true) return [...prior.m];
  const total = counts.reduce((sum, count) => sum + count, PRIOR_PAIRS);
  return counts.map((count, level) => (count + PRIOR_PAIRS * prior.m[level]) / total);
}

/** P(level | two people): what all or random pairs show, without the matches among them; the levels add up to 1. */
function chances({ random, counted }: FieldPrior, matches: readonly number[]): number[] {
  const told = sum(matches);
  const rare = counted.map((level, l) => {
    if (level === undefined) return undefined;
    const { pairs, of, floor, weight } = level;
    const [strangers, all] = [Math.max(0, pairs - matches[l]), Math.max(0, of - told)];
    return Math.max((strangers + floor * weight) / (all + weight), floor, LEAST_CHANCE);
  });
  const left = 1 - sum(rare.map(p => p ?? 0));
  const sampled = sum(random.filter((_, level) => rare[level] === undefined));
  return random.map((p, level) => rare[level] ?? Math.max((p * left) / sampled, LEAST_CHANCE));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function farthest(before: readonly (readonly number[])[], after: readonly (readonly number[])[]): number {
  return Math.max(...after.flatMap((levels, f) => levels.map((p, level) => Math.abs(p - before[f][level]))));
}
