import {
  DAY,
  traitFieldKind,
  type TraitDefinition,
  type TraitMeasure,
  type TraitTest,
} from '@bellwether/contracts';

/** A history in memory: rows as the warehouse has them, in no order. */
export interface History {
  lines: Line[];
  events: Happening[];
  categories: Readonly<Record<string, string>>;
}

export interface Line {
  line_key: string;
  order_id: string;
  customer_id: string;
  product_id: string;
  quantity: number;
  unit_price: number;
  kind: 'sale' | 'return';
  country: string;
  at: number;
  received_at: number;
}

export interface Happening {
  event_id: string;
  user_id: string;
  name: string;
  properties: Readonly<Record<string, unknown>>;
  at: number;
  received_at: number;
}

interface Row {
  key: string;
  at: number;
  field: (name: string) => unknown;
}

/** What a declaration says of one customer as of a moment, word for word: the oracle of the SQL. */
export function evaluatePlainly(
  history: History,
  definition: TraitDefinition,
  customer: string,
  asOf: number,
): number | string | null {
  const { days, where, event, measure, field } = definition;
  const rows = rowsOf(history, definition, customer, asOf)
    .filter(row => event === undefined || row.field('$name') === event)
    .filter(row => days === undefined || row.at > asOf - days * DAY)
    .filter(row => where.every(test => holds(test, row)))
    .sort((a, b) => a.at - b.at || bytes(a.key, b.key));
  const texts = rows.map(row => textOf(row.field(field ?? ''))).filter(text => text !== '');
  const numbers = rows.map(row => numberOf(row.field(field ?? ''))).filter(x => x !== null);
  const isNumber = field !== undefined && traitFieldKind(definition.from, field) === 'number';
  const ends = isNumber ? numbers : texts;
  return MEASURES[measure]({ rows, texts, numbers, ends, asOf });
}

interface Found {
  rows: readonly Row[];
  texts: readonly string[];
  numbers: readonly number[];
  /** Whichever of the two the first and the last are taken from. */
  ends: readonly (string | number)[];
  asOf: number;
}

const added = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0);
const unlessNone = (numbers: readonly number[], of: () => number): number | null =>
  numbers.length === 0 ? null : of();

const MEASURES: Record<TraitMeasure, (found: Found) => number | string | null> = {
  count: ({ rows }) => rows.length,
  sum: ({ numbers }) => added(numbers),
  average: ({ numbers }) => unlessNone(numbers, () => added(numbers) / numbers.length),
  min: ({ numbers }) => unlessNone(numbers, () => Math.min(...numbers)),
  max: ({ numbers }) => unlessNone(numbers, () => Math.max(...numbers)),
  unique: ({ texts }) => new Set(texts).size,
  favourite: ({ texts }) => mostFrequent(texts),
  first: ({ ends }) => ends[0] ?? null,
  last: ({ ends }) => ends.at(-1) ?? null,
  days_since: ({ rows, asOf }) => (rows.length === 0 ? null : (asOf - (rows.at(-1)?.at ?? 0)) / DAY),
};

function rowsOf(history: History, { from }: TraitDefinition, customer: string, asOf: number): Row[] {
  const known = (row: { at: number; received_at: number }): boolean =>
    row.at <= asOf && row.received_at <= asOf;
  if (from === 'events')
    return history.events
      .filter(event => event.user_id === customer && known(event))
      .map(({ event_id, at, name, properties }) => ({
        ...{ key: event_id, at },
        field: wanted =>
          ({ $name: name, $weekday: weekday(at), $hour: hour(at) })[wanted] ??
          (Object.hasOwn(properties, wanted) ? properties[wanted] : undefined),
      }));
  const kind = from === 'returns' ? 'return' : 'sale';
  const lines = history.lines.filter(
    line => line.customer_id === customer && line.kind === kind && known(line),
  );
  return from === 'orders' ? ordersOf(lines) : lines.map(line => rowOfLine(line, history.categories));
}

function rowOfLine(line: Line, categories: History['categories']): Row {
  const fields: Readonly<Record<string, unknown>> = {
    ...{ amount: Math.abs(line.quantity * line.unit_price), quantity: Math.abs(line.quantity) },
    ...{ price: line.unit_price, product: line.product_id, country: line.country },
    category: categories[line.product_id] ?? '',
  };
  return { key: line.line_key, at: line.at, field: name => fields[name] };
}

function ordersOf(lines: readonly Line[]): Row[] {
  return [...new Set(lines.map(line => line.order_id))].map(key => {
    const own = lines.filter(line => line.order_id === key).sort((a, b) => bytes(a.line_key, b.line_key));
    const at = Math.min(...own.map(line => line.at));
    const fields: Readonly<Record<string, unknown>> = {
      amount: own.reduce((sum, line) => sum + line.quantity * line.unit_price, 0),
      quantity: own.reduce((sum, line) => sum + line.quantity, 0),
      ...{ lines: own.length, country: own[0].country, weekday: weekday(at), hour: hour(at) },
    };
    return { key, at, field: name => fields[name] };
  });
}

function holds(test: TraitTest, row: Row): boolean {
  const value = row.field(test.field);
  const [text, number] = [textOf(value), numberOf(value)];
  switch (test.op) {
    case 'is':
      return text !== '' && text === test.text;
    case 'is_not':
      return text !== '' && text !== test.text;
    case 'contains':
      return text.toLowerCase().includes(test.text.toLowerCase());
    case 'at_least':
      return number !== null && number >= test.number;
    case 'at_most':
      return number !== null && number <= test.number;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function numberOf(value: unknown): number | null {
  const text = textOf(value);
  return /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : null;
}

function mostFrequent(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [best] = [...counts].sort(([a, n], [b, m]) => m - n || bytes(a, b));
  return best?.[0] ?? null;
}

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const weekday = (at: number): string => String(((new Date(at).getUTCDay() + 6) % 7) + 1);
const hour = (at: number): string => String(new Date(at).getUTCHours());
