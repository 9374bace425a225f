import {
  CUSTOMER_FIELDS,
  DAY,
  type Condition,
  type CustomerField,
  type EventPattern,
  type Leaf,
  type Milliseconds,
  type ValueTest,
} from '@bellwether/contracts';
import { createHash } from 'node:crypto';

/** All of one customer that a condition can ask about. */
export interface Person {
  id: string;
  /** Empty text and null are not known. */
  fields: Partial<Record<CustomerField, string | number | null>>;
  traits: Readonly<Record<string, unknown>>;
  events: readonly {
    id: string;
    name: string;
    at: Milliseconds;
    properties: Readonly<Record<string, unknown>>;
  }[];
  sales: readonly { order: string; product: string; amount: number; at: Milliseconds }[];
  scores: readonly { scenario: string; probability: number; chosen: boolean }[];
  /** Ids of the audiences that the customer is in. */
  audiences: readonly string[];
}

/**
 * Whether a condition holds for one person as of a moment: what the SQL of `compileCondition` says, computed plainly. For
 * walking a test person through a journey, and to hold the SQL to.
 *
 * @example
 * holds({ kind: 'event', event: 'Product Viewed', where: [], times: { op: 'at_least', times: 2 }, days: 7 }, person, now);
 */
export function holds(condition: Condition, person: Person, now: Milliseconds): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every(each => holds(each, person, now));
    case 'any':
      return condition.of.some(each => holds(each, person, now));
    case 'not':
      return !holds(condition.of, person, now);
    default:
      return leafHolds(condition, person, now);
  }
}

type Of<Kind extends Leaf['kind']> = Extract<Leaf, { kind: Kind }>;
type Asks = { [Kind in Leaf['kind']]: (leaf: Of<Kind>, person: Person, now: Milliseconds) => boolean };

const LEAVES: Asks = {
  field: ({ field, test }, { id, fields }, now) =>
    answers(test, valueOf(field === 'customer_id' ? id : fields[field], CUSTOMER_FIELDS[field]), now),
  trait: ({ trait, test }, { traits }, now) => answers(test, jsonValueOf(traits[trait]), now),
  event: ({ times, days, ...pattern }, { events }, now) => {
    const n = new Set(matching(pattern, events, now, days).map(event => event.id)).size;
    return times.op === 'at_least' ? n >= times.times : n <= times.times;
  },
  sequence: ({ steps, within_days, days }, { events }, now) => {
    const [first, ...later] = steps.map(step => matching(step, events, now, days).map(event => event.at));
    const longest = within_days * DAY;
    const reached = later.reduce(
      (before, moments) => moments.filter(t => before.some(s => s < t && t - s <= longest)),
      first ?? [],
    );
    return reached.length > 0;
  },
  orders: ({ measure, products, days, test }, { sales }, now) => {
    const counted = sales.filter(
      ({ at, product }) => isIn(at, now, days) && (products.length === 0 || products.includes(product)),
    );
    const figure =
      measure === 'count'
        ? new Set(counted.map(sale => sale.order)).size
        : counted.reduce((sum, sale) => sum + sale.amount, 0);
    return test.op === 'at_least' ? figure >= test.number : figure <= test.number;
  },
  score: ({ scenario, at_least, at_most, chosen_only }, { scores }) =>
    scores.some(
      score =>
        score.scenario === scenario &&
        Math.fround(score.probability) >= Math.fround(at_least) &&
        Math.fround(score.probability) <= Math.fround(at_most) &&
        (!chosen_only || score.chosen),
    ),
  member: ({ audience }, { audiences }) => audiences.includes(audience),
  random: ({ share, salt }, { id }) => position(salt, id) < share,
};

function leafHolds(leaf: Leaf, person: Person, now: Milliseconds): boolean {
  // the table has for each kind the function of that kind
  return (LEAVES[leaf.kind] as (leaf: Leaf, person: Person, now: Milliseconds) => boolean)(leaf, person, now);
}

/** Where a hash puts a customer, uniform in [0, 1): the first half of MD5, as ClickHouse's `halfMD5`. */
function position(salt: string, id: string): number {
  return Number(createHash('md5').update(`${salt}:${id}`).digest().readBigUInt64BE()) / 2 ** 64;
}

function matching(
  { event, where }: EventPattern,
  events: Person['events'],
  now: Milliseconds,
  days: number | undefined,
): Person['events'] {
  return events.filter(
    ({ name, at, properties }) =>
      name === event &&
      isIn(at, now, days) &&
      where.every(({ property, test }) => answers(test, jsonValueOf(properties[property]), now)),
  );
}

function isIn(at: Milliseconds, now: Milliseconds, days: number | undefined): boolean {
  return at <= now && (days === undefined || at > now - 1000 * Math.trunc((days * DAY) / 1000));
}

/** A value as a text, a number and a moment; each absent where it is not such a value. */
interface Told {
  text?: string | undefined;
  number?: number | undefined;
  moment?: Milliseconds | undefined;
  known: boolean;
}

function valueOf(value: string | number | null | undefined, kind: 'text' | 'number' | 'moment'): Told {
  if (value === undefined || value === null || value === '') return { known: false };
  if (kind === 'text') return { text: String(value), known: true };
  return kind === 'number'
    ? { number: Number(value), known: true }
    : { moment: Date.parse(String(value)), known: true };
}

function jsonValueOf(value: unknown): Told {
  if (value === undefined || value === null) return { known: false };
  if (typeof value === 'number') return { number: value, known: true };
  if (typeof value === 'boolean') return { text: String(value), known: true };
  if (typeof value !== 'string') return { known: true };
  const moment = Date.parse(value);
  return { text: value, known: true, moment: Number.isNaN(moment) ? undefined : moment };
}

function answers(test: ValueTest, value: Told, now: Milliseconds): boolean {
  switch (test.op) {
    case 'known':
      return value.known;
    case 'unknown':
      return !value.known;
    case 'is':
      return isOneOf(value, [test.value]);
    case 'is_not':
      return value.known && !isOneOf(value, [test.value]);
    case 'one_of':
      return isOneOf(value, test.values);
    case 'contains':
      return value.text?.toLowerCase().includes(test.text.toLowerCase()) ?? false;
    default:
      return compares(test, value, now);
  }
}

type Comparison = Extract<
  ValueTest,
  { op: 'at_least' | 'at_most' | 'between' | 'within_days' | 'before_days' }
>;

function compares(test: Comparison, { number, moment }: Told, now: Milliseconds): boolean {
  switch (test.op) {
    case 'at_least':
      return number !== undefined && number >= test.number;
    case 'at_most':
      return number !== undefined && number <= test.number;
    case 'between':
      return number !== undefined && number >= test.low && number <= test.high;
    case 'within_days':
      return moment !== undefined && moment <= now && moment > now - test.days * DAY;
    case 'before_days':
      return moment !== undefined && moment <= now - test.days * DAY;
  }
}

function isOneOf({ text, number }: Told, wanted: readonly (string | number | boolean)[]): boolean {
  return wanted.some(each => (typeof each === 'number' ? number === each : text === String(each)));
}
