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
/** Customers whose features are kept in memory: some megabytes. */
const KEPT = 10_000;

/** What is known of one customer as of a moment. */
export interface Known {
  asOf: Milliseconds;
  table: Table;
}

interface Reader {
  stored: Batch<Known>;
  /** What was read or computed since the runs that are named. */
  kept: Map<string, Known>;
  runs: string;
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
  { changed, objecting, runs }: Live,
): Promise<Known> {
  const reader = readerOf(stores, question);
  if (objecting.has(customerId))
    throw new AppError(
      'customer.objects',
      `${customerId} objects to being profiled: nothing is told of them`,
    );
  if (reader.runs !== runs) Object.assign(reader, { runs, kept: new Map<string, Known>() });
  const { kept } = reader;
  const last = changed.get(customerId) ?? -Infinity;
  const known = kept.get(customerId) ?? (await reader.stored.get(customerId));
  const fresh =
    known !== undefined && last <= known.asOf ? known : await computed(stores, question, customerId);
  keep(kept, customerId, fresh);
  return fresh;
}

/** The last so many are kept. */
function keep(kept: Map<string, Known>, customerId: string, known: Known): void {
  kept.delete(customerId);
  kept.set(customerId, known);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

async function computed(stores: Stores, question: ClassifierQuestion, customerId: string): Promise<Known> {
  const asOf = await dataMoment(stores);
  const chosen = { customers: [customerId] };
  for await (const { table } of featuresInBatches(stores.warehouse, question, asOf, { chosen })) {
    if (table.rows > 0) return { asOf, table };
  }
  throw new AppError('customer.unknown', `${question.name} knows nothing of a customer "${customerId}"`);
}

function readerOf(stores: Stores, question: ClassifierQuestion): Reader {
  const all = readers.get(stores.records) ?? new Map<string, Reader>();
  readers.set(stores.records, all);
  const reader = all.get(question.name) ?? {
    stored: new Batch(ids => storedOf(stores, question, ids), MOST),
    kept: new Map<string, Known>(),
    runs: '',
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
