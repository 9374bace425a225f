import type { Stores } from '../stores.ts';

/** What tests tell: rows of the raw tables with only what matters to the story; the rest is empty. */
export interface ToldLine {
  line_key: string;
  order_id: string;
  product_id: string;
  quantity: number;
  unit_price: number;
  at: string;
  customer_id?: string;
  anonymous_id?: string;
  currency?: string;
  country?: string;
  email?: string;
  phone?: string;
  received_at?: string;
  line?: number;
}

export interface ToldFact {
  customer_id: string;
  at: string;
  [field: string]: unknown;
}

export interface ToldEvent {
  type: string;
  at: string;
  user_id?: string;
  anonymous_id?: string;
  previous_id?: string;
  received_at?: string;
  properties?: string;
}

export interface Told {
  lines?: readonly ToldLine[];
  facts?: readonly ToldFact[];
  events?: readonly ToldEvent[];
}

/** Where the clock stands in these tests. */
export const NOW = Date.UTC(2026, 0, 31);

let told = 0;

/** Puts rows into the raw tables, as collection does. */
export async function tell(
  { warehouse }: Stores,
  { lines = [], facts = [], events = [] }: Told,
): Promise<void> {
  const token = (): { token: string } => ({ token: `told:${++told}` });
  const arrived = <Row extends { at: string }>(row: Row): Row => ({
    received_at: row.at,
    source: 'told',
    ...row,
  });
  await warehouse.insert('order_lines', lines.map(arrived), token());
  await warehouse.insert('customer_facts', facts.map(arrived), token());
  const numbered = events.map((event, n) => ({
    event_id: `e${told}-${n}`,
    name: event.type,
    ...arrived(event),
  }));
  await warehouse.insert('events', numbered, token());
}

/** Empties what `tell` filled and what was decided since, so that the next story starts from nothing. */
export async function forget({ warehouse, records }: Stores): Promise<void> {
  for (const table of ['order_lines', 'customer_facts', 'events', 'preparation_runs'])
    await warehouse.command(`TRUNCATE TABLE ${table}`);
  await records.deleteFrom('identity_merges').execute();
}
