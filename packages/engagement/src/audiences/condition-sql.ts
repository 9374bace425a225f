import {
  AppError,
  CUSTOMER_FIELDS,
  type Condition,
  type EventPattern,
  type FieldKind,
  type Leaf,
  type Milliseconds,
} from '@bellwether/contracts';
import { clickhouseTime, type Params } from '@bellwether/warehouse';

/** A condition as a yes or no of a row of `customers`, with the values that it binds. */
export interface CompiledCondition {
  sql: string;
  params: Params;
}

/** How deep a definition may nest. */
const DEEPEST = 12;

/**
 * A condition as ClickHouse SQL over the columns of `customers`. Names, numbers and texts of the definition are bound as
 * parameters; the text is made of ours alone.
 *
 * @param now the moment as of which days are counted
 * @throws AppError `audience.bad_definition` when it nests deeper than 12
 * @example
 * const { sql, params } = compileCondition({ kind: 'field', field: 'country', test: { op: 'is', value: 'China' } }, now);
 * await warehouse.query(`SELECT customer_id FROM customers WHERE ${sql}`, params);
 */
export function compileCondition(condition: Condition, now: Milliseconds): CompiledCondition {
  const scope = new Scope();
  scope.bindAs('now', clickhouseTime(now));
  return { sql: branch(condition, scope, 0), params: scope.params };
}

/** Who did an event, and when last, among the events received after the parameter `from`. */
export function eventDone(pattern: EventPattern, now: Milliseconds): CompiledCondition {
  const scope = new Scope();
  scope.bindAs('now', clickhouseTime(now));
  const sql = `SELECT ${CUSTOMER} AS customer_id, max(at) AS last_at FROM ${EVENTS}
    WHERE received_at > {from:DateTime64(3, 'UTC')} AND ${eventSql(pattern, scope)} GROUP BY customer_id`;
  return { sql, params: scope.params };
}

/** Has state: the values bound so far. */
class Scope {
  readonly params: Record<string, unknown> = {};
  #next = 0;

  bindAs(name: string, value: unknown): void {
    this.params[name] = value;
  }

  /** The place of a value in the text. */
  bind(value: unknown, type: 'String' | 'Float64' | 'UInt64' | 'Array(String)' | 'Array(Float64)'): string {
    const name = `p${this.#next++}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

const NOW = "{now:DateTime64(3, 'UTC')}";

function branch(condition: Condition, scope: Scope, depth: number): string {
  if (depth > DEEPEST)
    throw new AppError('audience.bad_definition', `the audience nests deeper than ${DEEPEST} conditions`);
  switch (condition.kind) {
    case 'all':
      return joined(condition.of, 'AND', scope, depth);
    case 'any':
      return joined(condition.of, 'OR', scope, depth);
    case 'not':
      return `NOT (${branch(condition.of, scope, depth + 1)})`;
    default:
      return leaf(condition, scope);
  }
}

function joined(of: readonly Condition[], word: 'AND' | 'OR', scope: Scope, depth: number): string {
  return of.map(each => `(${branch(each, scope, depth + 1)})`).join(` ${word} `);
}

type Of<Kind extends Leaf['kind']> = Extract<Leaf, { kind: Kind }>;
const LEAVES: { [Kind in Leaf['kind']]: (leaf: Of<Kind>, scope: Scope) => string } = {
  field: ({ field, test }, scope) => valueSql(COLUMN[CUSTOMER_FIELDS[field]](field), test, scope),
  trait: ({ trait, test }, scope) => valueSql(jsonValue('traits', trait, scope), test, scope),
  event: ({ times, days, ...pattern }, scope) => {
    const counted = `SELECT ${CUSTOMER} AS customer_id FROM ${EVENTS} WHERE ${eventSql(pattern, scope)} AND ${since(days, scope)}
      GROUP BY customer_id HAVING uniqExact(event_id)`;
    return times.op === 'at_least'
      ? atLeast(times.times, `${counted} >= `, scope)
      : `NOT (${atLeast(times.times + 1, `${counted} >= `, scope)})`;
  },
  sequence: sequenceSql,
  orders: ordersSql,
  score: ({ scenario, at_least, at_most, chosen_only }, scope) => `customer_id IN
    (
        SELECT customer_id FROM current_scores
        WHERE scenario = ${scope.bind(scenario, 'String')}
            -- scores are single precision: 0.3 is within "up to 0.3"
            AND probability >= toFloat32(${scope.bind(at_least, 'Float64')}) AND probability <= toFloat32(${scope.bind(at_most, 'Float64')})
            ${chosen_only ? 'AND chosen' : ''}
    )`,
  member: ({ audience }, scope) => `customer_id IN
    (
        SELECT customer_id FROM audience_members WHERE audience_id = ${scope.bind(audience, 'String')}
        GROUP BY customer_id HAVING sum(change) > 0
    )`,
  random: ({ share, salt }, scope) =>
    `halfMD5(concat(${scope.bind(salt, 'String')}, ':', customer_id)) / 18446744073709551616. < ${scope.bind(share, 'Float64')}`,
};

function leaf(condition: Leaf, scope: Scope): string {
  // the table has for each kind the function of that kind
  return (LEAVES[condition.kind] as (one: Leaf, scope: Scope) => string)(condition, scope);
}

/** Nobody has a count below none. */
function atLeast(times: number, counted: string, scope: Scope): string {
  return times === 0 ? '1' : `customer_id IN (${counted} ${scope.bind(times, 'UInt64')})`;
}

/** The events of a customer, whatever they were known by at the time. */
const EVENTS = 'events LEFT JOIN identity ON identity.alias = events.subject';
const CUSTOMER = "if(identity.customer_id != '', identity.customer_id, events.subject)";

function eventSql({ event, where }: EventPattern, scope: Scope): string {
  const tests = where.map(({ property, test }) =>
    valueSql(jsonValue('properties', property, scope), test, scope),
  );
  return [
    `name = ${scope.bind(event, 'String')}`,
    'NOT bot',
    `at <= ${NOW}`,
    ...tests.map(each => `(${each})`),
  ].join(' AND ');
}

function since(days: number | undefined, scope: Scope): string {
  return days === undefined
    ? '1'
    : `at > ${NOW} - toIntervalSecond(toInt64(86400 * ${scope.bind(days, 'Float64')}))`;
}

/**
 * For each step the moments that a chain of steps can reach: those of the step that lie after a moment which the step
 * before reached, and not too long after it. Whoever reaches the last step did all of them.
 */
function sequenceSql({ steps, within_days, days }: Of<'sequence'>, scope: Scope): string {
  const moments = steps.map(
    (step, k) =>
      `groupUniqArrayIf(toUnixTimestamp64Milli(at), ${eventSql(step, scope)} AND ${since(days, scope)}) AS at_${k}`,
  );
  const longest = `86400000 * ${scope.bind(within_days, 'Float64')}`;
  const reach = steps
    .slice(1)
    .reduce(
      (before, _, k) =>
        `arrayFilter(t -> arrayExists(s -> s < t AND t - s <= ${longest}, ${before}), at_${k + 1})`,
      'at_0',
    );
  return `customer_id IN
    (
        SELECT customer_id FROM
        (SELECT ${CUSTOMER} AS customer_id, ${moments.join(', ')} FROM ${EVENTS}
         WHERE name IN ${scope.bind(
           steps.map(step => step.event),
           'Array(String)',
         )} GROUP BY customer_id)
        WHERE notEmpty(${reach})
    )`;
}

function ordersSql({ measure, products, days, test }: Of<'orders'>, scope: Scope): string {
  const only = products.length === 0 ? '1' : `product_id IN ${scope.bind(products, 'Array(String)')}`;
  const what = measure === 'count' ? 'uniqExact(order_id)' : 'sum(amount)';
  const number = scope.bind(test.number, 'Float64');
  const passing = (comparison: string): string => `customer_id IN
    (
        SELECT customer_id FROM sales WHERE known AND at <= ${NOW} AND ${since(days, scope)} AND ${only}
        GROUP BY customer_id HAVING toFloat64(${what}) ${comparison} ${number}
    )`;
  // who bought nothing has none and 0
  if (test.op === 'at_least') return test.number <= 0 ? '1' : passing('>=');
  return test.number < 0 ? '0' : `NOT (${passing('>')})`;
}

/** A value as text, number and moment; each empty (NULL) where it is not known or not such a value. */
interface ValueColumns {
  text: string;
  number: string;
  moment: string;
  known: string;
}

const COLUMN: Record<FieldKind, (column: string) => ValueColumns> = {
  text: column => ({ ...NONE, text: `nullIf(${column}, '')`, known: `${column} != ''` }),
  number: column => ({ ...NONE, number: `toFloat64(${column})`, known: `isNotNull(${column})` }),
  moment: column => ({ ...NONE, moment: column, known: `isNotNull(${column})` }),
};
const NONE = { text: 'NULL', number: 'NULL', moment: 'NULL' };

/** What a JSON object says under a name. True and false are asked as the words. */
function jsonValue(column: 'traits' | 'properties', name: string, scope: Scope): ValueColumns {
  const key = scope.bind(name, 'String');
  const kind = `JSONType(${column}, ${key})`;
  return {
    text: `multiIf(${kind} = 'String', JSONExtractString(${column}, ${key}), ${kind} = 'Bool', if(JSONExtractBool(${column}, ${key}), 'true', 'false'), NULL)`,
    number: `if(${kind} IN ('Int64', 'UInt64', 'Double'), JSONExtractFloat(${column}, ${key}), NULL)`,
    moment: `if(${kind} = 'String', parseDateTime64BestEffortOrNull(JSONExtractString(${column}, ${key}), 3, 'UTC'), NULL)`,
    known: `${kind} NOT IN ('Null')`,
  };
}

/** A test of a value; of what is not known every test but `unknown` is false. */
function valueSql(value: ValueColumns, test: Of<'trait'>['test'], scope: Scope): string {
  switch (test.op) {
    case 'known':
      return value.known;
    case 'unknown':
      return `NOT (${value.known})`;
    case 'is':
      return sure(oneOf(value, [test.value], scope));
    case 'is_not':
      return `${value.known} AND NOT ${sure(oneOf(value, [test.value], scope))}`;
    case 'one_of':
      return sure(oneOf(value, test.values, scope));
    case 'contains':
      return sure(`positionCaseInsensitiveUTF8(${value.text}, ${scope.bind(test.text, 'String')}) > 0`);
    case 'at_least':
      return sure(`${value.number} >= ${scope.bind(test.number, 'Float64')}`);
    case 'at_most':
      return sure(`${value.number} <= ${scope.bind(test.number, 'Float64')}`);
    case 'between':
      return sure(
        `${value.number} BETWEEN ${scope.bind(test.low, 'Float64')} AND ${scope.bind(test.high, 'Float64')}`,
      );
    case 'within_days':
      return sure(`${value.moment} <= ${NOW} AND ${ago(value, test.days, scope)} < 0`);
    case 'before_days':
      return sure(`${ago(value, test.days, scope)} >= 0`);
  }
}

/** Milliseconds by which a moment lies further back than so many days; negative for a later one. */
function ago({ moment }: ValueColumns, days: number, scope: Scope): string {
  return `toUnixTimestamp64Milli(${NOW}) - 86400000 * ${scope.bind(days, 'Float64')} - toUnixTimestamp64Milli(${moment})`;
}

/** Texts are compared as texts and numbers as numbers. */
function oneOf(value: ValueColumns, wanted: readonly (string | number | boolean)[], scope: Scope): string {
  const numbers = wanted.filter(each => typeof each === 'number');
  const texts = wanted.filter(each => typeof each !== 'number').map(String);
  const asked = [
    ...(texts.length > 0 ? [`ifNull(${value.text} IN ${scope.bind(texts, 'Array(String)')}, 0)`] : []),
    ...(numbers.length > 0 ? [`ifNull(${value.number} IN ${scope.bind(numbers, 'Array(Float64)')}, 0)`] : []),
  ];
  return `(${asked.join(' OR ')})`;
}

function sure(sql: string): string {
  return `ifNull(${sql}, 0)`;
}
