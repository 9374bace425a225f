import type { Condition, EventPattern, Leaf, ValueTest } from '@bellwether/contracts';

/**
 * A condition as a person would type it: `parseCondition` reads it back.
 *
 * @example
 * printCondition({ kind: 'not', of: { kind: 'member', audience: 'vip' } }); // not in audience "vip"
 */
export function printCondition(condition: Condition): string {
  return printed(condition, 'or');
}

/** What stands around a condition: what binds more weakly than that goes into brackets. */
type Around = 'or' | 'and' | 'not';

function printed(condition: Condition, around: Around): string {
  switch (condition.kind) {
    case 'any':
      return bracketed(around !== 'or', condition.of.map(each => printed(each, 'and')).join(' or '));
    case 'all':
      return bracketed(around === 'not', condition.of.map(each => printed(each, 'not')).join(' and '));
    case 'not':
      return `not ${printed(condition.of, 'not')}`;
    default:
      return leaf(condition);
  }
}

function bracketed(needed: boolean, text: string): string {
  return needed ? `(${text})` : text;
}

function leaf(condition: Leaf): string {
  switch (condition.kind) {
    case 'field':
      return `${condition.field} ${test(condition.test)}`;
    case 'trait':
      return `trait ${quoted(condition.trait)} ${test(condition.test)}`;
    case 'event':
      return `did ${pattern(condition)} ${howOften(condition.times)}${lastDays(condition)}`;
    case 'sequence':
      return `did ${condition.steps.map(pattern).join(' then ')} within ${condition.within_days} days each${lastDays(condition)}`;
    case 'orders':
      return orders(condition);
    case 'score':
      return `score ${quoted(condition.scenario)}${condition.chosen_only ? ' chosen' : ''} from ${condition.at_least} to ${condition.at_most}`;
    case 'member':
      return `in audience ${quoted(condition.audience)}`;
    case 'random':
      return `random ${percent(condition.share)} %${condition.salt === '' ? '' : ` drawn by ${quoted(condition.salt)}`}`;
  }
}

function pattern({ event, where }: EventPattern): string {
  const tests = where.map(each => `${quoted(each.property)} ${test(each.test)}`).join(' and ');
  return tests === '' ? quoted(event) : `${quoted(event)} with (${tests})`;
}

function howOften({ op, times }: Extract<Leaf, { kind: 'event' }>['times']): string {
  return `${op === 'at_least' ? 'at least' : 'at most'} ${times} times`;
}

function lastDays({ days }: { days?: number | undefined }): string {
  return days === undefined ? '' : ` in ${days} days`;
}

function orders({
  measure,
  products,
  test: { op, number },
  days,
}: Extract<Leaf, { kind: 'orders' }>): string {
  const of = products.length === 0 ? '' : ` of ${products.map(quoted).join(', ')}`;
  const much = `${op === 'at_least' ? 'at least' : 'at most'} ${number}${measure === 'count' ? ' times' : ''}`;
  return `${measure === 'count' ? 'bought' : 'spent'}${of} ${much}${lastDays({ days })}`;
}

function test(asked: ValueTest): string {
  switch (asked.op) {
    case 'is':
      return `is ${value(asked.value)}`;
    case 'is_not':
      return `is not ${value(asked.value)}`;
    case 'one_of':
      return `is one of ${asked.values.map(value).join(', ')}`;
    case 'contains':
      return `contains ${quoted(asked.text)}`;
    case 'at_least':
      return `>= ${asked.number}`;
    case 'at_most':
      return `<= ${asked.number}`;
    case 'between':
      return `between ${asked.low} and ${asked.high}`;
    case 'within_days':
      return `within ${asked.days} days`;
    case 'before_days':
      return `before ${asked.days} days`;
    case 'known':
    case 'unknown':
      return `is ${asked.op}`;
  }
}

/** Without what binary fractions leave behind: 7, not 7.000000000000001. */
function percent(share: number): number {
  return Number((100 * share).toPrecision(12));
}

function value(each: string | number | boolean): string {
  return typeof each === 'string' ? quoted(each) : String(each);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
