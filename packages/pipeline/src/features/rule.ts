import { AppError, type Words } from '@bellwether/contracts';
import type { Classifier, Estimator, Table } from '@bellwether/ml';
import type { Rule } from './classifier.ts';

/** Bounds on a feature, each inclusive. Who lacks the feature is not within. */
export interface Within {
  from?: number;
  to?: number;
}

/** Those whom every bound holds, of whom no earlier tier said anything. */
export interface Tier {
  when: Readonly<Record<string, Within>>;
  /** Probability that is told of them. */
  says: number;
}

export interface RuleDefinition {
  name: Words;
  /** The first that holds counts. */
  tiers: readonly Tier[];
  /** Told of everybody else. */
  otherwise: number;
}

/**
 * A rule that a person wrote, where nothing should be learned: it stands as the baseline of a question, or as a rival whose
 * figures stand beside the model's. Data change nothing in it.
 *
 * @throws AppError `scenario.bad_definition` for a probability outside 0..1 or a tier without a bound
 * @example
 * const bought = rule({ name, tiers: [{ when: { recency_days: { to: 30 } }, says: 0.4 }], otherwise: 0.1 });
 */
export function rule(definition: RuleDefinition): Rule {
  const fault = faultOf(definition);
  if (fault !== undefined)
    throw new AppError('scenario.bad_definition', `the rule "${definition.name.en}": ${fault}`);
  const { name, tiers, otherwise } = definition;
  const estimator: Estimator<Classifier> = Object.freeze({
    name: 'rule',
    parameters: { tiers: tiers.map(({ when, says }) => ({ when: bounds(when), says })), otherwise },
    fit: () => Promise.resolve(modelOf(definition)),
  });
  return { name, estimator };
}

function faultOf({ tiers, otherwise }: RuleDefinition): string | undefined {
  const wild = [...tiers.map(({ says }) => says), otherwise].find(p => !(p >= 0 && p <= 1));
  if (wild !== undefined) return `${wild} is no probability`;
  const open = tiers.some(({ when }) => Object.keys(when).length === 0);
  return open ? 'a tier without a bound would leave nobody for what follows it' : undefined;
}

/** Bounds as plain values. */
function bounds(when: Tier['when']): Record<string, { from: number | null; to: number | null }> {
  const plain = Object.entries(when).map(
    ([name, { from = null, to = null }]) => [name, { from, to }] as const,
  );
  return Object.fromEntries(plain);
}

function modelOf({ tiers, otherwise }: RuleDefinition): Classifier {
  const features = [...new Set(tiers.flatMap(({ when }) => Object.keys(when)))];
  return {
    kind: 'rule',
    features,
    predict: table => told(table, tiers, otherwise),
    save: () => ({ kind: 'rule', version: 1, values: { otherwise }, arrays: {}, parts: [] }),
  };
}

function told(table: Table, tiers: readonly Tier[], otherwise: number): Float64Array {
  const columns = new Map(table.names.map((name, j) => [name, table.columns[j]]));
  const holds = (row: number, [name, { from = -Infinity, to = Infinity }]: [string, Within]): boolean => {
    const value = columns.get(name)?.[row] ?? NaN;
    return value >= from && value <= to;
  };
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const tier = tiers.find(({ when }) => Object.entries(when).every(bound => holds(row, bound)));
    return tier?.says ?? otherwise;
  });
}
