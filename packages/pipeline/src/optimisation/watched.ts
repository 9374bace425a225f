import type { Warehouse } from '@bellwether/warehouse';

/** What a step read and wrote, seen at the door of the warehouse. */
export interface Watched {
  warehouse: Warehouse;
  /** By table: rows that those which were read hold; outputs of the step are not among them. */
  read(): Promise<Record<string, number>>;
  /** By table: rows that were put in. */
  wrote(): Record<string, number>;
}

/**
 * The same warehouse, with a note of the tables that queries name and of the rows that are inserted. Rows that a statement
 * inserts from a query of its own are not counted.
 *
 * @example
 * const { warehouse, read, wrote } = watched(stores.warehouse);
 * await scenario.apply({ ...stores, warehouse });
 * wrote(); // { scores: 3154, features: 3154, score_runs: 1 }
 */
export function watched(warehouse: Warehouse): Watched {
  const named = new Set<string>();
  const wrote = new Map<string, number>();
  const note = (call: string, [first, rows]: readonly unknown[]): void => {
    if (typeof first !== 'string') return;
    if (call === 'insert') wrote.set(first, (wrote.get(first) ?? 0) + rowsIn(rows));
    else tablesIn(first).forEach(table => named.add(table));
  };
  return {
    warehouse: noting(warehouse, note),
    read: () =>
      heldBy(
        warehouse,
        [...named].filter(table => !wrote.has(table)),
      ),
    wrote: () => Object.fromEntries(wrote),
  };
}

function noting(warehouse: Warehouse, note: (call: string, given: readonly unknown[]) => void): Warehouse {
  return new Proxy(warehouse, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        note(String(name), given);
        return Reflect.apply(member, target, given);
      };
    },
  });
}

function rowsIn(rows: unknown): number {
  if (Array.isArray(rows)) return rows.length;
  return typeof rows === 'string' ? rows.split('\n').filter(line => line !== '').length : 0;
}

/** Names after FROM and JOIN; whatever is not a table is left out when they are counted. */
export function tablesIn(sql: string): string[] {
  const bare = sql.replaceAll(/--.*$/gm, '').replaceAll(/'(?:[^'\\]|\\.)*'/g, "''");
  return [...bare.matchAll(/\b(?:FROM|JOIN)\s+([A-Za-z_]\w*)/gi)].map(found => found[1]);
}

/** What a step keeps for itself is no input. */
const OWN = new Set(['score_runs', 'current_runs', 'current_scores', 'chosen_customers', 'preparation_runs']);

async function heldBy(warehouse: Warehouse, names: readonly string[]): Promise<Record<string, number>> {
  const tables = await warehouse.query<{ name: string; rows: number | null }>(
    `SELECT name, total_rows AS rows FROM system.tables
     WHERE database = currentDatabase() AND name IN {names:Array(String)} ORDER BY name`,
    { names: names.filter(name => !OWN.has(name)) },
  );
  const counts = tables.map(
    async ({ name, rows }) => [name, rows ?? (await rowsOf(warehouse, name))] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}

/** A view knows no count. */
async function rowsOf(warehouse: Warehouse, view: string): Promise<number> {
  return (await warehouse.one<{ n: number }>('SELECT count() AS n FROM {view:Identifier}', { view })).n;
}
