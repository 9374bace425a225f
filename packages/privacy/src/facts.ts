import { sqlBeside, type Warehouse } from '@bellwether/warehouse';

const FACTS = sqlBeside(import.meta.url, 'facts.sql');

/** What imports and events say of a customer. `email_consent` is 1, 0, or null where nothing was said. */
export interface ImportedFacts {
  id: string;
  /** Every id under which the person is or was known: what was said under one holds for all. */
  ids: string[];
  email: string;
  phone: string;
  email_consent: 0 | 1 | null;
  orders: number;
}

export async function imported(warehouse: Warehouse, ids: readonly string[]): Promise<ImportedFacts[]> {
  return ids.length === 0 ? [] : warehouse.query<ImportedFacts>(FACTS, { ids });
}
