import {
  Condition,
  CUSTOMER_FIELDS,
  type CustomerField,
  type EventPattern,
  type Leaf,
  type ValueTest,
} from '@bellwether/contracts';
import { Reader } from './reader.ts';
import { badText, tokensOf } from './tokens.ts';

const LONGEST = 20_000;

/**
 * A condition from the text that a person typed. `printCondition` writes the same language.
 *
 * @throws AppError `audience.bad_text` with the place and what should stand there
 * @example
 * parseCondition('country is "China" and did "Product Viewed" at least 2 times in 7 days and not in audience "vip"');
 */
export function parseCondition(source: string): Condition {
  if (source.length > LONGEST) throw badText(LONGEST, `a definition has at most ${LONGEST} characters`);
  const reader = new Reader(tokensOf(source));
  const condition = anyOf(reader);
  reader.takeEnd();
  const checked = Condition.safeParse(condition);
  if (checked.success) return checked.data;
  throw badText(0, checked.error.issues[0]?.message ?? 'the condition cannot hold');
}

function anyOf(reader: Reader): Condition {
  return several('any', 'or', allOf, reader);
}

function allOf(reader: Reader): Condition {
  return several('all', 'and', one, reader);
}

function several(
  kind: 'any' | 'all',
  word: 'or' | 'and',
  read: (reader: Reader) => Condition,
  reader: Reader,
): Condition {
  const first = read(reader);
  const of = [first];
  while (reader.accepts(word)) of.push(read(reader));
  return of.length === 1 ? first : { kind, of };
}

function one(reader: Reader): Condition {
  if (reader.accepts('not')) return { kind: 'not', of: reader.inside(() => one(reader)) };
  if (!reader.accepts('(')) return leaf(reader);
  const inner = reader.inside(() => anyOf(reader));
  reader.takes(')');
  return inner;
}

const FIELDS = Object.keys(CUSTOMER_FIELDS) as CustomerField[]; // its keys are its fields

/** By the word with which each begins. */
const LEAVES: Record<string, (reader: Reader) => Leaf> = {
  trait: reader => ({ kind: 'trait', trait: reader.takeText('the name of a trait'), test: test(reader) }),
  did,
  bought: reader => orders(reader, 'count'),
  spent: reader => orders(reader, 'amount'),
  score,
  in: reader => {
    reader.takes('audience');
    return { kind: 'member', audience: reader.takeText('the id of an audience') };
  },
  random,
};

function leaf(reader: Reader): Leaf {
  const begins = reader.takeOneOf(Object.keys(LEAVES));
  const read = begins === undefined ? undefined : LEAVES[begins];
  if (read !== undefined) return read(reader);
  const field = reader.takeOneOf(FIELDS);
  if (field !== undefined) return { kind: 'field', field, test: test(reader) };
  throw reader.wanted(`a field (${FIELDS.join(', ')}) or one of ${Object.keys(LEAVES).join(', ')}`);
}

function did(reader: Reader): Leaf {
  const first = pattern(reader);
  if (!reader.sees('then')) {
    const times = howOften(reader);
    return { kind: 'event', ...first, times, ...lastDays(reader) };
  }
  const steps = [first];
  while (reader.accepts('then')) steps.push(pattern(reader));
  reader.takes('within');
  const within_days = reader.takeNumber('a number of days');
  reader.takes('days', 'each');
  return { kind: 'sequence', steps, within_days, ...lastDays(reader) };
}

function pattern(reader: Reader): EventPattern {
  const event = reader.takeText('the name of an event');
  const where: EventPattern['where'] = [];
  if (reader.accepts('with', '(')) {
    do where.push({ property: reader.takeText('the name of a property'), test: test(reader) });
    while (reader.accepts('and'));
    reader.takes(')');
  }
  return { event, where };
}

function howOften(reader: Reader): Extract<Leaf, { kind: 'event' }>['times'] {
  if (reader.accepts('never')) return { op: 'at_most', times: 0 };
  const most = reader.accepts('at', 'most');
  if (!most && !reader.accepts('at', 'least')) return { op: 'at_least', times: 1 };
  const times = reader.takeNumber('a number of times');
  reader.takes('times');
  return { op: most ? 'at_most' : 'at_least', times };
}

function lastDays(reader: Reader): { days?: number } {
  if (!reader.accepts('in')) return {};
  const days = reader.takeNumber('a number of days');
  reader.takes('days');
  return { days };
}

function orders(reader: Reader, measure: 'count' | 'amount'): Leaf {
  const products: string[] = [];
  if (reader.accepts('of'))
    do products.push(reader.takeText('the id of a product'));
    while (reader.accepts(','));
  const most = reader.accepts('at', 'most');
  if (!most) reader.takes('at', 'least');
  const number = reader.takeNumber('a number');
  if (measure === 'count') reader.takes('times');
  return {
    ...{ kind: 'orders', measure, products },
    ...{ test: { op: most ? 'at_most' : 'at_least', number }, ...lastDays(reader) },
  };
}

function score(reader: Reader): Leaf {
  const scenario = reader.takeText('the name of a scenario');
  const chosen_only = reader.accepts('chosen');
  const at_least = reader.accepts('from') ? reader.takeNumber('a probability') : 0;
  const at_most = reader.accepts('to') ? reader.takeNumber('a probability') : 1;
  return { kind: 'score', scenario, at_least, at_most, chosen_only };
}

function random(reader: Reader): Leaf {
  const share = reader.takeNumber('a share in per cent');
  reader.takes('%');
  const salt = reader.accepts('drawn', 'by') ? reader.takeText('what it is drawn by') : '';
  return { kind: 'random', share: share / 100, salt };
}

function test(reader: Reader): ValueTest {
  if (reader.accepts('is', 'not')) return { op: 'is_not', value: value(reader) };
  if (reader.accepts('is', 'one', 'of')) return { op: 'one_of', values: values(reader) };
  if (reader.accepts('is', 'known')) return { op: 'known' };
  if (reader.accepts('is', 'unknown')) return { op: 'unknown' };
  if (reader.accepts('is')) return { op: 'is', value: value(reader) };
  if (reader.accepts('contains')) return { op: 'contains', text: reader.takeText('a text') };
  if (reader.accepts('>=')) return { op: 'at_least', number: reader.takeNumber('a number') };
  if (reader.accepts('<=')) return { op: 'at_most', number: reader.takeNumber('a number') };
  if (reader.accepts('between')) return between(reader);
  return moment(reader);
}

function between(reader: Reader): ValueTest {
  const low = reader.takeNumber('a number');
  reader.takes('and');
  return { op: 'between', low, high: reader.takeNumber('a number') };
}

function moment(reader: Reader): ValueTest {
  const within = reader.accepts('within');
  if (!within && !reader.accepts('before'))
    throw reader.wanted('“is”, “contains”, “>=”, “<=”, “between”, “within” or “before”');
  const days = reader.takeNumber('a number of days');
  reader.takes('days');
  return { op: within ? 'within_days' : 'before_days', days };
}

function values(reader: Reader): (string | number | boolean)[] {
  const list = [value(reader)];
  while (reader.accepts(',')) list.push(value(reader));
  return list;
}

function value(reader: Reader): string | number | boolean {
  if (reader.accepts('true')) return true;
  if (reader.accepts('false')) return false;
  return reader.token.kind === 'number' ? reader.takeNumber('a number') : reader.takeText('a value');
}
