import {
  AppError,
  type Customer,
  type CustomerQuery,
  type CustomerRow,
  type CustomerStage,
  type TimelineEntry,
} from '@bellwether/contracts';
import { customerScores, merges } from '@bellwether/pipeline';
import { consentsOf, isSuppressed, profilingOf } from '@bellwether/privacy';
import { scenarios } from '@bellwether/scenarios';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '@bellwether/pipeline';
import { isoText } from './moment.ts';

const CUSTOMERS = sqlBeside(import.meta.url, 'customers.sql');
const CUSTOMER = sqlBeside(import.meta.url, 'customer.sql');
const TIMELINE = sqlBeside(import.meta.url, 'timeline.sql');

interface Page<Row> {
  rows: Row[];
  total: number;
}

/** The scenario whose probability stands in lists: the first. */
const LISTED = scenarios[0]?.name ?? '';

export async function listCustomers({ warehouse }: Stores, query: CustomerQuery): Promise<Page<CustomerRow>> {
  const params = {
    scenario: LISTED,
    search: query.search ?? '',
    audience: query.audience ?? '',
    segment: query.segment ?? '',
  };
  // both words come from the closed lists of CustomerQuery
  const ordered = `${CUSTOMERS} ORDER BY ${query.sort} ${query.order} NULLS LAST, customer_id`;
  const [rows, { total }] = await Promise.all([
    warehouse.query<CustomerRow>(`${ordered} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`, {
      ...params,
      limit: query.limit,
      offset: query.offset,
    }),
    warehouse.one<{ total: number }>(`SELECT count() AS total FROM (${CUSTOMERS})`, params),
  ]);
  return { rows, total };
}

type KnownRow = Omit<
  Customer,
  | 'probability'
  | 'currency'
  | 'scores'
  | 'consents'
  | 'suppressed'
  | 'traits'
  | 'profiling'
  | 'merges'
  | 'stage'
> & {
  traits: string;
};

/** @throws AppError `customer.unknown` */
export async function getCustomer(
  { warehouse, records }: Stores,
  id: string,
  currency: string,
): Promise<Customer> {
  const [row] = await warehouse.query<KnownRow>(CUSTOMER, { id });
  if (row === undefined) throw new AppError('customer.unknown', `there is no customer ${id}`);
  const ids = new Set([id, ...row.aliases]);
  const [scores, consents, profiling, made, stage, suppressed] = await Promise.all([
    customerScores(warehouse, id),
    consentsOf(records, id, warehouse),
    profilingOf(records, [...ids]),
    merges(records),
    stageOf(warehouse, id),
    row.email === '' ? false : isSuppressed(records, 'email', row.email),
  ]);
  return {
    ...row,
    traits: objectOf(row.traits),
    probability: scores.find(score => score.scenario === LISTED)?.probability ?? null,
    merges: made.filter(({ winner, loser }) => ids.has(winner) || ids.has(loser)),
    ...{ currency, scores, consents, suppressed, profiling, stage },
  };
}

async function stageOf(warehouse: Warehouse, id: string): Promise<CustomerStage | null> {
  const [row] = await warehouse.query<CustomerStage>(
    `SELECT stage, as_of, alive, orders_90, orders_90_low, orders_90_high
    FROM current_lifecycle WHERE customer_id = {id:String} LIMIT 1`,
    { id },
  );
  return row === undefined ? null : { ...row, as_of: isoText(row.as_of) };
}

export async function timelineOf(
  { warehouse }: Stores,
  id: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<Page<TimelineEntry>> {
  const [rows, { total }] = await Promise.all([
    warehouse.query<Omit<TimelineEntry, 'detail'> & { detail: string }>(
      `${TIMELINE} ORDER BY at DESC, kind, name LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      { id, offset, limit },
    ),
    warehouse.one<{ total: number }>(`SELECT count() AS total FROM (${TIMELINE})`, { id }),
  ]);
  return { rows: rows.map(row => ({ ...row, detail: objectOf(row.detail) })), total };
}

/** Traits and properties are text of what others sent: an object, or nothing of use. */
function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    // JSON has no other objects than these two kinds
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // an empty text is no object
  }
  return {};
}
