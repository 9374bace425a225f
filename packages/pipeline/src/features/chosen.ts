import type { Params, Warehouse } from '@bellwether/warehouse';

/** Whose features are asked for: of a list kept in `chosen_customers`, or named here. */
export type Chosen = { choice: string } | { customers: readonly string[] };

/** A query with, where customers are chosen, `chosen` as a table expression of their `customer_id`. */
export interface ChosenSql {
  /** What stands before the query's SELECT. */
  head: string;
  /** A condition on `customer_id`. */
  condition: string;
  params: Params;
}

/**
 * How a feature query is narrowed. `features.sql` may say, where it reads rows by customer,
 * `({everybody:Bool} OR customer_id IN (SELECT customer_id FROM chosen))`: then the cost follows who was chosen. A query that does
 * not say so is computed for everybody, and narrowed afterwards.
 */
export function chosenSql(chosen: Chosen | undefined): ChosenSql {
  if (chosen === undefined) return sqlOf("SELECT '' AS customer_id WHERE false", true, {});
  if ('choice' in chosen)
    return sqlOf('SELECT customer_id FROM chosen_customers WHERE choice = {choice:String}', false, chosen);
  return sqlOf('SELECT arrayJoin({customers:Array(String)}) AS customer_id', false, chosen);
}

function sqlOf(rows: string, everybody: boolean, params: Params): ChosenSql {
  return {
    head: `WITH chosen AS (${rows})\n`,
    condition: everybody ? '' : ' AND customer_id IN (SELECT customer_id FROM chosen)',
    params: { ...params, everybody },
  };
}

/** Gives up a list of chosen customers. */
export async function dropChoice(warehouse: Warehouse, choice: string): Promise<void> {
  await warehouse.command('ALTER TABLE chosen_customers DROP PARTITION {choice:String}', { choice });
}
