import type { ErasureSubject, Records } from '@bellwether/records';
import { sql } from '@bellwether/records';
import type { Params, Warehouse } from '@bellwether/warehouse';

/** A table that holds something of persons, with the condition that finds one. */
export interface Place {
  table: string;
  /** SQL over a row; `params` are its parameters. */
  condition: string;
}

/** Parameters of every condition on the warehouse: `anonymous` are visitor ids without `anon:` in front. */
export function paramsOf({ ids, emails, phones }: ErasureSubject): Params {
  const anonymous = ids.filter(id => id.startsWith('anon:')).map(id => id.slice('anon:'.length));
  return { ids, anonymous, emails, phones, needles: [...ids, ...emails, ...phones].map(asNeedle) };
}

const IN = 'IN {ids:Array(String)}';

/** Tables whose rows say whose they are in a way of their own. A visitor's id on the row of somebody known is theirs. */
const OWN_WAY: Readonly<Record<string, string>> = {
  events: `user_id ${IN} OR previous_id ${IN} OR (user_id = '' AND anonymous_id IN {anonymous:Array(String)})`,
  order_lines: `customer_id ${IN} OR (customer_id = '' AND anonymous_id IN {anonymous:Array(String)})
    OR (customer_id = '' AND anonymous_id = '' AND (trim(email) IN {emails:Array(String)} OR trim(phone) IN {phones:Array(String)}))`,
  quarantine: 'multiMatchAny(concat(raw, detail), {needles:Array(String)})',
};

/** Columns that hold a person's id, wherever they are. */
const ID_COLUMNS = ['customer_id', 'subject', 'user_id', 'alias'];

/**
 * Every table of the warehouse that may hold something of a person, found by its columns, so that a table added later is
 * not forgotten.
 */
export async function warehousePlaces(warehouse: Warehouse): Promise<Place[]> {
  const rows = await warehouse.query<{ table: string; columns: string[] }>(
    `SELECT table, groupArray(name) AS columns FROM system.columns
    WHERE database = currentDatabase() AND table IN
      (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')
    GROUP BY table ORDER BY table`,
  );
  return rows.flatMap(({ table, columns }) => {
    const own = OWN_WAY[table];
    if (own !== undefined) return [{ table, condition: own }];
    // the subject of a decision is a journey's
    const named = ID_COLUMNS.filter(
      column => columns.includes(column) && !(column === 'subject' && columns.includes('customer_id')),
    );
    if (named.length === 0) return [];
    return [{ table, condition: named.map(column => `${column} ${IN}`).join(' OR ') }];
  });
}

/** A word by itself within a raw line: `17` does not find 1701. */
function asNeedle(text: string): string {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return String.raw`(^|[^0-9A-Za-z_@.])${escaped}([^0-9A-Za-z_@.]|$)`;
}

/** Tables of the records whose rows are found in a way of their own. */
const RECORDS_OWN_WAY: Readonly<Record<string, (whom: ErasureSubject) => ReturnType<typeof sql<boolean>>>> = {
  warehouse_feed: ({ ids }) => sql<boolean>`content ->> 'customer_id' = ANY(${ids}::text[])`,
  identity_merges: ({ ids }) => sql<boolean>`winner = ANY(${ids}::text[]) OR loser = ANY(${ids}::text[])`,
  duplicate_pairs: ({ ids }) => sql<boolean>`left_id = ANY(${ids}::text[]) OR right_id = ANY(${ids}::text[])`,
  sink_mails: ({ emails }) =>
    sql<boolean>`EXISTS (SELECT FROM unnest(${emails}::text[]) AS address WHERE strpos(lower(mail_to), lower(address)) > 0)`,
  suppressions: ({ emails, phones }) => sql<boolean>`address = ANY(${[...emails, ...phones]}::text[])`,
};

export interface RecordsPlace {
  table: string;
  condition: ReturnType<typeof sql<boolean>>;
}

/** Every table of the records that may hold something of a person. */
export async function recordsPlaces(records: Records, whom: ErasureSubject): Promise<RecordsPlace[]> {
  const { rows } = await sql<{ table_name: string }>`
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'customer_id' ORDER BY table_name`.execute(
    records,
  );
  const named = rows.map(row => row.table_name).filter(table => RECORDS_OWN_WAY[table] === undefined);
  return [
    ...Object.entries(RECORDS_OWN_WAY).map(([table, condition]) => ({ table, condition: condition(whom) })),
    ...named.map(table => ({ table, condition: sql<boolean>`customer_id = ANY(${whom.ids}::text[])` })),
  ];
}
