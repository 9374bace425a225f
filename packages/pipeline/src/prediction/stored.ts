import { AppError, type Milliseconds } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import { sqlBeside } from '@bellwether/warehouse';
import { dataMoment, featuresInBatches, type ClassifierQuestion } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { Batch } from './batch.ts';
import type { Live } from './live.ts';

const NEWEST = sqlBeside(import.meta.url, 'newest.sql');
/** Customers asked for in one question. */
const MOST = 200;
/** Customers whose features were computed again are kept, the last so many. */
const KEPT = 10_000;

/** What is known of one customer as of a moment. */
export interface Known {
  asOf: Milliseconds;
  table: Table;
}

interface Reader {
  stored: Batch<Known>;
  computed: Map<string, Known>;
}

const readers = new WeakMap<object, Map<string, Reader>>();

/**
 * The newest features of a stored customer: as the last run kept them, or computed for this one where something newer is
 * known, or where no run has told of them yet.
 *
 * @throws AppError `customer.unknown` of whom nothing is known, `customer.objects` who may not be profiled
 */
export async function knownOf(
  stores: Stores,
  question: ClassifierQuestion,
  customerId: string,
  { changed, objecting }: Live,
): Promise<Known> {
  const reader = readerOf(stores, question);
  if (objecting.has(customerId))
    throw new AppError(
      'customer.objects',
      `${customerId} objects to being profiled: nothing is told of them`,
    );
  const newest = newer(await reader.stored.get(customerId), reader.computed.get(customerId));
  const last = changed.get(customerId) ?? -Infinity;
  if (newest !== undefined && last <= newest.asOf) return newest;
  return computed(stores, question, customerId, reader);
}

function newer(a: Known | undefined, b: Known | undefined): Known | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.asOf >= a.asOf ? b : a;
}

async function computed(
  stores: Stores,
  question: ClassifierQuestion,
  customerId: string,
  { computed }: Reader,
): Promise<Known> {
  const asOf = await dataMoment(stores);
  const chosen = { customers: [customerId] };
  for await (const { table } of featuresInBatches(stores.warehouse, question, asOf, { chosen })) {
    if (table.rows === 0) break;
    const [oldest] = computed.keys();
    if (computed.size >= KEPT && oldest !== undefined) computed.delete(oldest);
    computed.delete(customerId);
    const known = { asOf, table };
    computed.set(customerId, known);
    return known;
  }
  throw new AppError('customer.unknown', `${question.name} knows nothing of a customer "${customerId}"`);
}

function readerOf(stores: Stores, question: ClassifierQuestion): Reader {
  const all = readers.get(stores.records) ?? new Map<string, Reader>();
  readers.set(stores.records, all);
  const reader = all.get(question.name) ?? {
    stored: new Batch(ids => storedOf(stores, question, ids), MOST),
    computed: new Map<string, Known>(),
  };
  all.set(question.name, reader);
  return reader;
}

interface Row {
  customer_id: string;
  moment: Milliseconds;
  names: string[];
  values: (number | null)[];
}

async function storedOf(
  { warehouse }: Stores,
  { name, features }: ClassifierQuestion,
  customers: readonly string[],
): Promise<Map<string, Known>> {
  const rows = await warehouse.query<Row>(NEWEST, { scenario: name, customers });
  // features that were declared since are not in what was kept
  const whole = rows.filter(({ names }) => features.every(feature => names.includes(feature.name)));
  return new Map(whole.map(row => [row.customer_id, knownFrom(row)]));
}

function knownFrom({ moment, names, values }: Row): Known {
  const columns = values.map(value => Float32Array.of(value ?? NaN));
  return { asOf: moment, table: { names, rows: 1, columns } };
}
