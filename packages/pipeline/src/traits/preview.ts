import type { TraitDefinition, TraitPreview } from '@bellwether/contracts';
import { dataMoment } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { compileTraits } from './compile.ts';
import { evaluateTraits } from './read.ts';
import { shopZone } from './zone.ts';

const LOOKED_AT = 200;
const SHOWN = 10;

/** What a declaration gives for the customers who bought last, without keeping it: a look before it is saved. */
export async function previewTrait(stores: Stores, definition: TraitDefinition): Promise<TraitPreview> {
  const { warehouse } = stores;
  const [asOf, zone, people] = await Promise.all([
    dataMoment(stores),
    shopZone(warehouse),
    warehouse.query<{ customer_id: string; name: string }>(
      'SELECT customer_id, name FROM customers ORDER BY last_order_at DESC NULLS LAST, customer_id LIMIT {n:UInt32}',
      { n: LOOKED_AT },
    ),
  ]);
  const definitions = { preview: definition };
  const customers = people.map(person => person.customer_id);
  const values = await evaluateTraits(warehouse, definitions, { asOf, zone, customers });
  const rows = people.map(person => ({
    ...person,
    value: values.get(person.customer_id)?.['preview'] ?? (isCount(definition) ? 0 : null),
  }));
  const having = rows.filter(({ value }) => value !== null && value !== 0);
  return {
    as_of: new Date(asOf).toISOString(),
    customers: having.length,
    looked_at: rows.length,
    sql: compileTraits(definitions, { asOf, zone }).sql,
    // those who have a value say more
    rows: [...having, ...rows.filter(row => !having.includes(row))].slice(0, SHOWN),
  };
}

function isCount({ measure }: TraitDefinition): boolean {
  return ['count', 'sum', 'unique'].includes(measure);
}
