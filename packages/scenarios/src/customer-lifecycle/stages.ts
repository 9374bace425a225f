import type {
  ChurnDefinition,
  LifecycleRules,
  Stage,
  StageCondition,
  StageFact,
  StageRule,
} from '@bellwether/contracts';

/** What the rules ask of one customer. */
export type StageFacts = Record<StageFact, number>;

/** How long a silence counts as churn where there are no gaps yet to learn it from. */
const PLAIN_DAYS = 90;

/**
 * The rules that hold until somebody changes them. Silence is measured by the customer's own rhythm, so that who orders
 * weekly is at risk after some weeks, and who orders twice a year is not.
 *
 * @param proposedDays nine of ten gaps of this shop are no longer
 */
export function defaultRules(proposedDays: number | null): LifecycleRules {
  const days = proposedDays ?? PLAIN_DAYS;
  return {
    stages: [
      {
        stage: 'won_back',
        when: [
          { fact: 'return_ratio', at_least: 3 },
          { fact: 'last_gap_days', at_least: days },
          { fact: 'silence_ratio', at_most: 1 },
        ],
      },
      {
        stage: 'new',
        when: [
          { fact: 'orders', at_most: 1 },
          { fact: 'silence_ratio', at_most: 1 },
          { fact: 'silence_days', at_most: days },
        ],
      },
      {
        stage: 'loyal',
        when: [
          { fact: 'orders', at_least: 5 },
          { fact: 'silence_ratio', at_most: 1.5 },
          { fact: 'alive', at_least: 0.5 },
        ],
      },
      {
        stage: 'active',
        when: [
          { fact: 'silence_ratio', at_most: 1.5 },
          { fact: 'alive', at_least: 0.5 },
        ],
      },
      {
        stage: 'at_risk',
        when: [
          { fact: 'silence_ratio', at_most: 3 },
          { fact: 'alive', at_least: 0.2 },
        ],
      },
      {
        stage: 'lapsed',
        when: [
          { fact: 'silence_ratio', at_most: 6 },
          { fact: 'alive', at_least: 0.05 },
        ],
      },
      { stage: 'lost', when: [] },
    ],
    churn: { by: 'silence', days },
  };
}

/**
 * The stage of one customer: that of the first rule whose conditions all hold. The last rule has none, so there always is one.
 *
 * @param facts in single precision, as the warehouse keeps them
 */
export function stageOf(rules: readonly StageRule[], facts: StageFacts): Stage {
  const rule = rules.find(({ when }) => when.every(condition => holds(condition, facts)));
  if (rule === undefined) throw new RangeError('the last of the rules must have no conditions');
  return rule.stage;
}

function holds({ fact, at_least, at_most }: StageCondition, facts: StageFacts): boolean {
  const value = facts[fact];
  return (
    (at_least === undefined || value >= Math.fround(at_least)) &&
    (at_most === undefined || value <= Math.fround(at_most))
  );
}

/** The same rules as an expression of SQL over the facts of `lifecycle_stages`. All words and numbers are of the schema. */
export function stageSql(rules: readonly StageRule[]): string {
  const branches = rules.slice(0, -1).flatMap(({ when, stage }) => [whenSql(when), `'${stage}'`]);
  const rest = `'${rules[rules.length - 1].stage}'`;
  return branches.length === 0 ? rest : `multiIf(${[...branches, rest].join(', ')})`;
}

function whenSql(when: readonly StageCondition[]): string {
  return when
    .flatMap(({ fact, at_least, at_most }) => [
      ...(at_least === undefined ? [] : [`${fact} >= toFloat32(${at_least})`]),
      ...(at_most === undefined ? [] : [`${fact} <= toFloat32(${at_most})`]),
    ])
    .join(' AND ');
}

/** Whether a customer counts as lost to the shop, over the same facts. */
export function churnSql(definition: ChurnDefinition): string {
  return definition.by === 'silence'
    ? `silence_days >= ${definition.days}`
    : `alive < toFloat32(${definition.below})`;
}
