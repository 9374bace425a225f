import type { CustomerFact, CustomerMessage, CustomerOrders, SimilarCustomers } from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { isoText } from './moment.ts';

const FACTS = sqlBeside(import.meta.url, 'facts.sql');
const ORDERS = sqlBeside(import.meta.url, 'orders.sql');
const VALUE = sqlBeside(import.meta.url, 'value.sql');
const MESSAGES = sqlBeside(import.meta.url, 'messages-of.sql');
const SIMILAR = sqlBeside(import.meta.url, 'similar.sql');

/** Every field with all that was said of it: the newest holds, what differs from it is told beside. */
export async function factsOf({ warehouse, records }: Stores, id: string): Promise<CustomerFact[]> {
  type Row = { field: string; value: string; at: string; source: string; import_id: string; alias: string };
  const rows = await warehouse.query<Row>(FACTS, { id });
  const imports = [...new Set(rows.map(row => row.import_id).filter(name => name !== ''))];
  const files =
    imports.length === 0
      ? []
      : await records.selectFrom('imports').select(['id', 'file_name']).where('id', 'in', imports).execute();
  const fileOf = new Map(files.map(row => [row.id, row.file_name]));
  return [...new Set(rows.map(row => row.field))].map(field => {
    const all = rows.filter(row => row.field === field);
    const said = all.map(({ value, at, source, import_id, alias }) => ({
      ...{ value, at: isoText(at), source, alias, file: fileOf.get(import_id) ?? '' },
    }));
    const value = said[0]?.value ?? '';
    return { field, value, said: said.slice(0, 20), differs: said.some(each => each.value !== value) };
  });
}

/** Orders with what was given back of them, and what the customer brought by month, beside customers of the same age. */
export async function ordersOf({ warehouse }: Stores, id: string): Promise<CustomerOrders> {
  const [orders, value] = await Promise.all([
    warehouse.query<CustomerOrders['orders'][number]>(ORDERS, { id }),
    warehouse.query<CustomerOrders['value'][number]>(VALUE, { id }),
  ]);
  return { orders: orders.map(order => ({ ...order, at: isoText(order.at) })), value };
}

/** What a customer was sent and what became of it. */
export async function messagesTo({ warehouse, records }: Stores, id: string): Promise<CustomerMessage[]> {
  type Row = Omit<CustomerMessage, 'journey' | 'became'> & {
    became: [what: string, at: string, reason: string][];
  };
  const [rows, journeys] = await Promise.all([
    warehouse.query<Row>(MESSAGES, { id }),
    records.selectFrom('journeys').select(['id', 'name']).execute(),
  ]);
  const nameOf = new Map(journeys.map(journey => [journey.id, journey.name]));
  return rows.map(row => ({
    ...row,
    at: isoText(row.at),
    journey: nameOf.get(row.journey_id) ?? row.journey_id,
    became: row.became.map(([what, at, reason]) => ({ what, at: isoText(at), reason })),
  }));
}

const NEAREST = 6;
/** Features told of as alike. */
const TOLD = 4;

/**
 * Customers nearest in the features that a scenario last read, each in standard deviations. Who objects to profiling is
 * compared with nobody, and nobody with them.
 */
export async function similarTo(stores: Stores, id: string, scenario: string): Promise<SimilarCustomers> {
  const { warehouse } = stores;
  const excluded = await objectors(stores);
  const [last] = await warehouse.query<{ as_of: string }>(
    'SELECT as_of FROM features WHERE scenario = {scenario:String} AND customer_id = {id:String} ORDER BY as_of DESC LIMIT 1',
    { scenario, id },
  );
  if (last === undefined || excluded.includes(id)) return { scenario, as_of: null, compared: 0, rows: [] };
  const as_of = isoText(last.as_of);
  const rows = await warehouse.query<NearRow>(SIMILAR, {
    ...{ id, scenario, excluded, limit: NEAREST, as_of: clickhouseTime(Date.parse(as_of)) },
  });
  return { scenario, as_of, compared: rows[0]?.compared ?? 0, rows: rows.map(nearOf) };
}

interface NearRow {
  customer_id: string;
  name: string;
  orders: number;
  revenue: number;
  last_order_at: string | null;
  distance: number;
  names: string[];
  mine: (number | null)[];
  theirs: (number | null)[];
  mine_z: number[];
  theirs_z: number[];
  compared: number;
}

/** What two have in common is worth telling where both stand out from the others, to the same side and about as far. */
function nearOf(row: NearRow): SimilarCustomers['rows'][number] {
  const { customer_id, name, orders, revenue, last_order_at, distance, names, mine, theirs } = row;
  const common = names
    .map((feature, f) => {
      const [a, b] = [row.mine_z[f] ?? 0, row.theirs_z[f] ?? 0];
      return { feature, f, alike: Math.min(Math.abs(a), Math.abs(b)) - Math.abs(a - b) };
    })
    .filter(({ f }) => (mine[f] ?? null) !== null && (theirs[f] ?? null) !== null)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, TOLD);
  return {
    ...{ customer_id, name, orders, revenue, distance },
    last_order_at: last_order_at === null ? null : isoText(last_order_at),
    alike: common.map(({ feature, f }) => ({ feature, mine: mine[f] ?? null, theirs: theirs[f] ?? null })),
  };
}
